import { describe, expect, test, vi } from "vitest";
import { createFeed } from "../../renderer/canvas/feed.ts";
import { createShown } from "../../renderer/canvas/shown.ts";
import { move } from "../../renderer/editor/place.ts";
import { createDocumentStore, openGraph } from "../../renderer/stores/document.ts";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { classifier, doc, env, node, wire } from "./documents.ts";

/** What is drawn again after an edit: the nodes it is about. */

const opened = (document = classifier()) => {
  const store = createDocumentStore({ env });
  store.getState().open(document);
  return store;
};
const units = (value: number) => (document: NetloomDocument) =>
  applyEdit(document, { kind: "set-params", graph: "", node: "fc", params: { units: value } });
const away = (document: NetloomDocument) => move(document, "", new Map([["fc", [900, 700]]]));

describe("a feed", () => {
  const listening = () => {
    const store = opened();
    const asked = vi.fn((state: ReturnType<typeof store.getState>, id: string) => state.checked.view(openGraph(state)).get(id));
    const feed = createFeed(store, ({ checked, trail }) => [checked, trail], asked);
    const told: string[] = [];
    const stops = new Map(store.getState().document.nodes.map(({ id }) => [id, feed.listen(id, () => told.push(id))]));
    asked.mockClear();
    return { store, feed, told, stops, asked };
  };

  test("tells the nodes that an edit changed, and no other", () => {
    const { store, told } = listening();
    store.getState().edit("Set bias", (document) => applyEdit(document, { kind: "set-params", graph: "", node: "fc", params: { bias: false } }));
    expect(told).toEqual(["fc"]);
  });

  test("is not asked at all while nothing it depends on has changed", () => {
    const { store, told, asked } = listening();
    store.getState().select(["fc"]);
    store.getState().edit("Move fc", away);
    expect(asked).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });

  test("gives the new answer to those it tells", () => {
    const { store, feed } = listening();
    const before = feed.read("fc")?.parameters ?? 0;
    const seen: number[] = [];
    feed.listen("fc", () => seen.push(feed.read("fc")?.parameters ?? 0));
    store.getState().edit("Set units", units(20));
    expect(seen).toHaveLength(1);
    expect(seen[0]).toBeGreaterThan(before);
  });

  test("asks only for the nodes that can have changed, where that is known, and tells of an answer that is gone", () => {
    const store = opened();
    const asked = vi.fn((state: ReturnType<typeof store.getState>, id: string) => state.document.nodes.find((one) => one.id === id));
    const feed = createFeed(
      store,
      ({ document }) => [document],
      asked,
      () => ["fc"],
    );
    const told: string[] = [];
    for (const id of ["fc", "conv1"]) feed.listen(id, () => told.push(id));
    asked.mockClear();
    store.getState().edit("Remove", (document) => ({ ...document, nodes: document.nodes.filter(({ id }) => id !== "fc") }));
    expect(asked.mock.calls.map(([, id]) => id)).toEqual(["fc"]);
    expect(told).toEqual(["fc"]);
    expect(feed.read("fc")).toBeUndefined();
  });

  test("leaves in peace those who have stopped, and tells the others of the same node still", () => {
    const { store, feed, told, stops } = listening();
    const other = vi.fn();
    feed.listen("fc", other);
    stops.get("fc")?.();
    store.getState().edit("Set bias", (document) => applyEdit(document, { kind: "set-params", graph: "", node: "fc", params: { bias: false } }));
    expect(told).toEqual([]);
    expect(other).toHaveBeenCalledOnce();
  });
});

describe("what the canvas as a whole knows", () => {
  test("is the very same after settings are changed: no node is looked at again", () => {
    const store = opened();
    const shown = createShown();
    const before = shown(store.getState());
    store.getState().edit("Set units", units(20));
    expect(shown(store.getState())).toBe(before);
  });

  test("is new after a move, and all but the moved node are the same objects", () => {
    const store = opened();
    const shown = createShown();
    const before = shown(store.getState());
    store.getState().edit("Move fc", away);
    const after = shown(store.getState());
    const changed = after.wanted.filter((one, i) => one !== before.wanted[i]);
    expect(changed.map(({ id, x, y }) => [id, x, y])).toEqual([["fc", 900, 700]]);
    store.getState().undo();
    expect(shown(store.getState()).wanted).toEqual(before.wanted);
  });

  test("follows nodes that come and go, and wires", () => {
    const store = opened();
    const shown = createShown();
    const before = shown(store.getState());
    store.getState().edit("Add", (document) => ({ ...document, nodes: [node("first", "relu", undefined, [0, 0]), ...document.nodes] }));
    const after = shown(store.getState());
    expect(after.count).toBe(before.count + 1);
    expect(after.wanted.map(({ id }) => id)).toEqual(["first", ...before.wanted.map(({ id }) => id)]);
    store.getState().edit("Cut", (document) => ({ ...document, edges: document.edges.slice(1) }));
    expect(shown(store.getState()).edges).toHaveLength(before.edges.length - 1);
    expect(shown(store.getState()).wanted).toBe(after.wanted);
  });

  test("in a block is of the block, its own ports after the nodes", () => {
    const store = opened(
      doc([node("b", "block:part")], [], {
        part: { inputs: [{ name: "x" }], outputs: [{ name: "y" }], nodes: [node("r", "relu")], edges: [wire("in.x", "r.x"), wire("r.y", "out.y")] },
      }),
    );
    const shown = createShown();
    shown(store.getState());
    store.getState().enter("part");
    const { graph, wanted, count } = shown(store.getState());
    expect([graph, count]).toEqual(["part", 1]);
    expect(wanted.map(({ id, type }) => [id, type])).toEqual([
      ["r", "layer"],
      ["in.x", "boundary"],
      ["out.y", "boundary"],
    ]);
  });
});
