import type { Tensor } from "@tensorflow/tfjs-core";
import type { AdvanceContext, Advanced, Layer, Params, PortValues } from "../contract.ts";

/**
 * A recurrent layer goes on from the states after the last token that it read: all that it ever keeps.
 * @param states input port of each state → the output port that gives it
 */
export function advanceRecurrent(
  { apply }: Layer,
  x: PortValues<Tensor>,
  w: Readonly<Record<string, Tensor | undefined>>,
  p: Params,
  ctx: AdvanceContext,
  states: Readonly<Record<string, string>> = { start: "state" },
): Advanced | undefined {
  if (p.reverse === true || x.mask || !apply) return undefined;
  const weights: Record<string, Tensor> = {};
  for (const [name, weight] of Object.entries(w)) if (weight) weights[name] = weight;
  const carried = Object.fromEntries(Object.keys(states).map((port) => [port, ctx.kept[port] ?? x[port]]));
  const outputs = apply({ ...x, ...carried }, weights, p, ctx);
  return { outputs, keep: Object.fromEntries(Object.entries(states).flatMap(([port, from]) => (outputs[from] ? [[port, outputs[from]]] : []))) };
}
