import type { SplitData } from "../tensor/dataset.ts";
import { selectGraphs } from "./graphs/select.ts";

type Values = Float32Array | Int32Array;

/** The given examples, in the given order, copied. */
export function select(data: SplitData, indices: Int32Array): SplitData {
  if (data.graphs?.kind === "union") return selectGraphs(data, data.graphs, indices);
  const ports = mapPorts(data, (values, elements) => {
    const out = values instanceof Float32Array ? new Float32Array(indices.length * elements) : new Int32Array(indices.length * elements);
    for (let row = 0; row < indices.length; row++) {
      const start = (indices[row] as number) * elements;
      out.set(values.subarray(start, start + elements), row * elements);
    }
    return out;
  });
  return { count: indices.length, ports };
}

/** Examples `from` to before `to`; shares memory with `data`. */
export const slice = (data: SplitData, from: number, to: number): SplitData =>
  data.graphs?.kind === "union"
    ? selectGraphs(
        data,
        data.graphs,
        Int32Array.from({ length: to - from }, (_, i) => from + i),
      )
    : { count: to - from, ports: mapPorts(data, (values, elements) => values.subarray(from * elements, to * elements)) };

function mapPorts(data: SplitData, change: (values: Values, elements: number) => Values): Record<string, Values> {
  const entries = Object.entries(data.ports).map(
    ([port, values]) => [port, change(values, data.count === 0 ? 0 : values.length / data.count)] as const,
  );
  return Object.fromEntries(entries);
}
