import type { Program } from "../compiler/compile.ts";
import type { TrainingPlan } from "../graph/training.ts";
import { type MemoryPrediction, predictMemory } from "./memory.ts";

/** Memory that there is, in bytes. */
export interface MemoryLimits {
  /** What tensors may take: on `wasm` the address space that is left. */
  readonly tensors: number;
  /** Of the whole machine, where that is known. */
  readonly machine?: number;
}

/** Why a run cannot be, in words. */
export interface MemoryRefusal {
  readonly message: string;
  /** The node that needs most. */
  readonly node?: string;
  readonly remedy: string;
}

export interface FitRequest {
  readonly backend: string;
  readonly batch: number;
  /** Bytes of the data sets, which lie beside the tensors. */
  readonly data: number;
  readonly limits: MemoryLimits;
}

/** Asks before a run whether it has memory enough. @returns undefined if it has */
export async function checkMemory(program: Program, plan: TrainingPlan, request: FitRequest): Promise<MemoryRefusal | undefined> {
  const { backend, batch, data, limits } = request;
  const available = Math.min(limits.tensors, (limits.machine ?? Number.POSITIVE_INFINITY) - data);
  if (available === Number.POSITIVE_INFINITY) return undefined;
  const predict = (change: { readonly batch?: number; readonly recompute?: boolean } = {}) =>
    predictMemory(program, plan, { backend, batch, recompute: plan.recompute, limit: available, ...change });
  const predicted = await predict();
  if (predicted.total <= available) return undefined;
  const machine = available < limits.tensors;
  const room = machine
    ? `this machine has ${formatBytes(limits.machine ?? 0)}`
    : `there is room for ${formatBytes(limits.tensors)}${backend === "wasm" ? ", all that WebAssembly can address" : ""}`;
  const largest = predicted.nodes.slice(0, 3).map(({ path, bytes }) => `"${path}" (${formatBytes(bytes)})`);
  const [first] = predicted.nodes;
  return {
    message: `Training needs ${predicted.step === undefined ? "more than " : "about "}${formatBytes(predicted.total + (machine ? data : 0))}, but ${room}. ${describeMemory(predicted, batch)} Most is needed by ${largest.join(", ")}.`,
    ...(first && { node: first.path }),
    remedy: await remedies(predicted, plan, batch, available, backend, predict),
  };
}

type Predict = (change: { readonly batch?: number; readonly recompute?: boolean }) => Promise<MemoryPrediction>;

async function remedies(
  predicted: MemoryPrediction,
  plan: TrainingPlan,
  batch: number,
  available: number,
  backend: string,
  predict: Predict,
): Promise<string> {
  const { step, slots, total } = predicted;
  const found: string[] = [];
  if (step !== undefined) {
    const smaller = await largestBatch(step, total, batch, available, predict);
    if (smaller !== undefined) found.push(`A batch of ${smaller} instead of ${batch} would fit.`);
    if (!plan.recompute && backend === "wasm") {
      const recomputed = await predict({ recompute: true });
      if (recomputed.total < total * 0.95) found.push(`To recompute activations would bring it to ${formatBytes(recomputed.total)}.`);
    }
  }
  const plain = total - slots - (predicted.copies * slots) / Math.max(1, predicted.weights + slots);
  if (slots > 0 && (plain <= available || step === undefined))
    found.push(`Plain gradient descent (sgd without momentum) would bring it to ${step === undefined ? "at least " : ""}${formatBytes(plain)}.`);
  const fits = found.length > 0 && (step !== undefined || plain <= available);
  return fits ? found.join(" ") : [...found, "Make the network smaller: narrower layers, or fewer of them."].join(" ");
}

/** The largest batch that fits; steps grow with it about linearly. */
async function largestBatch(step: number, total: number, batch: number, available: number, predict: Predict): Promise<number | undefined> {
  if (batch === 1) return undefined;
  const half = Math.ceil(batch / 2);
  const { step: less = step } = await predict({ batch: half });
  const slope = Math.max(1, (step - less) / (batch - half));
  let guess = Math.min(batch - 1, Math.floor(batch - (total - available) / slope));
  for (let attempt = 0; attempt < 3 && guess >= 1; attempt++) {
    if ((await predict({ batch: guess })).total <= available) return guess;
    guess = Math.floor(guess * 0.85);
  }
  return undefined;
}

/** How the memory splits, in a sentence. */
export function describeMemory({ weights, slots, copies, step }: MemoryPrediction, batch: number): string {
  const parts = [
    `weights ${formatBytes(weights)}`,
    ...(slots > 0 ? [`the optimiser ${formatBytes(slots)}`] : []),
    ...(copies > 0 ? [`earlier states ${formatBytes(copies)}`] : []),
    ...(step === undefined ? [] : [`activations and gradients of a batch of ${batch.toLocaleString("en")} ${formatBytes(step)}`]),
  ];
  const text = parts.join(", ");
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** `"412 MiB"`, `"1.9 GiB"`. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 10 || unit === 0 ? Math.round(value).toLocaleString("en") : value.toFixed(1)} ${units[unit]}`;
}
