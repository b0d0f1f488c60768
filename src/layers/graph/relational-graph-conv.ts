import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { flag, int } from "../params.ts";
import { edgeCount, edgesPort, endsOf, graphProblem, linear, mapCost, nodesPort } from "./edges.ts";
import { gatherRows, segmentSizes, segmentSum } from "./segments.ts";

/** Every kind of edge has weights of its own: Ψh_n + Σ_r mean over r's neighbours of Ω_r h_m + β (UDL 13.2 on edge types; Schlichtkrull et al., 2018). */
export const relationalGraphConv = defineLayer({
  type: "relational-graph-conv",
  title: "Relational graph convolution",
  family: "graph",
  book: "13.1",
  aliases: ["rgcn", "knowledge graph", "edge types", "bonds", "heterogeneous"],
  params: z.object({
    units: int({ min: 1, help: "Length of each node's new vector.", default: 16 }),
    relations: int({ min: 0, max: 1000, help: "Kinds of edges; 0 takes as many as arrive.", default: 0 }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: {
    x: nodesPort,
    edges: edgesPort,
    relation: { rank: 1, dtype: "int32", help: "The kind of each edge: [edges], from 0." },
  },
  outputs: ["y"],
  infer({ x, edges, relation }, { units, relations }) {
    const fault = graphProblem(x, edges);
    if (fault) return fault;
    if (relation.shape[0] !== edges.shape[0])
      return problem("Each edge needs a kind.", { port: "relation", expected: `[${edges.shape[0]}]`, received: formatShape(relation.shape) });
    const kinds = relation.classes ?? 0;
    if (relations === 0 && kinds === 0)
      return problem("It is not known how many kinds of edges there are.", {
        port: "relation",
        expected: "a number of relations",
        mend: { kind: "set", label: "Set 4 relations", params: { relations: 4 } },
      });
    if (relations !== 0 && kinds > relations)
      return problem("There are more kinds of edges than relations.", {
        port: "relation",
        expected: `at least ${kinds} relations`,
        received: `${relations}`,
        mend: { kind: "set", label: `Set ${kinds} relations`, params: { relations: kinds } },
      });
    return { y: f32(x.shape[0] as Dim, units) };
  },
  weights({ x, relation }, { units, relations, bias }) {
    const size = x.shape[1] as number;
    const kinds = kindsOf(relations, relation.classes);
    return {
      kernel: { shape: [size, kinds * units], init: "glorot-uniform", fanIn: size, fanOut: units },
      self: { shape: [size, units], init: "glorot-uniform" },
      bias: bias ? { shape: [units], init: "zeros" } : undefined,
    };
  },
  apply({ x, edges, relation }, { kernel, self, bias }, { units }) {
    const nodes = x.shape[0] as number;
    const kinds = (kernel.shape[1] as number) / units;
    const { source, target } = endsOf(edges);
    const place = (node: tf.Tensor) => tf.add(tf.mul(node, tf.scalar(kinds, "int32")), relation);
    // Row n·kinds + r holds Ω_r h_n.
    const sent = gatherRows(tf.reshape(linear(x, kernel), [nodes * kinds, units]), place(source));
    const alike = tf.gather(segmentSizes(place(target), nodes * kinds), place(target) as tf.Tensor1D);
    return { y: tf.add(segmentSum(tf.div(sent, alike), target, nodes), linear(x, self, bias)) };
  },
  cost: ({ x, edges, relation }, _y, { units, relations }) =>
    mapCost(x, units * (1 + kindsOf(relations, relation.classes))) + edgeCount(edges) * units,
  summary: ({ units, relations }) => `${units} units${relations > 0 ? ` · ${relations} relations` : ""}`,
  explain: {
    summary: "A graph convolution with weights of its own for every kind of edge.",
    equation:
      "\\mathbf{h}_n' = \\boldsymbol\\beta + \\boldsymbol\\Psi\\mathbf{h}_n + \\sum_r \\frac{1}{|\\mathrm{ne}_r[n]|}\\sum_{m \\in \\mathrm{ne}_r[n]} \\boldsymbol\\Omega_r \\mathbf{h}_m",
  },
  examples: [
    { params: { units: 2 }, inputs: { x: f32(5, 3), edges: i32([8, 2], 5), relation: i32([8], 4) } },
    { params: { units: 3, relations: 9, bias: false }, inputs: { x: f32(4, 2), edges: i32(["edges", 2], 4), relation: i32(["edges"], 3) } },
  ],
});

const kindsOf = (relations: number, classes: number | undefined): number => relations || (classes ?? 1);
