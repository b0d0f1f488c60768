import { beforeEach, describe, expect, test } from "vitest";
import { useCanvas } from "../../renderer/canvas/store.ts";
import { groupSelection, leaveBlock, openBlock, unpackSelection } from "../../renderer/commands/blocks.ts";
import { canvasCommands } from "../../renderer/commands/canvas.ts";
import { editCommands } from "../../renderer/commands/edit.ts";
import { fitsSelection, insertNode } from "../../renderer/commands/insert.ts";
import { deleteSelection, duplicateSelection, pasteText, selectAll } from "../../renderer/commands/selection.ts";
import { copyNodes, writeClip } from "../../renderer/editor/clipboard.ts";
import { applyMend } from "../../renderer/editor/mend.ts";
import { useDocument } from "../../renderer/stores/document.ts";
import { useInterface } from "../../renderer/stores/interface.ts";
import { blockOf } from "../../src/document/blocks.ts";
import { classifier, doc, env, node, totals, wire } from "./documents.ts";

/** The editor without a screen: what commands do to the document, the selection and the history. */

const now = () => useDocument.getState();
const press = (id: string) => [...canvasCommands, ...editCommands].find((command) => command.id === id)?.run();
const ids = () => now().document.nodes.map((one) => one.id);

beforeEach(() => {
  now().setEnv(env);
  now().open(classifier());
  useInterface.setState({ toasts: [] });
});

describe("deleting", () => {
  test("takes a node's wires with it and undo brings all back", () => {
    now().select(["relu1"]);
    deleteSelection();
    expect(now().document.edges.some((edge) => edge.from.startsWith("relu1") || edge.to.startsWith("relu1"))).toBe(false);
    expect(now().undoLabel).toBe("Delete ReLU");
    now().undo();
    expect(now().document).toEqual(classifier());
  });

  test("takes a single wire", () => {
    now().select([], ["conv1.y->relu1.x"]);
    deleteSelection();
    expect(now().document.nodes).toHaveLength(6);
    expect(now().document.edges).toHaveLength(5);
    expect(now().undoLabel).toBe("Delete 1 wire");
  });

  test("everything selected and deleted leaves an empty document that undo fills again", () => {
    selectAll();
    deleteSelection();
    expect(now().document.nodes).toEqual([]);
    now().undo();
    expect(now().checked.ok).toBe(true);
  });
});

describe("copying", () => {
  test("a duplicate stands beside, is selected, and is one step of undo", () => {
    now().select(["conv1", "relu1"]);
    duplicateSelection();
    expect(now().selection.nodes).toEqual(["conv2", "relu2"]);
    expect(now().undoLabel).toBe("Duplicate 2 nodes");
    now().undo();
    expect(ids()).toHaveLength(6);
  });

  test("pasting twice does not put one copy on the other", () => {
    const text = writeClip(copyNodes(classifier(), "", ["conv1"]));
    pasteText(text);
    pasteText(text);
    const places = now()
      .document.nodes.filter((one) => one.type === "conv1d")
      .map((one) => String(one.at));
    expect(new Set(places).size).toBe(3);
  });

  test("pasting something else says so and changes nothing", () => {
    const before = now().document;
    expect(pasteText("https://example.org")).toBe(false);
    expect(now().document).toBe(before);
    expect(useInterface.getState().toasts.at(-1)?.text).toContain("no Netloom nodes");
  });
});

describe("blocks", () => {
  test("grouping keeps every total, unpacking too", () => {
    const before = totals(classifier());
    now().select(["conv1", "relu1"]);
    groupSelection();
    expect(now().document.nodes.some((one) => blockOf(one) === "block")).toBe(true);
    expect(now().checked.ok).toBe(true);
    expect(now().checked.totals).toEqual(before);
    unpackSelection();
    expect(now().checked.totals).toEqual(before);
    expect(now().document.edges).toHaveLength(6);
  });

  test("a block is opened, edited in place and left; its instance is selected then", () => {
    now().select(["conv1", "relu1"]);
    groupSelection();
    openBlock("block");
    expect(now().trail).toEqual(["block"]);
    now().select(["conv1"]);
    deleteSelection();
    expect(now().document.blocks?.block?.nodes.map((one) => one.id)).toEqual(["relu1"]);
    leaveBlock();
    expect(now().trail).toEqual([]);
    expect(now().selection.nodes).toHaveLength(1);
  });

  test("a port deleted inside a block is gone at its instances", () => {
    now().select(["conv1", "relu1"]);
    groupSelection();
    const [instance = ""] = now().selection.nodes;
    openBlock("block");
    now().select(["in.x"]);
    deleteSelection();
    expect(now().document.blocks?.block?.inputs).toEqual([]);
    expect(now().document.edges.some((edge) => edge.to === `${instance}.x`)).toBe(false);
  });
});

