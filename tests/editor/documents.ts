import type { Where } from "../../renderer/editor/connect.ts";
import type { Block, Edge, GraphNode, NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { f32, i32 } from "../../src/tensor/types.ts";

/** Documents and data sets that the editor's tests work on. */

export const env: InferEnv = {
  dataset: (name) =>
    name === "signals"
      ? { name, title: "Signals", about: "", ports: { x: f32(40, 1), label: i32([], 10) }, counts: { train: 100, validation: 0, test: 10 } }
      : name === "pictures"
        ? { name, title: "Pictures", about: "", ports: { x: f32(8, 8, 1), label: i32([], 10) }, counts: { train: 100, validation: 0, test: 10 } }
        : undefined,
  datasetNames: () => ["signals", "pictures"],
};

export const node = (id: string, type: string, params?: GraphNode["params"], at?: [number, number]): GraphNode => ({
  id,
  type,
  ...(params && { params }),
  ...(at && { at }),
});
export const wire = (from: string, to: string): Edge => ({ from, to });
export const doc = (nodes: GraphNode[], edges: Edge[], blocks?: Record<string, Block>): NetloomDocument => ({
  netloom: 1,
  name: "test",
  nodes,
  edges,
  ...(blocks && { blocks }),
});

/** data → conv1 → relu1 → flatten → fc → loss ← label: a small classifier without a problem. */
export const classifier = (): NetloomDocument =>
  doc(
    [
      node("data", "dataset", { name: "signals" }, [0, 0]),
      node("conv1", "conv1d", { filters: 15, kernel: 3, stride: 2, padding: "valid" }, [300, 0]),
      node("relu1", "relu", undefined, [600, 0]),
      node("flatten", "flatten", undefined, [900, 0]),
      node("fc", "dense", { units: 10 }, [1200, 0]),
      node("loss", "loss.cross-entropy", undefined, [1500, 0]),
    ],
    [
      wire("data.x", "conv1.x"),
      wire("conv1.y", "relu1.x"),
      wire("relu1.y", "flatten.x"),
      wire("flatten.y", "fc.x"),
      wire("fc.y", `loss.${lossInput}`),
      wire("data.label", "loss.label"),
    ],
  );

/** The port of the cross-entropy that takes the scores. */
export const lossInput: string = Object.keys(registry.get("loss.cross-entropy")?.inputs ?? {}).find((port) => port !== "label") ?? "";

export const where = (document: NetloomDocument, graph = ""): Where => ({ document, graph, checked: checkDocument(document, registry, env), env });
export const totals = (document: NetloomDocument) => checkDocument(document, registry, env).totals;
export const problems = (document: NetloomDocument) => checkDocument(document, registry, env).problems;
