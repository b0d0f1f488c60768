import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag } from "../params.ts";
import { edgesPort, edgesProblem, endsOf } from "./edges.ts";

/** The adjacency matrix that the book's equations multiply by: entry (n, m) is 1 where an edge goes from m to n (UDL 13.2). */
export const adjacency = defineLayer({
  type: "adjacency",
  title: "Adjacency matrix",
  family: "graph",
  book: "13.2",
  aliases: ["dense", "graph matrix", "laplacian"],
  params: z.object({
    normalise: choice(["none", "mean", "kipf"], {
      help: "None: ones. Mean: each row divided by its number of neighbours. Kipf: each entry by the root of both ends' numbers.",
    }),
    self: flag({ title: "Add the identity", help: "Ones on the diagonal: each node is counted as a neighbour of its own." }),
  }),
  inputs: { edges: edgesPort, nodes: { help: "Anything with a row for each node: it tells how many there are." } },
  outputs: ["y"],
  infer({ edges, nodes }) {
    if (nodes.shape.length === 0)
      return problem("A single number has no rows.", { port: "nodes", expected: "[nodes, …]", received: formatShape(nodes.shape) });
    return edgesProblem(nodes, edges) ?? { y: f32(nodes.shape[0] as Dim, nodes.shape[0] as Dim) };
  },
  apply({ edges, nodes }, _w, { normalise, self }) {
    const count = nodes.shape[0] as number;
    const { source, target } = endsOf(edges);
    const matrix = tf.scatterND(tf.stack([target, source], 1), tf.ones([edges.shape[0] as number]), [count, count]);
    const degrees = tf.maximum(tf.sum(matrix, 1, true), 1);
    const scaled = {
      none: () => matrix,
      mean: () => tf.div(matrix, degrees),
      kipf: () => tf.div(matrix, tf.sqrt(tf.mul(degrees, tf.transpose(degrees)))),
    }[normalise]();
    return { y: self ? tf.add(scaled, tf.eye(count)) : scaled };
  },
  cost: () => 0,
  summary: ({ normalise, self }) => `${normalise === "none" ? "" : normalise}${self ? " + I" : ""}`,
  explain: {
    summary: "A graph's edges as a matrix, to draw the book's equations with.",
    equation: "\\hat{\\mathbf{A}} = \\mathbf{D}^{-1/2}\\mathbf{A}\\mathbf{D}^{-1/2}",
  },
  examples: [
    { inputs: { edges: i32(["edges", 2], 5), nodes: f32(5, 2) } },
    { params: { normalise: "kipf", self: true }, inputs: { edges: i32([6, 2], 4), nodes: f32(4) } },
    { params: { normalise: "mean" }, inputs: { edges: i32([6, 2], 4), nodes: f32(4, 3) } },
  ],
});