describe("adding", () => {
  test("of layers with like names, that which can take what the selection gives is known", () => {
    now().open(doc([node("data", "dataset", { name: "pictures" })], []));
    now().select(["data"]);
    expect(["conv1d", "conv2d"].map(fitsSelection)).toEqual([false, true]);
    now().select([]);
    expect(fitsSelection("conv2d")).toBe(false);
  });

  test("a rectifier makes the linear layer before it a hidden one, wider than its ten units by default; a width that was chosen stays", () => {
    now().open(doc([node("linear1", "dense"), node("linear2", "dense", { units: 10 })], []));
    const widths = () =>
      now()
        .document.nodes.slice(0, 2)
        .map((one) => one.params?.units);
    now().select(["linear1"]);
    insertNode("relu");
    now().select(["linear2"]);
    insertNode("relu");
    expect(widths()).toEqual([64, 10]);
    now().undo();
    now().undo();
    now().select(["linear1"]);
    insertNode("softmax");
    expect(widths()).toEqual([undefined, 10]);
  });

  test("a layer stands to the right of the selection and is wired to it", () => {
    now().select(["fc"]);
    const added = insertNode("relu");
    const made = now().document.nodes.find((one) => one.id === added);
    expect(now().document.edges).toContainEqual(wire("fc.y", `${added}.x`));
    expect(made?.at?.[0]).toBeGreaterThan(1200);
    expect(now().selection.nodes).toEqual([added]);
    expect(now().undoLabel).toBe("Add ReLU");
  });

  test("a layer that cannot take the selection is added without a wire", () => {
    now().select(["fc"]);
    const edges = now().document.edges.length;
    insertNode("conv2d");
    expect(now().document.edges).toHaveLength(edges);
  });

  test("names count up by kind", () => {
    now().open(doc([], []));
    expect([insertNode("conv2d"), insertNode("conv2d"), insertNode("dataset")]).toEqual(["conv1", "conv2", "dataset"]);
  });

  test("nodes added one after the other do not cover each other", () => {
    now().open(doc([], []));
    for (let i = 0; i < 6; i++) {
      now().select([]);
      insertNode("dense");
    }
    const places = now().document.nodes.map((one) => String(one.at));
    expect(new Set(places).size).toBe(6);
  });
});

describe("mends", () => {
  test("an unconnected label is connected by the remedy on its node", () => {
    const broken = { ...classifier(), edges: classifier().edges.filter((edge) => edge.to !== "loss.label") };
    now().open(broken);
    const problem = now().checked.problems.find((one) => one.place.node === "loss" && one.mend);
    expect(problem?.mend?.label).toContain("data.label");
    if (problem?.mend) now().edit(problem.mend.label, (document) => applyMend(document, problem.mend ?? { label: "", edits: [] }));
    expect(now().checked.ok).toBe(true);
    now().undo();
    expect(now().checked.ok).toBe(false);
  });

  test("a node that a remedy inserts stands between its neighbours, and they make room", () => {
    const tight = doc(
      [node("a", "dense", undefined, [0, 0]), node("b", "dense", undefined, [240, 0]), node("c", "dense", undefined, [480, 0])],
      [wire("a.y", "b.x"), wire("b.y", "c.x")],
    );
    const after = applyMend(tight, {
      label: "Insert",
      edits: [{ kind: "insert", graph: "", edges: [wire("a.y", "b.x")], node: { id: "relu1", type: "relu" }, input: "x", output: "y" }],
    });
    const x = (id: string) => after.nodes.find((one) => one.id === id)?.at?.[0] ?? Number.NaN;
    expect(x("relu1")).toBeGreaterThanOrEqual(x("a") + 200);
    expect(x("b")).toBeGreaterThanOrEqual(x("relu1") + 200);
    expect(x("c")).toBeGreaterThan(x("b"));
  });
});

describe("by keyboard", () => {
  test("arrows walk along the wires and back", () => {
    press("canvas.right");
    expect(now().selection.nodes).toEqual(["data"]);
    press("canvas.right");
    expect(now().selection.nodes).toEqual(["conv1"]);
    press("canvas.right");
    press("canvas.left");
    expect(now().selection.nodes).toEqual(["conv1"]);
  });

  test("steps of the grid in a row are one step of undo", () => {
    now().select(["conv1"]);
    for (let i = 0; i < 3; i++) press("canvas.move-right");
    press("canvas.move-down");
    expect(now().document.nodes.find((one) => one.id === "conv1")?.at).toEqual([330, 10]);
    now().undo();
    expect(now().document.nodes.find((one) => one.id === "conv1")?.at).toEqual([300, 0]);
  });

  test("a wire is begun, led to a port and ended", () => {
    now().open(
      doc(
        [
          node("data", "dataset", { name: "signals" }, [0, 0]),
          node("fc", "dense", undefined, [300, 0]),
          node("loss", "loss.cross-entropy", undefined, [600, 0]),
        ],
        [],
      ),
    );
    now().select(["data"]);
    press("canvas.connect");
    expect(useCanvas.getState().wire?.from).toBe("data.x");
    press("canvas.connect");
    expect(useCanvas.getState().wire?.from).toBe("data.label");
    expect(useCanvas.getState().wire?.choices.map((choice) => choice.to)).toContain("loss.label");
    press("canvas.enter");
    expect(now().document.edges).toEqual([wire("data.label", "loss.label")]);
    expect(useCanvas.getState().wire).toBeUndefined();
  });

  test("escape gives up the wire first, then the selection, then the block", () => {
    now().select(["conv1", "relu1"]);
    groupSelection();
    openBlock("block");
    now().select(["conv1"]);
    press("canvas.connect");
    press("canvas.escape");
    expect(useCanvas.getState().wire).toBeUndefined();
    expect(now().selection.nodes).toEqual(["conv1"]);
    press("canvas.escape");
    expect(now().selection.nodes).toEqual([]);
    press("canvas.escape");
    expect(now().trail).toEqual([]);
  });

  test("the node's wires can be chosen one by one and deleted", () => {
    now().select(["relu1"]);
    press("canvas.next-wire");
    expect(now().selection.edges).toHaveLength(1);
    press("edit.delete");
    expect(now().document.edges).toHaveLength(5);
  });
});
