import type { GraphUnion, SplitData } from "../../tensor/dataset.ts";

type Values = Float32Array | Int32Array;

/** The given graphs of a split, in the given order, copied. Node numbers count within each graph, so they stay. */
export function selectGraphs(data: SplitData, graphs: GraphUnion, indices: Int32Array): SplitData {
  const ports = Object.entries(data.ports).map(([port, values]) => [port, rowsOf(values, portStarts(graphs, port, data.count), indices)] as const);
  const chosen = { ...graphs, nodes: cumulative(graphs.nodes, indices), edges: cumulative(graphs.edges, indices) };
  return { count: indices.length, ports: Object.fromEntries(ports), graphs: chosen };
}

/** Where each graph's rows begin in a port, and after the last, where they end. */
export function portStarts({ axes, nodes, edges }: GraphUnion, port: string, count: number): Int32Array {
  const axis = axes[port];
  return axis === undefined ? Int32Array.from({ length: count + 1 }, (_, i) => i) : { nodes, edges }[axis];
}

/** The values of the given graphs, one after the other. */
export function rowsOf(values: Values, starts: Int32Array, indices: Int32Array): Values {
  const rows = starts.at(-1) ?? 0;
  const elements = rows === 0 ? 0 : values.length / rows;
  const pieces = Array.from(indices, (i) => values.subarray((starts[i] as number) * elements, (starts[i + 1] as number) * elements));
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const out = values instanceof Float32Array ? new Float32Array(size) : new Int32Array(size);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** Where the given graphs begin once they stand one after the other, and after the last, where they end. */
export function cumulative(starts: Int32Array, indices: Int32Array): Int32Array {
  const out = new Int32Array(indices.length + 1);
  indices.forEach((graph, i) => {
    out[i + 1] = (out[i] as number) + (starts[graph + 1] as number) - (starts[graph] as number);
  });
  return out;
}
