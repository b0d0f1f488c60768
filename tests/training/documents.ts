import type { Edge, GraphNode, NetloomDocument, Training } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Dataset, SplitData } from "../../src/tensor/dataset.ts";
import { rng } from "../../src/tensor/random.ts";
import { f32, i32 } from "../../src/tensor/types.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../../src/training/trainer.ts";

/** Two clouds of points, one class each: small, and a small network learns it in a few steps. */
export function clouds(spoil?: (x: Float32Array) => void): Dataset {
  const random = rng(7, "clouds");
  const draw = (count: number): SplitData => {
    const x = new Float32Array(count * 2);
    const label = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      label[i] = i % 2;
      x[2 * i] = random.normal() * 0.4 + (i % 2 === 0 ? -1 : 1);
      x[2 * i + 1] = random.normal() * 0.4 + (i % 2 === 0 ? 1 : -0.5);
    }
    return { count, ports: { x, label } };
  };
  const splits = { train: draw(50), validation: draw(0), test: draw(23) };
  spoil?.(splits.train.ports.x as Float32Array);
  const info = {
    name: "clouds",
    title: "Clouds",
    about: "For tests.",
    ports: { x: f32(2), label: i32([], 2) },
    counts: { train: 50, validation: 0, test: 23 },
  };
  return { info, splits, hash: "clouds" };
}

/** `"a.y > b.x"` as a wire. */
export const wires = (...texts: string[]): Edge[] =>
  texts.map((text) => {
    const [from = "", to = ""] = text.split(" > ");
    return { from, to };
  });

export const node = (id: string, type: string, params: GraphNode["params"] = {}, shared?: string): GraphNode => ({
  id,
  type,
  params,
  ...(shared !== undefined && { shared }),
});

export const documentOf = (nodes: readonly GraphNode[], edges: readonly Edge[], training: Training = {}): NetloomDocument => ({
  netloom: 1,
  name: "test",
  nodes: [...nodes],
  edges: [...edges],
  training,
});

/** data → linear → batch norm → relu → dropout → linear → cross-entropy, accuracy; previews of what comes out. */
export const classifier = (
  training: Training = {},
  between: readonly GraphNode[] = [node("norm", "batch-norm"), node("drop", "dropout", { rate: 0.2 })],
) => {
  const chain = [
    node("data", "dataset", { name: "clouds" }),
    node("linear1", "dense", { units: 8 }),
    ...between,
    node("relu", "relu"),
    node("linear2", "dense", { units: 2 }),
  ];
  const last = chain.slice(1).map(({ id }, i) => `${chain[i]?.id}.${i === 0 ? "x" : "y"} > ${id}.x`);
  return documentOf(
    [...chain, node("loss", "loss.cross-entropy"), node("accuracy", "metric.accuracy"), node("look", "preview.scatter")],
    wires(
      ...last,
      "linear2.y > loss.x",
      "data.label > loss.label",
      "linear2.y > accuracy.x",
      "data.label > accuracy.label",
      "linear2.y > look.x",
      "data.label > look.label",
    ),
    { seed: 3, batch: 10, ...training },
  );
};

/** An environment with one data set, the clouds or the given one. */
export const envOf = ({ info }: Dataset = clouds()): InferEnv => ({
  dataset: (name) => (name === info.name ? info : undefined),
  datasetNames: () => [info.name],
});

/** A trainer whose every data-set node gives the clouds (or the given set). */
export function trainerOf(document: NetloomDocument, options: Partial<TrainerOptions> & { dataset?: Dataset } = {}): Trainer {
  const { dataset = clouds(), ...rest } = options;
  const checked = checkDocument(document, registry, envOf(dataset));
  const datasets = new Map(document.nodes.filter(({ type }) => type === "dataset").map(({ id }) => [id, dataset]));
  return createTrainer({ document, checked, datasets, ...rest });
}

/** All weights as plain numbers, by name. */
export async function numbersOf(trainer: Trainer): Promise<Record<string, number[]>> {
  const weights = await trainer.weights();
  return Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, [...data]]));
}
