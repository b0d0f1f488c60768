import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { flag, int } from "../params.ts";
import { edgeCount, edgesPort, endsOf, graphProblem, linear, mapCost, nodesPort } from "./edges.ts";
import { gatherRows } from "./segments.ts";

/** Edges get vectors from their ends, and from what they were before: β + Ω_s h_source + Ω_t h_target + Ψe (UDL 13.9). */
export const edgeUpdate = defineLayer({
  type: "edge-update",
  title: "Edge update",
  family: "graph",
  book: "13.9",
  aliases: ["edge embedding", "edge features", "message", "graph network block"],
  params: z.object({
    units: int({ min: 1, help: "Length of each edge's new vector.", default: 16 }),
    symmetric: flag({ help: "The same weights for both ends: an undirected edge then gets one vector both ways." }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: {
    x: nodesPort,
    edges: edgesPort,
    edge: { rank: 2, dtype: "float32", optional: true, help: "The edges' own vectors so far: [edges, features]." },
  },
  outputs: ["y"],
  infer({ x, edges, edge }, { units }) {
    const fault = graphProblem(x, edges);
    if (fault) return fault;
    if (edge && typeof edge.shape[1] !== "number")
      return problem("The edges' vectors have no fixed length.", { port: "edge", expected: "[edges, features]" });
    if (edge && edge.shape[0] !== edges.shape[0])
      return problem("Each edge needs a vector.", { port: "edge", expected: `[${edges.shape[0]}, features]`, received: formatShape(edge.shape) });
    return { y: f32(edges.shape[0] as Dim, units) };
  },
  weights({ x, edge }, { units, symmetric, bias }) {
    const matrix = (from: number) => ({ shape: [from, units], init: "glorot-uniform" }) as const;
    return {
      source: matrix(x.shape[1] as number),
      target: symmetric ? undefined : matrix(x.shape[1] as number),
      edge: edge ? matrix(edge.shape[1] as number) : undefined,
      bias: bias ? { shape: [units], init: "zeros" } : undefined,
    };
  },
  apply({ x, edges, edge }, w) {
    const { source, target } = endsOf(edges);
    // Nodes are mapped before they are sent along their edges: there are fewer of them.
    const from = linear(x, w.source, w.bias);
    const ends = tf.add(gatherRows(from, source), gatherRows(w.target ? linear(x, w.target) : w.bias ? linear(x, w.source) : from, target));
    return { y: edge && w.edge ? tf.add(ends, linear(edge, w.edge)) : ends };
  },
  cost: ({ x, edges, edge }, _y, { units, symmetric }) =>
    mapCost(x, units) * (symmetric ? 1 : 2) + (edge ? mapCost(edge, units) : 0) + edgeCount(edges) * units,
  summary: ({ units, symmetric }) => `${units} units${symmetric ? " · symmetric" : ""}`,
  explain: {
    summary: "A vector for each edge, from the nodes at its ends.",
    equation:
      "\\mathbf{e}' = \\boldsymbol\\beta + \\boldsymbol\\Omega_s\\mathbf{h}_s + \\boldsymbol\\Omega_t\\mathbf{h}_t + \\boldsymbol\\Psi\\mathbf{e}",
  },
  examples: [
    { params: { units: 2 }, inputs: { x: f32(5, 3), edges: i32(["edges", 2], 5) } },
    { params: { units: 3, symmetric: true }, inputs: { x: f32(4, 2), edges: i32([6, 2], 4), edge: f32(6, 5) } },
    { params: { units: 2, symmetric: true, bias: false }, inputs: { x: f32(4, 3), edges: i32([7, 2], 4) } },
  ],
});
