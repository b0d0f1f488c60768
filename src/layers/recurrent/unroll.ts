import * as tf from "@tensorflow/tfjs-core";
import { type Dim, f32, formatShape, type TensorType } from "../../tensor/types.ts";
import { type LayerProblem, problem } from "../contract.ts";
import { flag, int } from "../params.ts";

/** What the recurrent layers share: they read a sequence one token after the other and carry a state along (UDL 12, notes). */

export const recurrentParams = {
  units: int({ help: "Length of the state that is carried from token to token.", default: 32 }),
  reverse: flag({ help: "Read from the last token to the first; the outputs stay in the order of the tokens." }),
  bias: flag({ default: true, help: "Add learned offsets." }),
};

export const recurrentPorts = {
  x: { rank: 3, dtype: "float32", help: "Token vectors: [batch, tokens, width]." },
  start: { rank: 2, dtype: "float32", optional: true, help: "The state before the first token, [batch, units]; zeros if unconnected." },
  mask: { rank: 2, optional: true, help: "[batch, tokens]: where it is 0, the state passes by unchanged." },
} as const;

/** What a layer with that many units gives: its state after each token, and after the last; or why it cannot read this. */
export function recurrentTypes(
  x: Parameters<typeof recurrentFault>[0],
  units: number,
): { readonly y: TensorType; readonly state: TensorType } | LayerProblem {
  const [batch = "batch", tokens = 1] = x.x.shape;
  return recurrentFault(x, units) ?? { y: f32(batch, tokens, units), state: f32(batch, units) };
}

/** Why a layer with that many units cannot read this; undefined if it can. */
function recurrentFault(
  { x, mask, ...starts }: { x: TensorType; mask: TensorType | undefined } & Readonly<Record<string, TensorType | undefined>>,
  units: number,
): LayerProblem | undefined {
  const [batch, tokens, width] = x.shape as [Dim, Dim, Dim];
  if (typeof width !== "number" || typeof tokens !== "number")
    return problem("A recurrent layer is unrolled over its tokens, so their number and width must be fixed.", {
      port: "x",
      expected: "[batch, a number, a number]",
      received: formatShape(x.shape),
    });
  for (const [port, start] of Object.entries(starts)) {
    if (!start || (start.shape[0] === batch && start.shape[1] === units)) continue;
    const size = start.shape[1];
    return problem(`"${port}" has another length than the state.`, {
      port,
      expected: formatShape([batch, units]),
      received: formatShape(start.shape),
      ...(start.shape[0] === batch && typeof size === "number" && { mend: { kind: "set", label: `Use ${size} units`, params: { units: size } } }),
    });
  }
  if (mask && !(mask.shape[0] === batch && mask.shape[1] === tokens))
    return problem("The mask needs one number for each token.", {
      port: "mask",
      expected: formatShape([batch, tokens]),
      received: formatShape(mask.shape),
    });
  return undefined;
}

/** A matrix of `gates` blocks side by side, each starting as a matrix of its own would. */
export const gateKernel = (from: number, units: number, gates: number) =>
  ({ shape: [from, gates * units], init: "glorot-uniform", fanIn: from, fanOut: units }) as const;

/** `[units, gates · units]` with orthonormal rows: what the state contributes neither grows nor fades at the start, as Keras has it. */
export const recurrentKernel = (units: number, gates: number) => ({ shape: [units, gates * units], init: "orthogonal" }) as const;

/** Zeros `[batch, units]`, made from a tensor `[batch, tokens, units or more]`, so that a recorded program fits batches of any size. */
export const zeroState = (like: tf.Tensor, units: number): tf.Tensor =>
  tf.zerosLike(tf.reshape(tf.slice(like, [0, 0, 0], [-1, 1, units]), [-1, units]));

/** `[batch, tokens, …]` → a tensor `[batch, …]` for each token. tfjs has no gradient for taking one out of one. */
function apart(x: tf.Tensor): tf.Tensor[] {
  const [, tokens, ...rest] = x.shape;
  return tokens === 1 ? [tf.reshape(x, [-1, ...rest])] : tf.unstack(x, 1);
}

/** From what a token contributes, `[batch, k]`, and the states before it, `[batch, units]` each: the states after it. */
type Cell = (input: tf.Tensor, states: readonly tf.Tensor[]) => readonly tf.Tensor[];

/**
 * Runs a cell over `inputs [batch, tokens, k]`. Where the mask is 0 all states stay as they were.
 * @returns the first state after each token, `[batch, tokens, units]`, and all states after the last token that was read
 */
export function unroll(
  inputs: tf.Tensor,
  start: readonly tf.Tensor[],
  cell: Cell,
  { mask, reverse }: { readonly mask: tf.Tensor | undefined; readonly reverse: boolean },
): { readonly y: tf.Tensor; readonly last: readonly tf.Tensor[] } {
  const tokens = apart(inputs);
  const counts = mask && apart(tf.step(tf.sub(tf.cast(mask, "float32"), 0.5)));
  const after: tf.Tensor[] = [];
  let states = start;
  for (let n = 0; n < tokens.length; n++) {
    const at = reverse ? tokens.length - 1 - n : n;
    const before = states;
    states = cell(tokens[at] as tf.Tensor, before);
    if (counts) {
      const count = tf.reshape(counts[at] as tf.Tensor, [-1, 1]);
      states = states.map((state, i) => tf.add(before[i] as tf.Tensor, tf.mul(count, tf.sub(state, before[i] as tf.Tensor))));
    }
    after[at] = states[0] as tf.Tensor;
  }
  return { y: tf.stack(after, 1), last: states };
}

/** Multiply–adds of a layer with that many gates over all tokens. */
export const recurrentCost = ({ shape }: TensorType, units: number, gates: number): number =>
  (shape[1] as number) * ((shape[2] as number) + units) * gates * units;

export const recurrentSummary = ({ units, reverse }: { readonly units: number; readonly reverse: boolean }): string =>
  `${units} units${reverse ? " · backwards" : ""}`;
