import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import type { DatasetInfo } from "../../src/tensor/dataset.ts";
import { f32, i32 } from "../../src/tensor/types.ts";

/** A document from nodes and wires in short form, read as a file would be. */
export function documentOf(nodes: readonly object[], wires: readonly (readonly [from: string, to: string])[], more: object = {}): NetloomDocument {
  const edges = wires.map(([from, to]) => ({ from, to }));
  const result = readDocument(JSON.stringify({ netloom: 1, name: "test", nodes, edges, ...more }));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
}

const info: DatasetInfo = {
  name: "toy",
  title: "Toy images",
  about: "For tests.",
  counts: { train: 100, validation: 0, test: 10 },
  ports: { x: f32(8, 8, 1), label: i32([], 10) },
};

/** A world with one data set, `toy`: 8×8 images of ten classes. */
export const toyEnv: InferEnv = { dataset: (name) => (name === "toy" ? info : undefined), datasetNames: () => ["toy"] };

export const toyData = { id: "data", type: "dataset", params: { name: "toy" } } as const;

/** Linear layers of equal width that tell spirals apart: as deep, as wide and so as large as is asked for. */
export function deepNetwork(layers: number, units: number, training: NetloomDocument["training"] = {}): NetloomDocument {
  const names = Array.from({ length: layers }, (_, i) => `dense${i}`);
  const chain = ["data.x", ...names.map((name) => `${name}.y`)];
  return documentOf(
    [
      { id: "data", type: "dataset", params: { name: "spirals" } },
      ...names.map((id) => ({ id, type: "dense", params: { units } })),
      { id: "last", type: "dense", params: { units: 2 } },
      { id: "loss", type: "loss.cross-entropy" },
    ],
    [
      ...names.map((name, i) => [chain[i] ?? "", `${name}.x`] as const),
      [chain.at(-1) ?? "", "last.x"],
      ["last.y", "loss.x"],
      ["data.label", "loss.label"],
    ],
    { training },
  );
}
