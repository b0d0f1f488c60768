import * as tf from "@tensorflow/tfjs-core";
import { elementsPerExample, formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, type Port, problem } from "../contract.ts";

/**
 * What the layers of a graph share. Nodes are rows, as the book's columns; edges are pairs of node numbers, the source before the target.
 * An undirected edge is listed both ways, and a node is not its own neighbour. Several graphs are one with several parts.
 */

export const nodesPort = { rank: 2, dtype: "float32", help: "A vector for each node: [nodes, features]." } as const satisfies Port;
export const edgesPort = {
  rank: 2,
  dtype: "int32",
  help: "[edges, 2]: the numbers of the node where an edge begins and of the one where it ends; undirected edges both ways.",
} as const satisfies Port;

/** Why there is no linear map of these vectors, or these are not edges between those nodes; undefined if all is well. */
export function graphProblem(x: TensorType, edges: TensorType, port = "x"): LayerProblem | undefined {
  if (typeof x.shape.at(-1) !== "number")
    return problem("The vectors have no fixed length, so the weights cannot have one.", { port, expected: "[nodes, features]" });
  return edgesProblem(x, edges);
}

export function edgesProblem(x: TensorType, edges: TensorType, port = "edges"): LayerProblem | undefined {
  if (edges.shape[1] !== 2)
    return problem("An edge is two numbers of nodes: where it begins and where it ends.", {
      port,
      expected: "[edges, 2]",
      received: formatShape(edges.shape),
    });
  const nodes = x.shape[0];
  if (edges.classes !== undefined && typeof nodes === "number" && edges.classes > nodes)
    return problem("The edges name nodes that x does not have.", {
      port,
      expected: `numbers of ${nodes} nodes, as in x ${formatShape(x.shape)}`,
      received: `${edges.classes} nodes`,
    });
  return undefined;
}

/** Edges of a graph, 1 where their number is not known. */
export const edgeCount = (edges: TensorType): number => (typeof edges.shape[0] === "number" ? edges.shape[0] : 1);

/** Multiply–adds of a linear map of every row. */
export const mapCost = (x: TensorType, units: number): number => elementsPerExample(x.shape) * units;

/** The numbers of the nodes where edges begin and where they end: `[edges]` twice. */
export function endsOf(edges: tf.Tensor): { readonly source: tf.Tensor; readonly target: tf.Tensor } {
  const count = edges.shape[0] as number;
  const column = (at: number) => tf.reshape(tf.slice(edges, [0, at], [count, 1]), [count]);
  return { source: column(0), target: column(1) };
}

/** xΩ + β over rows. */
export const linear = (x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor2D =>
  tf.fused.matMul({ a: x as tf.Tensor2D, b: kernel as tf.Tensor2D, ...(bias && { bias }) }) as tf.Tensor2D;
