import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, int } from "../params.ts";
import { edgeCount, edgesPort, edgesProblem, endsOf, linear, mapCost } from "./edges.ts";
import { gatherRows, segmentSizes, segmentSum } from "./segments.ts";

/**
 * Graph convolution in the line graph, whose nodes are the edges: two are neighbours where they share an end (UDL 13.9, figure 13.11).
 * The line graph is never made, since a node with d edges alone gives it d² of them: what an edge's neighbours send is what arrives at
 * its two ends, less what it sent itself. Undirected edges stand both ways with the same vector.
 */
export const lineGraphConv = defineLayer({
  type: "line-graph-conv",
  title: "Line-graph convolution",
  family: "graph",
  book: "13.9",
  aliases: ["edge graph", "adjoint graph", "dual", "edge convolution"],
  params: z.object({
    units: int({ min: 1, help: "Length of each edge's new vector.", default: 16 }),
    aggregate: choice(["sum", "mean"], { help: "How edges that share an end are combined." }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: {
    x: { rank: 2, dtype: "float32", help: "A vector for each edge: [edges, features]." },
    edges: edgesPort,
    nodes: { help: "Anything with a row for each node: it tells how many there are." },
  },
  outputs: ["y"],
  infer({ x, edges, nodes }, { units }) {
    if (typeof x.shape[1] !== "number")
      return problem("The vectors have no fixed length, so the weights cannot have one.", { port: "x", expected: "[edges, features]" });
    if (x.shape[0] !== edges.shape[0])
      return problem("Each edge needs a vector.", { port: "x", expected: `[${edges.shape[0]}, features]`, received: formatShape(x.shape) });
    if (nodes.shape.length === 0) return problem("A single number has no rows.", { port: "nodes", expected: "[nodes, …]", received: "a number" });
    return edgesProblem(nodes, edges) ?? { y: f32(edges.shape[0] as Dim, units) };
  },
  weights: ({ x }, { units, bias }) => ({
    kernel: { shape: [x.shape[1] as number, units], init: "glorot-uniform" },
    bias: bias ? { shape: [units], init: "zeros" } : undefined,
  }),
  apply({ x, edges, nodes }, { kernel, bias }, { aggregate }) {
    const count = nodes.shape[0] as number;
    const { source, target } = endsOf(edges);
    const sent = linear(x, kernel);
    const arriving = segmentSum(sent, target, count);
    const others = tf.sub(tf.add(gatherRows(arriving, source), gatherRows(arriving, target)), tf.mul(sent, 2));
    const y = tf.add(sent, aggregate === "sum" ? others : tf.div(others, tf.maximum(neighbourCounts(source, target, count), 1)));
    return { y: bias ? tf.add(y, bias) : y };
  },
  cost: ({ x, edges }, _y, { units }) => mapCost(x, units) + 3 * edgeCount(edges) * units,
  summary: ({ units, aggregate }) => `${units} units · ${aggregate}`,
  explain: {
    summary: "Each edge combines its vector with those of the edges that share an end with it.",
    equation:
      "\\mathbf{e}_{st}' = \\boldsymbol\\beta + \\boldsymbol\\Omega\\Big(\\mathbf{e}_{st} + \\sum_{r \\in \\mathrm{ne}[s] \\setminus t}\\mathbf{e}_{rs} + \\sum_{r \\in \\mathrm{ne}[t] \\setminus s}\\mathbf{e}_{rt}\\Big)",
  },
  examples: [
    { params: { units: 2 }, inputs: { x: f32("edges", 3), edges: i32(["edges", 2], 5), nodes: f32(5, 1) } },
    { params: { units: 3, aggregate: "mean", bias: false }, inputs: { x: f32(6, 4), edges: i32([6, 2], 5), nodes: f32(5) } },
  ],
});

/** How many other edges share an end with each: degrees of both ends less 2. `[edges, 1]`. */
const neighbourCounts = (source: tf.Tensor, target: tf.Tensor, nodes: number): tf.Tensor => {
  const degrees = segmentSizes(target, nodes) as tf.Tensor2D;
  return tf.sub(tf.add(tf.gather(degrees, source as tf.Tensor1D), tf.gather(degrees, target as tf.Tensor1D)), 2);
};
