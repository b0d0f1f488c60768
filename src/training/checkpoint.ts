import { decodeSafetensors, encodeSafetensors, type SafetensorF32 } from "../tensor/safetensors.ts";

/**
 * A checkpoint is one safetensors file: each weight under its variable's name (`conv1/kernel`), each optimiser slot under
 * `~phase/slot/variable` (no node's name starts with a tilde), and step and seed in its metadata. Random numbers depend on
 * seed and step alone, so nothing else is needed to go on exactly as if the run had never stopped.
 */
export interface Checkpoint {
  readonly step: number;
  readonly seed: number;
  readonly weights: Readonly<Record<string, SafetensorF32>>;
  readonly slots: Readonly<Record<string, SafetensorF32>>;
}

const format = "netloom-checkpoint";
const slotMark = "~";

export const slotName = (phase: number, slot: string, variable: string): string => `${slotMark}${phase}/${slot}/${variable}`;

export function encodeCheckpoint({ step, seed, weights, slots }: Checkpoint): Uint8Array<ArrayBuffer> {
  return encodeSafetensors({ ...weights, ...slots }, { format, version: "1", step: String(step), seed: String(seed) });
}

/**
 * Reads an untrusted checkpoint, or any safetensors file of weights (then step and seed are 0).
 * @throws SafetensorsError, or Error in words for people, if it is neither
 */
export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format === format && metadata.version !== "1")
    throw new Error(`This checkpoint is of version ${metadata.version}; this Netloom reads version 1. Open it with a newer Netloom.`);
  const weights: [string, SafetensorF32][] = [];
  const slots: [string, SafetensorF32][] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.dtype !== "F32") throw new Error(`The tensor "${name}" of the checkpoint holds whole numbers; weights are real ones.`);
    (name.startsWith(slotMark) ? slots : weights).push([name, tensor]);
  }
  return { step: whole(metadata.step), seed: whole(metadata.seed), weights: Object.fromEntries(weights), slots: Object.fromEntries(slots) };
}

function whole(text: string | undefined): number {
  if (text === undefined) return 0;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`The checkpoint's step or seed is "${text.slice(0, 40)}", not a whole number.`);
  return value;
}
