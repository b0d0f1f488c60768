import { z } from "zod";
import { f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Draws a graph, its nodes coloured by what is predicted for them; where labels are wired, wrong predictions get a ring. */
export const previewGraph = defineLayer({
  type: "preview.graph",
  title: "Graph",
  family: "preview",
  book: "13.7",
  aliases: ["network", "nodes and edges", "force layout", "view"],
  role: "preview",
  preview: { kind: "graph", examples: 9 },
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", rank: 2, help: "A score for each class, or a feature, of each node: [nodes, classes]. The largest gives the colour." },
    edges: { rank: 2, dtype: "int32", help: "[edges, 2]: the numbers of the nodes where each edge begins and ends." },
    label: { dtype: "int32", rank: 1, optional: true, help: "The true class of each node: [nodes]." },
    mask: { rank: 1, optional: true, help: "1 for the nodes that are drawn large, such as those with a label in training: [nodes]." },
  },
  outputs: [],
  infer({ x, edges, label, mask }) {
    if (edges.shape[1] !== 2)
      return problem("An edge is two numbers of nodes.", { port: "edges", expected: "[edges, 2]", received: formatShape(edges.shape) });
    for (const [port, type] of [["label", label] as const, ["mask", mask] as const])
      if (type && type.shape[0] !== x.shape[0])
        return problem(`There must be one ${port} for each node.`, { port, expected: `[${x.shape[0]}]`, received: formatShape(type.shape) });
    return {};
  },
  explain: { summary: "Draws a graph, its nodes coloured by their class." },
  examples: [
    { inputs: { x: f32("nodes", 3), edges: i32(["edges", 2]), label: i32(["nodes"], 3), mask: f32("nodes") } },
    { inputs: { x: f32(4, 2), edges: i32([6, 2], 4) } },
  ],
});
