import * as tf from "@tensorflow/tfjs-core";
import type { Program, Variable } from "../compiler/compile.ts";
import type { SafetensorF32 } from "../tensor/safetensors.ts";
import { type Checkpoint, slotName } from "./checkpoint.ts";
import type { Phase } from "./phases.ts";

/** Everything that a training step changes. */
export interface ModelState {
  /** Steps taken: the number of the next one. */
  step: number;
  /** One tensor for each variable of the program; the state's own. A step replaces them, it never writes into them. */
  readonly weights: tf.Tensor[];
}

/** A state kept aside. Its tensors share data with the state they were taken from: it costs next to nothing until that moves on. */
export interface Snapshot {
  readonly step: number;
  readonly weights: readonly tf.Tensor[];
  /** `slots[phase][weight][slot]`. */
  readonly slots: readonly (readonly (readonly tf.Tensor[])[])[];
}

/** Bytes of weights and slots beyond which no earlier states are kept. */
const mostCopied = 256 * 2 ** 20;

/**
 * Whether earlier states are kept beside the present one, to explain a number that is no longer finite: of large networks they would
 * need most of the memory.
 * @param bytes of weights and slots
 */
export const keepsCopies = (bytes: number): boolean => bytes <= mostCopied;

const keepCopy = (tensor: tf.Tensor): tf.Tensor => tf.keep(tf.clone(tensor));

export const takeSnapshot = (state: ModelState, phases: readonly Phase[]): Snapshot => ({
  step: state.step,
  weights: state.weights.map(keepCopy),
  slots: phases.map(({ optimiser }) => optimiser.slots.map((list) => list.map(keepCopy))),
});

export const disposeSnapshot = ({ weights, slots }: Snapshot): void => tf.dispose([...weights, ...slots.flat(2)]);

/** Goes back to a snapshot, which stays as it is. */
export function returnTo(snapshot: Snapshot, state: ModelState, phases: readonly Phase[]): void {
  state.step = snapshot.step;
  for (const [i, weight] of snapshot.weights.entries()) {
    state.weights[i]?.dispose();
    state.weights[i] = keepCopy(weight);
  }
  for (const [i, { optimiser }] of phases.entries()) optimiser.setSlots((snapshot.slots[i] ?? []).map((list) => list.map(keepCopy)));
}

const read = async (tensor: tf.Tensor): Promise<SafetensorF32> => ({
  dtype: "F32",
  shape: tensor.shape,
  data: Float32Array.from(await tensor.data<"float32">()),
});

export type NamedWeights = Readonly<Record<string, SafetensorF32>>;

/** The numbers of all weights, by variable name. */
export async function readWeights(program: Program, weights: readonly tf.Tensor[]): Promise<NamedWeights> {
  const values = await Promise.all(weights.map(read));
  return Object.fromEntries(values.map((value, i) => [program.variables[i]?.name ?? String(i), value]));
}

/** Copies the state into plain arrays. Nothing may train meanwhile. */
export async function toCheckpoint(program: Program, state: ModelState, phases: readonly Phase[], seed: number): Promise<Checkpoint> {
  const slots: [string, SafetensorF32][] = [];
  for (const [p, { optimiser, moves }] of phases.entries()) {
    for (const [i, variable] of moves.entries()) {
      for (const [s, { name: slot }] of (optimiser.kept[i] ?? []).entries()) {
        const tensor = optimiser.slots[i]?.[s];
        const name = program.variables[variable]?.name;
        if (tensor && name !== undefined) slots.push([slotName(p, slot, name), await read(tensor)]);
      }
    }
  }
  return { step: state.step, seed, weights: await readWeights(program, state.weights), slots: Object.fromEntries(slots) };
}

const make = ({ shape, data }: SafetensorF32): tf.Tensor => tf.keep(tf.tensor(data, [...shape], "float32"));

/** @throws Error if there is no tensor of that name and shape */
function find(from: NamedWeights, name: string, shape: readonly number[]): SafetensorF32 {
  const found = from[name];
  if (found === undefined) throw new Error(`There is no "${name}" among the weights: they are of another network.`);
  if (found.shape.join() !== shape.join())
    throw new Error(
      `"${name}" has the shape [${found.shape.join(", ")}] where this network has [${shape.join(", ")}]: the weights are of another network.`,
    );
  return found;
}

/**
 * Puts weights in place of the state's own; all or nothing.
 * @throws Error naming the first that is missing or of another shape
 */
export function setWeights(weights: NamedWeights, program: Program, state: ModelState): void {
  const found = program.variables.map((variable) => find(weights, variable.name, variable.spec.shape));
  for (const [i, weight] of found.entries()) {
    state.weights[i]?.dispose();
    state.weights[i] = make(weight);
  }
}

/**
 * Puts a checkpoint's weights, slots and step in place of the state's own; all or nothing.
 * @throws Error naming the first tensor that is missing or of another shape
 */
export function fromCheckpoint({ step, weights, slots }: Checkpoint, program: Program, state: ModelState, phases: readonly Phase[]): void {
  const foundSlots = phases.map(({ optimiser, moves }, p) =>
    moves.map((index, i) => {
      const variable = program.variables[index] as Variable;
      return (optimiser.kept[i] ?? []).map(({ name, shape }) => find(slots, slotName(p, name, variable.name), shape));
    }),
  );
  setWeights(weights, program, state);
  for (const [p, { optimiser }] of phases.entries()) optimiser.setSlots((foundSlots[p] ?? []).map((list) => list.map(make)));
  state.step = step;
}
