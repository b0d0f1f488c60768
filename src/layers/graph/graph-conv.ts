import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, flag, int } from "../params.ts";
import { aggregate, aggregations } from "./aggregate.ts";
import { edgeCount, edgesPort, endsOf, graphProblem, linear, mapCost, nodesPort } from "./edges.ts";

/**
 * Every node combines what its neighbours send with what it knows: Ω(HÂ + H) + β (UDL 13.4 and 13.8, eq. 13.10, 13.18, 13.20).
 * Rows are nodes here, the book's columns.
 */
export const graphConv = defineLayer({
  type: "graph-conv",
  title: "Graph convolution",
  family: "graph",
  book: "13.8",
  aliases: ["gcn", "message passing", "neighbours", "adjacency", "kipf", "graphsage"],
  params: z.object({
    units: int({ min: 1, help: "Length of each node's new vector.", default: 16 }),
    aggregate: choice(aggregations, {
      help: "Of neighbours: their sum, their mean, a sum that counts the well-connected less (Kipf), or the largest of each feature.",
      default: "kipf",
    }),
    self: choice(["shared", "enhanced", "separate", "concatenate"], {
      title: "The node itself",
      help: "Shared: as a neighbour. Enhanced: times a learned 1 + ε. Separate: weights of its own. Concatenate: its vector beside the result.",
    }),
    bias: flag({ default: true, help: "Add a learned offset to each output." }),
  }),
  inputs: { x: nodesPort, edges: edgesPort },
  outputs: ["y"],
  infer({ x, edges }, { units, self }) {
    const size = x.shape[1] as number;
    return graphProblem(x, edges) ?? { y: f32(x.shape[0] as Dim, self === "concatenate" ? units + size : units) };
  },
  weights({ x }, { units, self, bias }) {
    const matrix = { shape: [x.shape[1] as number, units], init: "glorot-uniform" } as const;
    return {
      kernel: matrix,
      self: self === "separate" ? matrix : undefined,
      epsilon: self === "enhanced" ? { shape: [], init: "zeros" } : undefined,
      bias: bias ? { shape: [units], init: "zeros" } : undefined,
    };
  },
  apply({ x, edges }, w, { units, aggregate: how, self }) {
    const { source, target } = endsOf(edges);
    // (HÂ)Ω = (HΩ)Â: vectors are sent while they are shorter. A maximum is no linear map, so there the order counts.
    const mapFirst = how !== "max" && units < (x.shape[1] as number);
    const own = (h: tf.Tensor) => (w.epsilon ? tf.mul(h, tf.add(w.epsilon, 1)) : h);
    const gathered = (h: tf.Tensor) => {
      const received = aggregate(h, source, target, how);
      return self === "shared" || self === "enhanced" ? tf.add(received, own(h)) : received;
    };
    let y: tf.Tensor = mapFirst ? gathered(linear(x, w.kernel)) : linear(gathered(x), w.kernel, w.bias);
    if (mapFirst && w.bias && !w.self) y = tf.add(y, w.bias);
    if (w.self) y = tf.add(y, linear(x, w.self, mapFirst ? w.bias : undefined));
    return { y: self === "concatenate" ? tf.concat([y, x], 1) : y };
  },
  cost({ x, edges }, _y, { units, self }) {
    return edgeCount(edges) * Math.min(units, x.shape[1] as number) + mapCost(x, units) * (self === "separate" ? 2 : 1);
  },
  summary: ({ units, aggregate: how, self }) => `${units} units · ${how}${self === "shared" ? "" : ` · ${self}`}`,
  explain: {
    summary: "Each node combines its own vector with its neighbours'.",
    equation:
      "\\mathbf{H}' = \\boldsymbol\\beta\\mathbf{1}^{\\!\\top} + \\boldsymbol\\Omega\\,\\mathbf{H}(\\hat{\\mathbf{A}} + \\mathbf{I}), \\quad \\hat{\\mathbf{A}} = \\mathbf{A},\\; \\mathbf{A}\\mathbf{D}^{-1} \\text{ or } \\mathbf{D}^{-1/2}\\mathbf{A}\\mathbf{D}^{-1/2}",
  },
  examples: [
    { params: { units: 4 }, inputs: { x: f32(5, 3), edges: i32(["edges", 2], 5) } },
    { params: { units: 2, aggregate: "mean", self: "enhanced" }, inputs: { x: f32(4, 3), edges: i32([6, 2], 4) } },
    { params: { units: 2, aggregate: "sum", self: "separate" }, inputs: { x: f32(4, 3), edges: i32([7, 2], 4) } },
    { params: { units: 5, self: "separate", bias: false }, inputs: { x: f32(4, 3), edges: i32([6, 2], 4) } },
    { params: { units: 3, aggregate: "max", self: "concatenate" }, inputs: { x: f32(4, 5), edges: i32([9, 2], 4) } },
  ],
});
