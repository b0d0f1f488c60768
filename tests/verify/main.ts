/**
 * `npm run verify [-- id …]`: trains every template as its document says, makes the analyses that it lists, writes what it reached to
 * docs/systems.md, and fails where a figure misses the bound that the document declares. A template without data is only counted.
 * `npm run verify -- scale` trains a network of a hundred million parameters for a few steps instead,
 * `npm run verify -- graph-scale` two networks on a graph of a million nodes, and writes what they needed.
 */
import { analyse } from "../../src/analysis/analyse.ts";
import { createSubject } from "../../src/analysis/subject.ts";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { variablesOf } from "../../src/graph/variables.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { carriedWeights, parseRenamings, planCarryOver, summariseCarryOver } from "../../src/training/carry-over.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import type { NamedWeights } from "../../src/training/state.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate, templateIds, templateText } from "../support/templates.ts";
import { verifyGraphScale } from "./graph-scale.ts";
import { keepWeights, keptWeights } from "./kept-weights.ts";
import { count, format, setRow } from "./page.ts";
import { verifyScale } from "./scale.ts";

type Template = ReturnType<typeof openTemplate>;
type Figures = Readonly<Record<string, number>>;

const wanted = process.argv.slice(2);
let failed = false;
/** Templates whose weights others begin with. */
const lenders = new Set(templateIds.map((id) => openTemplate(id).document.about?.from));

await prepareBackend("wasm", { kernels: builtKernels });
// First, since memory is that of the process at its largest.
if (wanted.includes("graph-scale") && !(await verifyGraphScale())) failed = true;
if (wanted.includes("scale") && !(await verifyScale())) failed = true;
for (const id of templateIds.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const template = openTemplate(id);
  const trains = template.checked.nodes.some(({ layer }) => layer.type === "dataset");
  await (trains ? verifyTraining(id, template) : verifyCounts(id, template));
}
if (failed) process.exitCode = 1;

async function verifyCounts(id: string, template: Template): Promise<void> {
  const { parameters, trainable, multiplyAdds, activations } = template.checked.totals;
  const analysed = await analyses(template, new Map());
  const figures = { parameters, trainable, "multiply-adds": multiplyAdds, activations, ...analysed };
  tell(id, "counted", figures);
  const judged = judge(id, template.document, figures);
  setRow(id, [section(template), count(parameters), Object.keys(analysed).length > 0 ? "first weights" : "counted only", "", "", "", judged]);
}

async function verifyTraining(id: string, template: Template): Promise<void> {
  const datasets = await loadDatasets(template);
  const initial = await beginning(id, template);
  const trainer = createTrainer({ ...template, datasets, ...(initial && { initial }) });
  const start = performance.now();
  await trainToEnd(id, trainer);
  const seconds = (performance.now() - start) / 1000;
  const figures: Record<string, number> = {};
  for (const split of ["train", "test"] as const)
    for (const [node, value] of Object.entries((await trainer.evaluate(split)) ?? {})) figures[`${split}/${node}`] = value;
  if (lenders.has(id)) keepWeights(id, templateText(id), await trainer.checkpoint());
  Object.assign(figures, await analyses(template, datasets, await trainer.weights()));
  tell(id, `${trainer.steps} steps in ${seconds.toFixed(1)} s`, figures);
  const data = trainer.plan.datasets.map((dataset) => dataset.name).join(", ");
  const time = seconds < 60 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
  const judged = judge(id, template.document, figures);
  setRow(id, [section(template), count(template.checked.totals.parameters), data, count(trainer.steps), trainer.seed, time, judged]);
  trainer.dispose();
}

async function trainToEnd(id: string, trainer: Trainer): Promise<void> {
  while (trainer.step < trainer.steps) {
    trainer.trainStep();
    if (trainer.step % 500 !== 0 && trainer.step !== trainer.steps) continue;
    const bad = Object.entries(await trainer.readLosses()).filter(([, value]) => !Number.isFinite(value));
    if (bad.length > 0) throw new Error(`${id}: ${bad.map(([name]) => name).join(", ")} is not finite at step ${trainer.step}.`);
  }
}

/** The weights that a template begins with, where it names another (`about.from`): those kept of its last training, else of one made now. */
async function beginning(id: string, { document, checked }: Template): Promise<NamedWeights | undefined> {
  const { from, map = "" } = document.about ?? {};
  if (from === undefined) return undefined;
  const bytes = keptWeights(from, templateText(from)) ?? (await trainLender(from));
  const { weights } = decodeCheckpoint(bytes);
  const plan = planCarryOver(variablesOf(checked), weights, parseRenamings(map));
  const { carried, variables } = summariseCarryOver(plan, []);
  if (carried === 0) throw new Error(`${id}: nothing of ${from} fits it.`);
  console.log(`${id}: begins with ${carried} of ${variables} weights from ${from}`);
  return carriedWeights(plan, weights);
}

async function trainLender(id: string): Promise<Uint8Array> {
  console.log(`${id}: trained first`);
  const template = openTemplate(id);
  const trainer = createTrainer({ ...template, datasets: await loadDatasets(template) });
  await trainToEnd(id, trainer);
  const bytes = await trainer.checkpoint();
  trainer.dispose();
  keepWeights(id, templateText(id), bytes);
  return bytes;
}

/** The figures of the analyses that a document lists, as `analysis/<name>/<figure>`. */
async function analyses({ document, checked }: Template, datasets: ReadonlyMap<string, Dataset>, weights?: NamedWeights): Promise<Figures> {
  const figures: Record<string, number> = {};
  if (document.analyses === undefined) return figures;
  const subject = createSubject({ document, checked, datasets, seed: document.training?.seed ?? 1, ...(weights && { weights }) });
  for (const analysis of document.analyses) {
    const result = await analyse(subject, analysis);
    for (const [figure, value] of Object.entries(result.figures)) figures[`analysis/${result.name}/${figure}`] = value;
  }
  subject.dispose();
  return figures;
}

function section({ document }: Template): string {
  return document.about?.chapter ?? "";
}

function tell(id: string, what: string, figures: Figures): void {
  const told = Object.entries(figures).map(([name, value]) => `${name} ${format(value)}`);
  console.log(`${id}: ${what}; ${told.join(", ")}`);
}

/** The figures that a document declares, as they came out; says so where one misses its bound. */
function judge(id: string, { about }: NetloomDocument, figures: Figures): string {
  const told = (about?.figures ?? []).map(({ figure, atLeast, atMost, book }) => {
    const value = figures[figure] ?? Number.NaN;
    if (!(value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY))) {
      failed = true;
      const bounds = [atLeast !== undefined && `at least ${atLeast}`, atMost !== undefined && `at most ${atMost}`].filter(Boolean).join(" and ");
      console.error(`${id}: ${figure} is ${value}, but should be ${bounds}.`);
    }
    return `${figure} ${format(value)}${book ? ` (book: ${book})` : ""}`;
  });
  return told.join("; ");
}
