/**
 * `npm run bench [-- part …] [workload …] [--threads=n]`: what things cost, each against its rival in the same run; medians over
 * rounds. Parts are steps (with the rivals PyTorch, by hand and stock tfjs; or one of pytorch, by-hand, stock alone), templates,
 * growth, checks, batches, heavy-batches, memory, leaks, start, frames and gpu; all by default. docs/performance.md tells how to read the tables.
 */
import { cpus, loadavg } from "node:os";
import * as tf from "@tensorflow/tfjs-core";
import { prepareBackend } from "../../src/backends/backends.ts";
import { WasmBackend } from "../../src/backends/kernels/backend.ts";
import { builtKernels } from "../support/kernels.ts";
import { benchBatches, benchHeavyBatches } from "./batches.ts";
import { benchChecks } from "./checks.ts";
import { benchFrames } from "./frames.ts";
import { benchGpu } from "./gpu.ts";
import { benchGrowth } from "./growth.ts";
import { benchLeaks, benchStepMemory } from "./memory.ts";
import { benchStart } from "./page-start.ts";
import { benchSteps, type RivalName, rivalNames } from "./steps.ts";
import { printTable } from "./table.ts";
import { benchTemplates } from "./templates.ts";
import { workloadNames } from "./workloads.ts";

const args = process.argv.slice(2);
const chosen = workloadNames.filter((name) => args.includes(name));
const names = chosen.length > 0 ? chosen : workloadNames;
const threads = args.find((arg) => arg.startsWith("--threads="))?.slice("--threads=".length);

const steps = (...rivals: RivalName[]) => ({ title: "Training steps", run: () => benchSteps(names, rivals) });
const parts = {
  checks: { title: "Checks of a document", run: async () => benchChecks() },
  steps: steps(...rivalNames),
  pytorch: steps("PyTorch"),
  "by-hand": steps("by hand"),
  stock: steps("stock"),
  templates: { title: "Steps of the templates", run: benchTemplates },
  growth: { title: "How a step's time grows", run: benchGrowth },
  batches: { title: "Waiting for a batch", run: benchBatches },
  "heavy-batches": { title: "Steps with large batches", run: benchHeavyBatches },
  memory: { title: "Memory of a run", run: () => benchStepMemory(names) },
  start: { title: "Start of the app", run: benchStart },
  frames: { title: "Scripting a frame in the editor", run: benchFrames },
  gpu: { title: "Steps on graphics backends", run: benchGpu },
  leaks: { title: "Memory over 10,000 steps", run: benchLeaks },
} as const satisfies Readonly<Record<string, { title: string; run: () => Promise<object[]> }>>;
type Part = keyof typeof parts;
const everything: readonly Part[] = [
  "checks",
  "steps",
  "templates",
  "growth",
  "batches",
  "heavy-batches",
  "memory",
  "leaks",
  "start",
  "frames",
  "gpu",
];

const isPart = (arg: string): arg is Part => arg in parts;
const unknown = args.filter((arg) => !isPart(arg) && !arg.startsWith("--threads=") && !workloadNames.some((name) => name === arg));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. Parts: ${Object.keys(parts).join(", ")}. Workloads: ${workloadNames.join(", ")}.`);
  process.exit(2);
}

await prepareBackend("wasm", { kernels: builtKernels, ...(threads !== undefined && { threads: Number(threads) }) });
const processor = cpus();
console.log(`${processor.length} × ${processor[0]?.model ?? "unknown processor"}, Node ${process.version}; ${kernelsInUse()}\n`);
const [load = 0] = loadavg();
if (load > processor.length / 2) console.log(`The machine is busy (load ${load.toFixed(1)}): these figures mislead, PyTorch's most of all.\n`);
const asked = args.filter(isPart);
for (const part of asked.length > 0 ? asked : chosen.length > 0 ? (["steps"] as const) : everything) {
  console.log(`${parts[part].title}\n`);
  printTable(await parts[part].run());
}
// Kernels' threads and rivals need not be waited for.
process.exit();

function kernelsInUse(): string {
  const backend = tf.backend();
  if (!(backend instanceof WasmBackend)) return "the backend is not Netloom's";
  const { threads, relaxed } = backend.machine;
  return `Netloom's kernels on ${threads} ${threads === 1 ? "thread" : "threads"} with ${relaxed ? "relaxed" : "baseline"} SIMD`;
}
