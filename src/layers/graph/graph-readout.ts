import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice } from "../params.ts";
import { nodesPort } from "./edges.ts";
import { segmentMax, segmentSizes, segmentSum } from "./segments.ts";

/** One vector for each graph of a batch, from those of its nodes: `[nodes, features] → [batch, features]` (UDL 13.5, eq. 13.11). */
export const graphReadout = defineLayer({
  type: "graph-readout",
  title: "Graph readout",
  family: "graph",
  book: "13.5",
  aliases: ["graph pooling", "mean pooling", "global pooling of nodes", "disjoint union"],
  params: z.object({ mode: choice(["mean", "sum", "max"], { help: "The mean, the sum or the largest of each feature over a graph's nodes." }) }),
  inputs: {
    x: nodesPort,
    graph: {
      rank: 1,
      dtype: "int32",
      help: "The number of the graph that each node belongs to: [nodes]. Padding has a number of its own and is dropped.",
    },
  },
  outputs: ["y"],
  infer({ x, graph }) {
    if (typeof x.shape[1] !== "number") return problem("The nodes' vectors have no fixed length.", { port: "x", expected: "[nodes, features]" });
    if (graph.shape[0] !== x.shape[0])
      return problem("Each node must say to which graph it belongs.", {
        port: "graph",
        expected: `[${x.shape[0]}]`,
        received: formatShape(graph.shape),
      });
    return { y: f32("batch", x.shape[1]) };
  },
  apply({ x, graph }, _w, { mode }, { batch }) {
    // Padding nodes make a graph of their own, after the last.
    const ids = tf.minimum(graph, tf.scalar(batch, "int32"));
    const all = mode === "max" ? segmentMax(x, ids, batch + 1) : segmentSum(x, ids, batch + 1);
    const y = mode === "mean" ? tf.div(all, segmentSizes(ids, batch + 1)) : all;
    return { y: tf.slice(y, [0, 0], [batch, x.shape[1] as number]) };
  },
  cost: ({ x }) => x.shape.reduce<number>((product, dim) => (typeof dim === "number" ? product * dim : product), 1),
  summary: ({ mode }) => mode,
  explain: {
    summary: "One vector for each graph, from the vectors of its nodes.",
    equation: "\\mathbf{y} = \\frac{1}{N}\\,\\mathbf{H}\\mathbf{1}",
  },
  examples: [
    { inputs: { x: f32(5, 3), graph: i32([5], 2) } },
    { params: { mode: "sum" }, inputs: { x: f32(6, 2), graph: i32([6], 3) } },
    { params: { mode: "max" }, inputs: { x: f32(6, 2), graph: i32([6], 2) } },
  ],
});
