import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import type { Checked, FlatNode, NodeFacts } from "../../src/graph/types.ts";
import { defineLayer, isProblem, type Layer } from "../../src/layers/contract.ts";
import { f32 } from "../../src/tensor/types.ts";

/** A node as tests write it: wires as `"node.port"`. */
export interface Sketch {
  readonly id: string;
  readonly layer: Layer;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inputs?: Readonly<Record<string, string | readonly string[]>>;
  readonly shared?: string;
}

const env = { dataset: () => undefined, datasetNames: () => [] };
const emptyTotals = { parameters: 0, trainable: 0, multiplyAdds: 0, activations: 0 };

/** A checked graph out of nodes given in order: the compiler's tests need no document and no checker. */
export function checkedGraph(sketches: readonly Sketch[]): Checked {
  const nodes: FlatNode[] = [];
  const facts: NodeFacts[] = [];
  const byPath = new Map<string, number>();
  for (const { id, layer, params, inputs, shared } of sketches) {
    const p = layer.params.parse(params ?? {});
    const wires = Object.fromEntries(
      Object.entries(inputs ?? {}).map(([port, ends]) => [
        port,
        [ends].flat().map((end) => {
          const [from, output] = end.split(".") as [string, string];
          return { node: byPath.get(from) as number, port: output };
        }),
      ]),
    );
    const types = Object.fromEntries(
      Object.entries(layer.inputs).map(([port, { many }]) => {
        const list = (wires[port] ?? []).map(
          (wire) => (facts[wire.node] as NodeFacts).outputs[wire.port] as NonNullable<NodeFacts["outputs"][string]>,
        );
        return [port, many ? list : list[0]];
      }),
    );
    const outputs = layer.infer(types, p, env);
    if (isProblem(outputs)) throw new Error(outputs.problem);
    const weights = layer.weights?.(types, p) ?? {};
    byPath.set(id, nodes.length);
    nodes.push({
      path: id,
      layer,
      params: p,
      outputs: typeof layer.outputs === "function" ? layer.outputs(p, env) : layer.outputs,
      inputs: wires,
      unknown: [],
      weightKey: shared ?? id,
      place: { graph: "", node: id },
    });
    facts.push({ inputs: types, outputs, weights, ...emptyTotals });
  }
  return { nodes, facts, byPath, problems: [], totals: emptyTotals, ok: true, view: () => new Map() };
}

const explain = { summary: "For tests." };

export const source = defineLayer({
  type: "source",
  title: "Source",
  family: "data",
  role: "source",
  params: z.object({ width: z.int().default(3) }),
  inputs: {},
  outputs: ["x", "label"],
  infer: (_, { width }) => ({ x: f32("batch", width), label: f32("batch", 1) }),
  explain,
  examples: [],
});

/** y = sin(x)², with two intermediate tensors of its own; counts how often it ran. */
export const runs = { square: 0 };
export const square = defineLayer({
  type: "square",
  title: "Square",
  family: "arithmetic",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y", "unused"],
  infer: ({ x }) => ({ y: x, unused: x }),
  apply({ x }) {
    runs.square++;
    const s = tf.sin(x);
    return { y: tf.mul(s, s), unused: tf.cos(x) };
  },
  explain,
  examples: [],
});

export const identity = defineLayer({
  type: "identity",
  title: "Identity",
  family: "arithmetic",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: x }),
  apply: ({ x }) => ({ y: x }),
  explain,
  examples: [],
});

/** Sums any number of tensors, plus one that may be left open. */
export const sum = defineLayer({
  type: "sum",
  title: "Sum",
  family: "arithmetic",
  params: z.object({}),
  inputs: { xs: { many: true, help: "" }, extra: { optional: true, help: "" } },
  outputs: ["y"],
  infer: ({ xs }) => ({ y: xs[0] ?? f32() }),
  apply: ({ xs, extra }) => ({ y: tf.addN(extra === undefined ? [...xs] : [...xs, extra]) }),
  explain,
  examples: [],
});

/** Adds noise of its own; keeps the mean of what went through as a weight that no optimiser moves. */
export const jitter = defineLayer({
  type: "jitter",
  title: "Jitter",
  family: "arithmetic",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: x }),
  weights: () => ({ mean: { shape: [], init: "zeros", trainable: false } as const }),
  apply({ x }, _w, _p, ctx) {
    ctx.update("mean", tf.mean(x));
    return { y: tf.add(tf.add(x, ctx.rng.normal(x.shape)), ctx.rng.uniform(x.shape)) };
  },
  explain,
  examples: [],
});

export const broken = defineLayer({
  type: "broken",
  title: "Broken",
  family: "arithmetic",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["y"],
  infer: ({ x }) => ({ y: x }),
  apply: ({ x }) => ({ y: tf.matMul(x as tf.Tensor2D, tf.zeros([7, 7])) }),
  explain,
  examples: [],
});

/** The mean of everything: a loss. */
export const mean = defineLayer({
  type: "mean",
  title: "Mean",
  family: "loss",
  role: "loss",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: ["loss"],
  infer: () => ({ loss: f32() }),
  apply: ({ x }) => ({ loss: tf.mean(x) }),
  explain,
  examples: [],
});

/** Shows what arrives; computes nothing. */
export const shown = defineLayer({
  type: "shown",
  title: "Shown",
  family: "preview",
  role: "preview",
  params: z.object({}),
  inputs: { x: { help: "" } },
  outputs: [],
  infer: () => ({}),
  explain,
  examples: [],
});
