import type { DatasetInfo, GraphUnion, SplitData } from "../../tensor/dataset.ts";
import { elementsPerExample } from "../../tensor/types.ts";
import { enough, type GraphBatch, granule, padded, roundUp, type Sizes } from "./batch.ts";
import { cumulative, portStarts, rowsOf } from "./select.ts";

/** Standard deviations of a batch's size that its room has beyond the mean: one batch in thirty thousand needs more. */
const spread = 4;

/**
 * Nodes and edges that there is room for in a batch of `batch` graphs: enough for nearly all batches, never more than the largest graphs
 * need. One node is left for padding.
 */
export function unionRoom({ nodes, edges }: Pick<GraphUnion, "nodes" | "edges">, batch: number): Sizes {
  return { nodes: room(nodes, batch) + granule, edges: room(edges, batch) };
}

function room(starts: Int32Array, batch: number): number {
  const sizes = Float64Array.from({ length: starts.length - 1 }, (_, i) => (starts[i + 1] as number) - (starts[i] as number)).sort();
  const count = Math.max(1, sizes.length);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / count;
  const deviation = Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / count);
  const largest = sizes.subarray(-batch).reduce((sum, size) => sum + size, 0);
  return roundUp(Math.min(largest, batch * mean + spread * deviation * Math.sqrt(batch)));
}

/**
 * The given graphs as one with several parts, padded to the room there is; the next power of two times that room where they need more.
 * Padding nodes belong to a graph of their own, numbered after the last, and padding edges join the first of them with itself, so
 * that nothing of it reaches the graphs.
 */
export function unionBatch(info: DatasetInfo, data: SplitData, graphs: GraphUnion, indices: Int32Array, planned: Sizes): GraphBatch {
  const nodeStarts = cumulative(graphs.nodes, indices);
  const edgeStarts = cumulative(graphs.edges, indices);
  const [nodes, edges] = [nodeStarts.at(-1) as number, edgeStarts.at(-1) as number];
  const sizes = { nodes: enough(planned.nodes, nodes + 1), edges: enough(planned.edges, edges) };
  const ports: GraphBatch["ports"] = {};
  for (const [port, type] of Object.entries(info.ports)) {
    if (port === "graph") {
      ports[port] = new Int32Array(sizes.nodes).fill(indices.length);
      for (let i = 0; i < indices.length; i++) ports[port].fill(i, nodeStarts[i], nodeStarts[i + 1]);
      continue;
    }
    const values = data.ports[port];
    if (values === undefined) continue;
    const rows = rowsOf(values, portStarts(graphs, port, data.count), indices);
    const axis = graphs.axes[port];
    if (port === "edges") {
      const out = new Int32Array(2 * sizes.edges).fill(nodes, rows.length);
      for (let i = 0; i < indices.length; i++)
        for (let at = 2 * (edgeStarts[i] as number); at < 2 * (edgeStarts[i + 1] as number); at++)
          out[at] = (rows[at] as number) + (nodeStarts[i] as number);
      ports[port] = out;
    } else if (graphs.oneHot.includes(port)) ports[port] = hot(rows, elementsPerExample(type.shape), axis ? sizes[axis] : indices.length);
    else ports[port] = axis === undefined ? rows : padded(rows, sizes[axis] * elementsPerExample(type.shape));
  }
  return { sizes, ports };
}

/** Rows of zeros with a one at the given place. */
function hot(places: ArrayLike<number>, width: number, rows: number): Float32Array {
  const out = new Float32Array(rows * width);
  for (let row = 0; row < places.length; row++) out[row * width + (places[row] as number)] = 1;
  return out;
}
