import { createHash, randomUUID } from "node:crypto";
import { totalmem } from "node:os";
import { join } from "node:path";
import { prepareBackend } from "../backends/backends.ts";
import { dawn } from "../backends/dawn.ts";
import { nodeKernels } from "../backends/node.ts";
import { preflight } from "../backends/preflight.ts";
import { tensorRoom } from "../backends/room.ts";
import { compile } from "../compiler/compile.ts";
import { loadDataset } from "../data/load.ts";
import { readDocument } from "../document/read.ts";
import type { NetloomDocument } from "../document/schema.ts";
import { writeDocument } from "../document/write.ts";
import { trainingPlan } from "../graph/training.ts";
import type { Checked } from "../graph/types.ts";
import { diskFileSystem } from "../host/atomic.ts";
import type { RunRecord } from "../host/contract.ts";
import { findInstallation, netloomHome } from "../host/install.ts";
import { openRunFolder } from "../host/run-folder.ts";
import type { Dataset } from "../tensor/dataset.ts";
import { datasetBytes, drawingOf, sizesOf } from "../training/feeds.ts";
import { checkMemory } from "../training/fit.ts";
import { rehearse } from "../training/rehearse.ts";
import { createTrainer, type Trainer } from "../training/trainer.ts";
import { startBatchThread } from "./batch-thread.ts";
import { carryFrom } from "./carry-over.ts";
import { checkFor, sourceOf } from "./checked.ts";
import { type ExitCode, Failure, type Terminal } from "./command.ts";
import { conduct, rowsUntil } from "./conduct.ts";
import { loadDocument } from "./load.ts";
import { formatProblems } from "./problems.ts";
import type { TrainOptions } from "./train.ts";
import { commandData } from "./user-data.ts";

/** Trains a document from the start and keeps the run. */
export async function beginRun(options: TrainOptions, terminal: Terminal): Promise<ExitCode> {
  const loaded = await loadDocument(options.argument, terminal);
  const document = withOptions(loaded.document, options);
  const id = `${Date.now().toString(36)}-${randomUUID().slice(0, 8)}`;
  const folder = openRunFolder(options.out ?? join(netloomHome(terminal.environment), "runs", id), diskFileSystem);
  const before = await folder.find();
  if (before !== undefined)
    throw new Failure(`There is a run in ${folder.path} already (${before.name}). Go on with it by --resume, or choose another folder.`);
  const prepared = await prepare(document, loaded.path, options, terminal);
  const { trainer, anew } = prepared;
  let conducted = false;
  try {
    const text = writeDocument(prepared.document);
    const record: RunRecord = {
      id,
      name: `${document.name}, seed ${prepared.trainer.seed}`.slice(0, 200),
      document: document.name,
      documentHash: createHash("sha256").update(text).digest("hex"),
      dataHash: prepared.dataHash,
      seed: prepared.trainer.seed,
      batch: prepared.trainer.batch,
      backend: options.backend,
      created: Date.now(),
      state: "running",
      step: 0,
      steps: prepared.trainer.steps,
      parameters: prepared.checked.totals.parameters,
      seconds: 0,
      figures: {},
      source: loaded.path,
      ...(prepared.from && { from: prepared.from }),
    };
    await folder.create(record, text);
    conducted = true;
    return await conduct(anew, trainer, record, folder, options, terminal);
  } finally {
    if (!conducted) trainer.dispose();
  }
}

/** Goes on with a run from its last checkpoint, with the same random numbers as if it had never stopped. */
export async function resumeRun(options: TrainOptions, path: string, terminal: Terminal): Promise<ExitCode> {
  const folder = openRunFolder(path, diskFileSystem);
  const record = await folder.record();
  if (record.state === "running" && (await folder.ownerLives())) throw new Failure(`${record.name} is being trained by another process.`);
  const checkpoint = await folder.checkpoint();
  if (checkpoint === null) throw new Failure(`${record.name} has no checkpoint yet: train it from the start.`);
  const read = readDocument(await folder.document());
  if (!read.ok) throw new Failure(`The run's document cannot be read: ${read.problems[0]?.message ?? ""}`);
  const document = withOptions(read.document, options);
  const prepared = await prepare(document, sourceOf(record, path), options, terminal);
  const { trainer, anew } = prepared;
  let conducted = false;
  try {
    if (prepared.dataHash !== record.dataHash) throw new Failure(`The data have changed since ${record.name} began: it cannot go on with others.`);
    restore(trainer, checkpoint);
    await folder.replaceMetrics(rowsUntil(await folder.metrics(), trainer.step));
    const { reason: _, node: __, ...clean } = record;
    const resumed: RunRecord = { ...clean, id: record.id, state: "running", step: trainer.step, steps: trainer.steps, backend: options.backend };
    await folder.update({ ...resumed, reason: "", node: "" });
    conducted = true;
    return await conduct(anew, trainer, resumed, folder, options, terminal);
  } finally {
    if (!conducted) trainer.dispose();
  }
}

