import type { Target } from "../compiler/plan.ts";
import type { Checked } from "../graph/types.ts";
import { Refusal } from "./refusal.ts";

/** A result that an exported model gives. */
export interface ExportOutput {
  /** Unique. */
  readonly name: string;
  readonly target: Target;
}

/**
 * What a model gives: what arrives at its output nodes; if it has none, what its losses judge (their port `x`).
 * @throws Refusal if there is neither
 */
export function outputsOf(checked: Checked): ExportOutput[] {
  const ends = checked.nodes.filter(({ layer }) => layer.role === "output");
  if (ends.length > 0) return ends.map(({ path }) => ({ name: path, target: { path, port: "x" } }));
  const outputs = new Map<string, ExportOutput>();
  for (const { layer, inputs } of checked.nodes) {
    const wire = layer.role === "loss" ? inputs.x?.[0] : undefined;
    const source = wire && checked.nodes[wire.node];
    if (wire === undefined || source === undefined) continue;
    const name = source.outputs.length > 1 ? `${source.path}.${wire.port}` : source.path;
    outputs.set(name, { name, target: { path: source.path, port: wire.port } });
  }
  if (outputs.size === 0) throw new Refusal("The model has no output. Wire what it should give to an output node.");
  return [...outputs.values()];
}
