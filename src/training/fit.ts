import type { Program } from "../compiler/compile.ts";
import type { TrainingPlan } from "../graph/training.ts";
import { formatBytes } from "../tensor/bytes.ts";
import { type PredictionOptions, predictMemory } from "./memory.ts";
import type { MemoryForecast, MemoryPrediction, MemoryRefusal } from "./types.ts";

/** Memory that there is, in bytes. */
export interface MemoryLimits {
  /** What tensors may take: on `wasm` the address space that is left. */
  readonly tensors: number;
  /** Of the whole machine, where that is known. */
  readonly machine?: number;
}

export interface FitRequest {
  readonly backend: string;
  readonly batch: number;
  /** Bytes of the data sets, which lie beside the tensors. */
  readonly data: number;
  readonly limits: MemoryLimits;
  readonly sizes?: PredictionOptions["sizes"];
}

/** Asks before a run whether it has memory enough. @returns undefined if it has */
export async function checkMemory(program: Program, plan: TrainingPlan, request: FitRequest): Promise<MemoryRefusal | undefined> {
  const available = availableFor(request);
  if (available === Number.POSITIVE_INFINITY) return undefined;
  const predict = predictor(program, plan, request, available);
  return refuse(await predict(), predict, plan, request, available);
}

/** Where nobody says how much memory there is, steps of networks beyond this are not looked at. */
const beyond = 2 ** 40;
/** A saving that is worth a word: this share of the whole, and so many bytes. */
const worth = { share: 0.1, bytes: 16 * 2 ** 20 } as const;

/** The same for a person who has not asked to train yet, with what is needed and what could be saved. */
export async function forecastMemory(program: Program, plan: TrainingPlan, request: FitRequest): Promise<MemoryForecast> {
  const available = availableFor(request);
  const predict = predictor(program, plan, request, Math.min(available, beyond));
  const predicted = await predict();
  const refusal = await refuse(predicted, predict, plan, request, available);
  const recomputed =
    plan.recompute || request.backend !== "wasm" || predicted.step === undefined ? predicted.total : (await predict({ recompute: true })).total;
  const saved = predicted.total - recomputed;
  return {
    predicted,
    ...(saved >= worth.bytes && saved >= worth.share * predicted.total && { recomputed }),
    ...(refusal && { refusal }),
  };
}

const availableFor = ({ limits, data }: FitRequest): number => Math.min(limits.tensors, (limits.machine ?? Number.POSITIVE_INFINITY) - data);

const predictor =
  (program: Program, plan: TrainingPlan, { backend, batch, sizes }: FitRequest, limit: number): Predict =>
  (change = {}) =>
    predictMemory(program, plan, { backend, batch, recompute: plan.recompute, limit, ...(sizes && { sizes }), ...change });

async function refuse(
  predicted: MemoryPrediction,
  predict: Predict,
  plan: TrainingPlan,
  { backend, batch, data, limits }: FitRequest,
  available: number,
): Promise<MemoryRefusal | undefined> {
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

type Predict = (change?: { readonly batch?: number; readonly recompute?: boolean }) => Promise<MemoryPrediction>;

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
    if (smaller !== undefined) found.push(`A batch of ${smaller.toLocaleString("en")} instead of ${batch.toLocaleString("en")} would fit.`);
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
