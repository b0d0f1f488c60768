import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, int } from "../params.ts";
import { type Aggregation, aggregate } from "./aggregate.ts";

const aggregations = ["sum", "mean", "kipf"] as const satisfies readonly Aggregation[];

/**
 * Every node adds what its neighbours send to what it knows, then one linear map: Ω(H Â + H) + β (UDL 13.8, eq. 13.10, 13.18, 13.20).
 * Rows are nodes here, the book's columns.
 */
export const graphConv = defineLayer({
  type: "graph-conv",
  title: "Graph convolution",
  family: "graph",
  book: "13.8",
  aliases: ["gcn", "message passing", "neighbours", "adjacency", "kipf"],
  params: z.object({
    units: int({ min: 1, help: "Length of each node's new vector.", default: 16 }),
    aggregate: choice(aggregations, {
      help: "How neighbours are combined: their sum, their mean, or a sum that counts well-connected neighbours less (Kipf).",
      default: "kipf",
    }),
    selfWeight: flag({ title: "Own weights", help: "Give the node itself a matrix of its own instead of the one its neighbours share." }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: {
    x: { rank: [2, 3], dtype: "float32", help: "A vector for each node: [nodes, features], or [batch, nodes, features] for many graphs." },
    adjacency: {
      rank: [2, 3],
      dtype: "float32",
      help: "[nodes, nodes]: row n holds the weights of n's neighbours, 0 elsewhere; no ones on the diagonal.",
    },
  },
  outputs: ["y"],
  infer({ x, adjacency }, { units }) {
    const nodes = x.shape.at(-2) as Dim;
    const [rows, columns] = adjacency.shape.slice(-2) as [Dim, Dim];
    if (typeof x.shape.at(-1) !== "number")
      return problem("The nodes' vectors have no fixed length, so the weights cannot have one.", { port: "x", expected: "[nodes, features]" });
    if (rows !== columns)
      return problem("An adjacency matrix has a row and a column for every node, so it is square.", {
        port: "adjacency",
        expected: `[${nodes}, ${nodes}]`,
        received: formatShape(adjacency.shape),
      });
    if (rows !== nodes)
      return problem("The adjacency matrix and x disagree on how many nodes there are.", {
        port: "adjacency",
        expected: `${nodes} nodes, as in x ${formatShape(x.shape)}`,
        received: `${rows} nodes`,
      });
    if (adjacency.shape.length === 3 && (x.shape.length === 2 || x.shape[0] !== adjacency.shape[0]))
      return problem("There is one adjacency matrix for each example, but x does not have an example for each.", {
        port: "adjacency",
        expected: x.shape.length === 2 ? `[${nodes}, ${nodes}]` : `[${x.shape[0]}, ${nodes}, ${nodes}]`,
        received: formatShape(adjacency.shape),
      });
    return { y: f32(...x.shape.slice(0, -1), units) };
  },
  weights({ x }, { units, selfWeight, bias }) {
    const matrix = { shape: [x.shape.at(-1) as number, units], init: "glorot-uniform" } as const;
    return { kernel: matrix, self: selfWeight ? matrix : undefined, bias: bias ? { shape: [units], init: "zeros" } : undefined };
  },
  apply({ x, adjacency }, { kernel, self, bias }, { units, aggregate: how }) {
    // (ÂX)Ω = Â(XΩ): the neighbours are gathered where the vectors are shorter.
    const narrow = units < (x.shape.at(-1) as number);
    const gather = (h: tf.Tensor) => (self ? aggregate(h, adjacency, how) : tf.add(aggregate(h, adjacency, how), h));
    if (!narrow) {
      const sent = linear(gather(x), kernel, bias);
      return { y: self ? tf.add(sent, linear(x, self)) : sent };
    }
    const sent = gather(linear(x, kernel));
    const own = self ? tf.add(sent, linear(x, self, bias)) : sent;
    return { y: bias && !self ? tf.add(own, bias) : own };
  },
  cost({ x, adjacency }, { y }, { units, selfWeight }) {
    const features = x.shape.at(-1) as number;
    const many = adjacency.shape.length === 2 && typeof x.shape[0] === "number" && x.shape.length === 3 ? x.shape[0] : 1;
    const gathering = many * elementsPerExample(adjacency.shape) * Math.min(units, features);
    return gathering + elementsPerExample(y.shape) * features * (selfWeight ? 2 : 1);
  },
  summary: ({ units, aggregate: how }) => `${units} units · ${how}`,
  explain: {
    summary: "Each node combines its own vector with its neighbours'.",
    equation:
      "\\mathbf{H}' = \\boldsymbol\\beta\\mathbf{1}^{\\!\\top} + \\boldsymbol\\Omega\\,\\mathbf{H}(\\hat{\\mathbf{A}} + \\mathbf{I}), \\quad \\hat{\\mathbf{A}} = \\mathbf{A},\\; \\mathbf{A}\\mathbf{D}^{-1} \\text{ or } \\mathbf{D}^{-1/2}\\mathbf{A}\\mathbf{D}^{-1/2}",
  },
  examples: [
    { params: { units: 4 }, inputs: { x: f32(5, 3), adjacency: f32(5, 5) } },
    { params: { units: 2, aggregate: "mean" }, inputs: { x: f32("batch", 4, 3), adjacency: f32("batch", 4, 4) } },
    { params: { units: 2, aggregate: "sum", selfWeight: true }, inputs: { x: f32("batch", 4, 3), adjacency: f32(4, 4) } },
    { params: { units: 5, aggregate: "kipf", selfWeight: true, bias: false }, inputs: { x: f32("nodes", 3), adjacency: f32("nodes", "nodes") } },
  ],
});

/** A linear map of the last axis. */
function linear(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const size = x.shape.at(-1) as number;
  const rows = x.rank === 2 ? (x as tf.Tensor2D) : tf.reshape<tf.Rank.R2>(x, [-1, size]);
  const y = tf.fused.matMul({ a: rows, b: kernel as tf.Tensor2D, ...(bias && { bias }) });
  return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), y.shape[1] as number]);
}