const backendOptions = { kernels: nodeKernels(findInstallation().assets.kernels), gpu: dawn };

/** The document as it is trained: what was asked for on the command line stands in it, so that the run can be repeated. */
function withOptions(document: NetloomDocument, { steps, seed, batch, recompute }: TrainOptions): NetloomDocument {
  const training = {
    ...document.training,
    ...(seed !== undefined && { seed }),
    ...(batch !== undefined && { batch }),
    ...(recompute && { recompute }),
    ...(steps !== undefined && { stop: { steps } }),
  };
  return { ...document, training };
}

interface Prepared {
  /** As it is trained: with what is frozen left out of its phases. */
  readonly document: NetloomDocument;
  readonly from?: RunRecord["from"];
  readonly checked: Checked;
  readonly trainer: Trainer;
  /** Another trainer, at the run's beginning. */
  anew(): Trainer;
  readonly dataHash: string;
}

/** Checks, loads data, starts the backend, compiles. @throws Failure with everything that is wrong */
async function prepare(given: NetloomDocument, path: string, options: TrainOptions, terminal: Terminal): Promise<Prepared> {
  const data = commandData(path, terminal.environment);
  const checked = await checkFor(given, path, terminal, data);
  const carried = options.from === undefined ? undefined : await carryFrom({ ...options, from: options.from }, given, checked, terminal);
  const document = carried?.document ?? given;
  const planned = trainingPlan(document, checked);
  const faults = [...checked.problems.filter(({ severity }) => severity === "error"), ...(planned.ok ? [] : planned.problems)];
  if (!planned.ok || faults.length > 0) throw new Failure(`${document.name} cannot be trained.\n${formatProblems(faults)}`);
  const { datasets: wanted, seed } = planned.plan;
  const datasets = new Map<string, Dataset>();
  try {
    for (const request of wanted) datasets.set(request.path, await loadDataset({ ...request, seed }, data.reader, data.files));
    await prepareBackend(options.backend, backendOptions);
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error));
  }
  if (options.backend === "cpu") terminal.error("The cpu backend is plain JavaScript, many times slower than wasm: for comparison only.\n");
  const unfit = await checkMemory(compile(checked), planned.plan, {
    backend: options.backend,
    batch: drawingOf(datasets, planned.plan).batch,
    data: datasetBytes(datasets),
    sizes: sizesOf(datasets),
    limits: { tensors: tensorRoom(), machine: totalmem() },
  });
  if (unfit) throw new Failure(`${document.name} cannot be trained here. ${unfit.message} ${unfit.remedy}`);
  const refusal = await preflight(options.backend, (label) => rehearse(compile(checked), planned.plan, label));
  if (refusal) throw new Failure(`${document.name} cannot be trained. ${refusal.message} ${refusal.remedy}`);
  const thread = startBatchThread();
  const warn = (message: string) => terminal.error(`${message}\n`);
  const initial = carried && { initial: carried.weights };
  const anew = () => createTrainer({ document, checked, datasets, warn, ...initial, ...(thread && { startBatchThread: thread }) });
  return { document, ...(carried && { from: carried.from }), checked, trainer: anew(), anew, dataHash: hashOf([...datasets.values()]) };
}

function hashOf(datasets: readonly Dataset[]): string {
  const [first, ...others] = datasets.map(({ hash }) => hash);
  if (first === undefined || others.length === 0) return first ?? "";
  return createHash("sha256")
    .update([first, ...others].join("\n"))
    .digest("hex");
}

function restore(trainer: Trainer, checkpoint: Uint8Array): void {
  try {
    trainer.restore(checkpoint);
  } catch (error) {
    throw new Failure(`The run's checkpoint cannot be used. ${error instanceof Error ? error.message : ""}`);
  }
}
