import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { held } from "../held.ts";
import { choice, flag, int, real } from "../params.ts";
import { edgeCount, edgesPort, endsOf, graphProblem, linear, mapCost, nodesPort } from "./edges.ts";
import { gatherRows, segmentSum } from "./segments.ts";

/**
 * Nodes weigh their neighbours and themselves by attention, in several heads side by side (UDL 13.8.6, eq. 13.22–13.24):
 * H'Softmask[S, A + I] with s_mn = a[φᵀ(h'_m; h'_n)] and H' = HΩ + β.
 */
export const graphAttention = defineLayer({
  type: "graph-attention",
  title: "Graph attention",
  family: "graph",
  book: "13.8.6",
  aliases: ["gat", "attention over neighbours", "multi-head"],
  params: z.object({
    units: int({ min: 1, help: "Length of each node's new vector, for each head.", default: 8 }),
    heads: int({ min: 1, max: 64, help: "Attention mechanisms side by side.", default: 4 }),
    combine: choice(["concatenate", "mean"], { help: "Heads one after the other, or their mean, as for a last layer." }),
    slope: real({ min: 0, max: 1, default: 0.2, help: "Slope of the leaky ReLU for negative scores." }),
    bias: flag({ default: true, help: "Add a learned offset to each transformed vector." }),
  }),
  inputs: { x: nodesPort, edges: edgesPort },
  outputs: ["y", "attention"],
  infer({ x, edges }, { units, heads, combine }) {
    const fault = graphProblem(x, edges);
    if (fault) return fault;
    return { y: f32(x.shape[0] as Dim, combine === "mean" ? units : heads * units), attention: f32(edges.shape[0] as Dim, heads) };
  },
  weights({ x }, { units, heads, bias }) {
    const size = x.shape[1] as number;
    const scores = { shape: [heads, units], init: "glorot-uniform", fanIn: units, fanOut: 1, decay: true } as const;
    return {
      kernel: { shape: [size, heads * units], init: "glorot-uniform", fanIn: size, fanOut: units },
      sender: scores,
      receiver: scores,
      bias: bias ? { shape: [heads * units], init: "zeros" } : undefined,
    };
  },
  apply({ x, edges }, w, { units, heads, combine, slope }) {
    const nodes = x.shape[0] as number;
    const { source, target } = endsOf(edges);
    const sent = linear(x, w.kernel, w.bias);
    const byHead = tf.reshape(sent, [nodes, heads, units]);
    const sender = tf.sum(tf.mul(byHead, w.sender), 2);
    const receiver = tf.sum(tf.mul(byHead, w.receiver), 2);
    // No score of a node is above a[its own part + the largest of all others']: taken off before the exponential, as a softmax does.
    // Gradients know nothing of it: a softmax does not depend on what is taken off all its scores.
    const bound = held(tf.clone, tf.leakyRelu(tf.add(receiver, tf.max(sender, 0, true)), slope));
    const weight = (score: tf.Tensor, most: tf.Tensor) => tf.exp(tf.sub(tf.leakyRelu(score, slope), most));
    const across = weight(tf.add(gatherRows(sender, source), gatherRows(receiver, target)), gatherRows(bound, target));
    const own = weight(tf.add(sender, receiver), bound);
    const total = tf.maximum(tf.add(segmentSum(across, target, nodes), own), 1e-30);
    const attention = tf.div(across, gatherRows(total, target));
    const wide = (weights: tf.Tensor, rows: tf.Tensor) =>
      tf.reshape(tf.mul(tf.expandDims(weights, 2), tf.reshape(rows, [-1, heads, units])), [-1, heads * units]);
    const mixed = tf.add(segmentSum(wide(attention, gatherRows(sent, source)), target, nodes), wide(tf.div(own, total), sent));
    return { y: combine === "mean" ? tf.mean(tf.reshape(mixed, [nodes, heads, units]), 1) : mixed, attention };
  },
  cost: ({ x, edges }, _y, { units, heads }) => mapCost(x, heads * units) + edgeCount(edges) * heads * (units + 2),
  summary: ({ units, heads }) => `${heads} × ${units} units`,
  explain: {
    summary: "Each node weighs its neighbours by how well their vectors go with its own.",
    equation:
      "\\mathbf{H}'\\,\\mathrm{Softmask}[\\mathbf{S}, \\mathbf{A}+\\mathbf{I}], \\quad s_{mn} = \\mathrm{a}\\big[\\boldsymbol\\phi^{\\!\\top}[\\mathbf{h}'_m; \\mathbf{h}'_n]\\big]",
  },
  examples: [
    { params: { units: 2, heads: 2 }, inputs: { x: f32(5, 3), edges: i32(["edges", 2], 5) } },
    { params: { units: 3, heads: 2, combine: "mean", bias: false }, inputs: { x: f32(4, 2), edges: i32([7, 2], 4) } },
  ],
});
