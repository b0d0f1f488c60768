import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { edgeCount, edgesPort, edgesProblem, endsOf, nodesPort } from "./edges.ts";
import { gatherRows } from "./segments.ts";

/** How likely each pair of nodes is joined: h_mᵀh_n, the logit of an edge (UDL 13.3.1, eq. 13.5). */
export const edgeScore = defineLayer({
  type: "edge-score",
  title: "Edge score",
  family: "graph",
  book: "13.3.1",
  aliases: ["link prediction", "edge prediction", "dot product", "similarity"],
  params: z.object({}),
  inputs: { x: nodesPort, pairs: { ...edgesPort, help: "[pairs, 2]: the numbers of the two nodes of each pair." } },
  outputs: ["y"],
  infer: ({ x, pairs }) => edgesProblem(x, pairs, "pairs") ?? { y: f32(pairs.shape[0] as Dim) },
  apply({ x, pairs }) {
    const { source, target } = endsOf(pairs);
    return { y: tf.sum(tf.mul(gatherRows(x, source), gatherRows(x, target)), 1) };
  },
  cost: ({ x, pairs }) => edgeCount(pairs) * (typeof x.shape[1] === "number" ? x.shape[1] : 1),
  explain: {
    summary: "The dot product of two nodes' vectors: the logit that an edge joins them.",
    equation: "Pr(y^{(mn)} = 1|\\mathbf{X}, \\mathbf{A}) = \\mathrm{sig}\\big[\\mathbf{h}^{(m)\\top}\\mathbf{h}^{(n)}\\big]",
  },
  examples: [{ inputs: { x: f32(5, 3), pairs: i32(["pairs", 2], 5) } }, { inputs: { x: f32(4, 2), pairs: i32([7, 2], 4) } }],
});
