import { beforeEach, describe, expect, test } from "vitest";
import { insertNode } from "../../renderer/commands/insert.ts";
import { librarySearch, libraryType, useLibrary } from "../../renderer/editor/library.ts";
import { search } from "../../renderer/editor/search.ts";
import { useDocument } from "../../renderer/stores/document.ts";
import { useInterface } from "../../renderer/stores/interface.ts";
import { registry } from "../../src/layers/registry.ts";
import { libraryIds, openLibraryBlock } from "../support/library.ts";
import { classifier, doc, env, node, wire } from "./documents.ts";

/** Taking blocks of the library, without a screen. */

const now = () => useDocument.getState();
const take = (id: string) => insertNode(libraryType(id));
const pictures = () =>
  doc(
    [node("data", "dataset", { name: "pictures" }, [0, 0]), node("conv1", "conv2d", { filters: 64, kernel: 3 }, [300, 0])],
    [wire("data.x", "conv1.x")],
  );

beforeEach(() => {
  useLibrary.setState({ blocks: libraryIds.map((id) => openLibraryBlock(id).block) });
  now().setEnv(env);
  now().open(pictures());
  useInterface.setState({ toasts: [] });
});

describe("a block of the library", () => {
  test("comes as one node, wired to the selection, with its definition, and checks", () => {
    now().select(["conv1"]);
    expect(take("basic")).toBe("basic1");
    expect(now().document.nodes.at(-1)).toMatchObject({ type: "block:basic", params: { channels: 64 } });
    expect(now().document.edges).toContainEqual(wire("conv1.y", "basic1.x"));
    expect(Object.keys(now().document.blocks ?? {})).toEqual(["basic"]);
    now().settle();
    expect(now().checked.view("").get("basic1")?.outputs.y?.shape).toEqual(["batch", 8, 8, 64]);
  });

  test("is one step of undo, and one of redo", () => {
    take("hourglass");
    expect(now().undoLabel).toBe("Add Hourglass");
    expect(Object.keys(now().document.blocks ?? {})).toHaveLength(5);
    now().undo();
    expect(now().document).toEqual(pictures());
    now().redo();
    expect(Object.keys(now().document.blocks ?? {})).toHaveLength(5);
  });

  test("taken twice shares one definition", () => {
    take("bottleneck");
    take("bottleneck");
    expect(now().document.nodes.map((one) => one.id)).toEqual(["data", "conv1", "bottleneck1", "bottleneck2"]);
    expect(Object.keys(now().document.blocks ?? {})).toEqual(["bottleneck"]);
  });

  test("takes another name beside a block of one's own", () => {
    const own = { inputs: [], outputs: [], nodes: [], edges: [] };
    now().open({ ...classifier(), blocks: { highway: own } });
    const id = take("highway");
    expect(now().document.blocks?.highway).toBe(own);
    expect(now().document.nodes.find((one) => one.id === id)?.type).toBe("block:highway2");
  });

  test("cannot be put into itself, and says so", () => {
    take("hourglass");
    now().enter("hourglass-1");
    const before = now().document;
    expect(take("hourglass")).toBeUndefined();
    expect(now().document).toBe(before);
    expect(useInterface.getState().toasts.at(-1)?.text).toContain("cannot contain itself");
  });

  test("stands behind layers that a word means as well", () => {
    const layers = [...registry.values()].map((layer) => ({ title: layer.title, words: [layer.type, ...(layer.aliases ?? [])] }));
    const all = [...useLibrary.getState().blocks.map(librarySearch), ...layers];
    expect(search("dense", all)[0]?.title).toBe("Linear");
    expect(search("conv", all)[0]?.title).toMatch(/^Convolution \dD/);
    expect(search("bottleneck", all)[0]?.title).toBe("Bottleneck block");
    expect(search("densenet", all)[0]?.title).toMatch(/^DenseNet|^Concatenate/);
  });

  test("may be put into another block", () => {
    take("hourglass");
    now().enter("bottleneck");
    expect(take("highway")).toBe("highway1");
    expect(now().document.blocks?.bottleneck?.nodes.at(-1)?.type).toBe("block:highway");
  });
});
