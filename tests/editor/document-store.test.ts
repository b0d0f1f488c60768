import { describe, expect, test } from "vitest";
import { createDocumentStore } from "../../renderer/stores/document.ts";
import { applyEdit } from "../../src/document/edits.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { classifier, doc, env, node } from "./documents.ts";

const opened = () => {
  const store = createDocumentStore({ env });
  store.getState().open(classifier());
  return store;
};
const units = (value: number) => (document: NetloomDocument) =>
  applyEdit(document, { kind: "set-params", graph: "", node: "fc", params: { units: value } });

describe("document store", () => {
  test("checks the document as it changes", () => {
    const store = opened();
    expect(store.getState().checked.ok).toBe(true);
    const before = store.getState().checked.totals.parameters;
    store.getState().edit("Set units", units(20));
    expect(store.getState().checked.totals.parameters).toBeGreaterThan(before);
  });

  test("undo and redo say what they would do", () => {
    const store = opened();
    store.getState().edit("Set units of fc", units(20));
    expect(store.getState().undoLabel).toBe("Set units of fc");
    store.getState().undo();
    expect(store.getState().undoLabel).toBeUndefined();
    expect(store.getState().redoLabel).toBe("Set units of fc");
    store.getState().redo();
    expect(store.getState().document.nodes.find((one) => one.id === "fc")?.params?.units).toBe(20);
  });

  test("typing in one field is undone at once", () => {
    const store = opened();
    for (const value of [1, 12, 128]) store.getState().edit("Set units of fc", units(value), { merge: "units of fc, visit 1" });
    store.getState().undo();
    expect(store.getState().document.nodes.find((one) => one.id === "fc")?.params?.units).toBe(10);
  });

  test("an edit that changes nothing leaves no step and no mark", () => {
    const store = opened();
    store.getState().edit("Nothing", (document) => document);
    expect(store.getState().undoLabel).toBeUndefined();
    expect(store.getState().edited).toBe(false);
  });

  test("undoing back to what was saved is no longer edited", () => {
    const store = opened();
    store.getState().edit("Set units", units(20));
    expect(store.getState().edited).toBe(true);
    store.getState().undo();
    expect(store.getState().edited).toBe(false);
    store.getState().redo();
    store.getState().markSaved({ path: "/a.netloom", version: "1" });
    expect(store.getState().edited).toBe(false);
    store.getState().undo();
    expect(store.getState().edited).toBe(true);
  });

  test("undo returns to the block where the edit was made", () => {
    const store = createDocumentStore({ env });
    const inside = doc([node("b", "block:part")], [], { part: { inputs: [], outputs: [], nodes: [node("fc", "dense")], edges: [] } });
    store.getState().open(inside);
    store.getState().enter("part");
    store.getState().edit("Set units", (document) => applyEdit(document, { kind: "set-params", graph: "part", node: "fc", params: { units: 3 } }));
    store.getState().leave(0);
    store.getState().undo();
    expect(store.getState().trail).toEqual(["part"]);
  });

  test("what is gone is no longer selected, what stays is", () => {
    const store = opened();
    store.getState().select(["conv1", "fc"], ["data.x->conv1.x"]);
    store.getState().edit("Delete", (document) => applyEdit(document, { kind: "remove", graph: "", nodes: ["conv1"], edges: [] }));
    expect(store.getState().selection).toEqual({ nodes: ["fc"], edges: [] });
  });

  test("a block that is undone away is left", () => {
    const store = createDocumentStore({ env });
    store.getState().open(doc([], []));
    store.getState().edit("New block", (document) => ({ ...document, blocks: { part: { inputs: [], outputs: [], nodes: [], edges: [] } } }));
    store.getState().enter("part");
    store.getState().undo();
    expect(store.getState().trail).toEqual([]);
  });

  describe("when checks are deferred", () => {
    const deferred = () => {
      const waiting: (() => void)[] = [];
      const store = createDocumentStore({ env, defer: (steps) => waiting.push(...steps) });
      store.getState().open(classifier());
      return { store, waiting };
    };
    const settled = (value: number) => {
      const store = opened();
      store.getState().edit("Set units", units(value));
      return store.getState().checked.totals;
    };
    test("no edit waits for its check, and several wait for one", () => {
      const { store, waiting } = deferred();
      const before = store.getState().checked;
      store.getState().edit("Set units", units(20));
      store.getState().edit("Set units", units(30));
      expect(store.getState()).toMatchObject({ stale: true, checked: before });
      const steps = waiting.length;
      while (waiting.length > 0) waiting.shift()?.();
      expect(steps).toBe(3);
      expect(store.getState().stale).toBe(false);
      expect(store.getState().checked).not.toBe(before);
    });

    test("who asks what the checker says gets it at once, and it is not checked twice", () => {
      const { store, waiting } = deferred();
      store.getState().edit("Set units", units(20));
      store.getState().settle();
      const { checked } = store.getState();
      expect(store.getState().stale).toBe(false);
      for (const check of waiting) check();
      expect(store.getState().checked).toBe(checked);
    });

    test("what is edited in the middle of a check is checked after it, and until then the document is stale", () => {
      const { store, waiting } = deferred();
      store.getState().edit("Set units", units(20));
      waiting.shift()?.();
      store.getState().edit("Set units", units(30));
      for (const step of waiting.splice(0)) step();
      expect(store.getState().stale).toBe(true);
      expect(store.getState().checked.totals).toEqual(settled(20));
      for (const step of waiting.splice(0)) step();
      expect(store.getState().stale).toBe(false);
      expect(store.getState().checked.totals).toEqual(settled(30));
    });

    test("a document that is opened in the middle of a check keeps its own figures", () => {
      const { store, waiting } = deferred();
      store.getState().edit("Set units", units(20));
      waiting.shift()?.();
      store.getState().open(classifier());
      const { checked } = store.getState();
      while (waiting.length > 0) waiting.shift()?.();
      expect(store.getState().checked).toBe(checked);
    });

    test("undo is checked like any edit", () => {
      const { store } = deferred();
      const before = store.getState().checked.totals;
      store.getState().edit("Set units", units(20));
      store.getState().settle();
      store.getState().undo();
      expect(store.getState().stale).toBe(true);
      store.getState().settle();
      expect(store.getState().checked.totals).toEqual(before);
    });
  });

  test("moving and naming nodes changes nothing that is checked", () => {
    const store = opened();
    const { checked } = store.getState();
    store.getState().edit("Move", (document) => ({
      ...document,
      nodes: document.nodes.map((node) => ({ ...node, at: [10, 20] as const, label: "A", note: "B" })),
    }));
    expect(store.getState().checked).toBe(checked);
  });

  test("facts on data sets that arrive later are checked at once", () => {
    const store = createDocumentStore();
    store.getState().open(classifier());
    expect(store.getState().checked.ok).toBe(false);
    store.getState().setEnv(env);
    expect(store.getState().checked.ok).toBe(true);
  });
});
