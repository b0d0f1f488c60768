import type { Layer } from "../layers/contract.ts";
import { undone } from "../layers/invert.ts";
import type { Interface } from "./backwards.ts";
import type { Arrival, LocalOrder } from "./order.ts";
import type { FlatNode, Source } from "./types.ts";

/** Port → where its wires come from; undefined for a wire whose beginning is at fault, which is told there and only there. */
export type Wires = ReadonlyMap<string, readonly (Source | undefined)[]>;

/** Those wires that arrive at the named ports. */
export const only = (wires: Wires, ports: readonly string[]): Wires => new Map([...wires].filter(([port]) => ports.includes(port)));

/** Output ports that wires leave from, by node. */
export function portsLeft({ arriving }: LocalOrder): Map<string, Set<string>> {
  const left = new Map<string, Set<string>>();
  for (const { fromNode, fromPort } of [...arriving.values()].flat()) {
    const ports = left.get(fromNode);
    if (ports) ports.add(fromPort);
    else left.set(fromNode, new Set([fromPort]));
  }
  return left;
}

/** How many wires each input port gives back: as many as arrive there, or one where the node itself is drawn backwards. */
export function wireCounts(layer: Layer, arrivals: readonly Arrival[] | undefined): Readonly<Record<string, number>> {
  const count = (port: string) => (arrivals ? arrivals.filter((arrival) => arrival.port === port).length : layer.inputs[port]?.optional ? 0 : 1);
  return Object.fromEntries(undone(layer).map((port) => [port, count(port)]));
}

/** A node's wires, and the ports at which some arrive of which nothing is known. */
export function splitWires(wires: Wires): Pick<FlatNode, "inputs" | "unknown"> {
  const inputs: Record<string, readonly Source[]> = {};
  const unknown: string[] = [];
  for (const [port, sources] of wires) {
    const known = sources.filter((source) => source !== undefined);
    if (known.length < sources.length) unknown.push(port);
    if (known.length > 0) inputs[port] = known;
  }
  return { inputs, unknown };
}

/** What one copy of a repeated block hands to the next: outputs by the name of an input, or the only output to the only required input. */
export function chain(block: Interface, result: Wires): Wires {
  const chained = new Map<string, readonly (Source | undefined)[]>();
  for (const port of block.inputs) {
    const sources = result.get(port.name);
    if (sources && block.outputs.some((output) => output.name === port.name)) chained.set(port.name, sources);
  }
  const required = block.inputs.filter((port) => !port.optional);
  const [input] = required.length > 0 ? required : block.inputs;
  const [output] = block.outputs;
  if (chained.size === 0 && input && output && block.outputs.length === 1 && required.length <= 1) {
    const sources = result.get(output.name);
    if (sources) chained.set(input.name, sources);
  }
  return chained;
}
