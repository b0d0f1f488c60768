import { createInferEnv } from "../../src/data/catalogue.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { formatBytes } from "../../src/tensor/bytes.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import { createTrainer } from "../../src/training/trainer.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";
import { count, setGraphRow } from "./page.ts";

const nodes = 1_000_000;
const edges = 10_000_000;
const steps = 100;
/** What the process may need. */
const limit = 8 * 2 ** 30;

/** Templates that train on a part of a graph at a time, and what their data sets are given here. */
const templates = { "neighbour-sampling": { nodes }, "graph-partition": { nodes, clusters: 1000 } } as const;

/**
 * Trains these templates for a hundred steps on a graph of a million nodes and ten million edges, and writes time and memory to
 * docs/systems.md.
 * @returns false if the graph has another size, the process needed more than 8 GiB, or the loss has not fallen
 */
export async function verifyGraphScale(): Promise<boolean> {
  let good = true;
  for (const [id, params] of Object.entries(templates)) if (!(await verifyTemplate(id, params))) good = false;
  return good;
}

async function verifyTemplate(id: string, params: Readonly<Record<string, number>>): Promise<boolean> {
  const begun = performance.now();
  const document = withData(openTemplate(id).document, params);
  const checked = checkDocument(document, registry, createInferEnv());
  const datasets = await loadDatasets({ document, checked });
  const trainer = createTrainer({ document, checked, datasets, steps });
  const losses: number[] = [];
  const times: number[] = [];
  let ready = 0;
  while (trainer.step < steps) {
    const before = performance.now();
    trainer.trainStep();
    // Reading waits for the step.
    losses.push((await trainer.readLosses()).loss ?? Number.NaN);
    times.push(performance.now() - before);
    // The first step finds out what room batches need.
    if (trainer.step === 1) ready = performance.now() - begun;
  }
  const { batch } = trainer;
  trainer.dispose();
  const peak = process.resourceUsage().maxRSS * 1024;
  const median = times.sort((a, b) => a - b)[steps >> 1] ?? Number.NaN;
  const [first, last] = [mean(losses.slice(0, 10)), mean(losses.slice(-10))];
  const size = [...datasets.values()].map(sizeOf)[0] ?? { nodes: 0, edges: 0 };
  const seconds = `${(ready / 1000).toFixed(1)} s`;
  const loss = `${first.toFixed(3)} → ${last.toFixed(3)}`;
  console.log(
    `${id}: ${count(size.nodes)} nodes, ${count(size.edges)} edges, ready in ${seconds}, ${median.toFixed(1)} ms a step, ${formatBytes(peak)}, loss ${loss}`,
  );
  setGraphRow(id, [count(size.nodes), count(size.edges), batch, steps, seconds, median.toFixed(1), formatBytes(peak), loss]);
  if (size.nodes !== nodes || size.edges !== edges) return fault(id, `its graph should have ${count(nodes)} nodes and ${count(edges)} edges`);
  if (peak > limit) return fault(id, `the process needed ${formatBytes(peak)}, but should at most ${formatBytes(limit)}`);
  return last < first || fault(id, `its loss went from ${first} to ${last}, but should fall`);
}

function fault(id: string, what: string): false {
  console.error(`${id}: ${what}.`);
  return false;
}

const withData = (document: NetloomDocument, params: Readonly<Record<string, number>>): NetloomDocument => ({
  ...document,
  nodes: document.nodes.map((node) => (node.type === "dataset" ? { ...node, params: { ...node.params, ...params } } : node)),
});

function sizeOf({ splits }: Dataset): { readonly nodes: number; readonly edges: number } {
  const { graphs } = splits.train;
  if (graphs === undefined || graphs.kind === "union") return { nodes: 0, edges: 0 };
  return { nodes: graphs.starts.length - 1, edges: graphs.sources.length };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
