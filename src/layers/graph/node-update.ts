import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, int } from "../params.ts";
import { edgeCount, edgesPort, endsOf, graphProblem, linear, mapCost, nodesPort } from "./edges.ts";
import { segmentMax, segmentSizes, segmentSum } from "./segments.ts";

/** Nodes get vectors from the edges that arrive at them, and from what they were before: β + Ψh + Ω Σ e (UDL 13.9). */
export const nodeUpdate = defineLayer({
  type: "node-update",
  title: "Node update",
  family: "graph",
  book: "13.9",
  aliases: ["edges to nodes", "edge aggregation", "graph network block"],
  params: z.object({
    units: int({ min: 1, help: "Length of each node's new vector.", default: 16 }),
    aggregate: choice(["sum", "mean", "max"], { help: "How the edges that arrive at a node are combined." }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: {
    x: nodesPort,
    edges: edgesPort,
    edge: { rank: 2, dtype: "float32", help: "A vector for each edge: [edges, features]." },
  },
  outputs: ["y"],
  infer({ x, edges, edge }, { units }) {
    const fault = graphProblem(x, edges);
    if (fault) return fault;
    if (typeof edge.shape[1] !== "number")
      return problem("The edges' vectors have no fixed length.", { port: "edge", expected: "[edges, features]" });
    if (edge.shape[0] !== edges.shape[0])
      return problem("Each edge needs a vector.", { port: "edge", expected: `[${edges.shape[0]}, features]`, received: formatShape(edge.shape) });
    return { y: f32(x.shape[0] as Dim, units) };
  },
  weights: ({ x, edge }, { units, bias }) => ({
    edge: { shape: [edge.shape[1] as number, units], init: "glorot-uniform" },
    self: { shape: [x.shape[1] as number, units], init: "glorot-uniform" },
    bias: bias ? { shape: [units], init: "zeros" } : undefined,
  }),
  apply({ x, edges, edge }, w, { aggregate }) {
    const nodes = x.shape[0] as number;
    const { target } = endsOf(edges);
    const sum = () => segmentSum(edge, target, nodes);
    const arriving = aggregate === "max" ? segmentMax(edge, target, nodes) : aggregate === "sum" ? sum() : tf.div(sum(), segmentSizes(target, nodes));
    return { y: tf.add(linear(arriving, w.edge), linear(x, w.self, w.bias)) };
  },
  cost: ({ x, edges, edge }, _y, { units }) =>
    mapCost(x, units) +
    edgeCount(edges) * (edge.shape[1] as number) +
    (typeof x.shape[0] === "number" ? x.shape[0] : 1) * (edge.shape[1] as number) * units,
  summary: ({ units, aggregate }) => `${units} units · ${aggregate}`,
  explain: {
    summary: "A new vector for each node, from the edges that arrive at it.",
    equation: "\\mathbf{h}_n' = \\boldsymbol\\beta + \\boldsymbol\\Psi\\mathbf{h}_n + \\boldsymbol\\Omega\\sum_{e \\to n}\\mathbf{e}",
  },
  examples: [
    { params: { units: 2 }, inputs: { x: f32(5, 3), edges: i32(["edges", 2], 5), edge: f32("edges", 4) } },
    { params: { units: 3, aggregate: "mean", bias: false }, inputs: { x: f32(4, 2), edges: i32([6, 2], 4), edge: f32(6, 5) } },
    { params: { units: 2, aggregate: "max" }, inputs: { x: f32(4, 3), edges: i32([7, 2], 4), edge: f32(7, 2) } },
  ],
});
