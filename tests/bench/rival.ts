import { spawnSync } from "node:child_process";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { trainTemplate } from "../support/templates.ts";
import { timeSteps } from "./steps.ts";
import { workloads } from "./workloads.ts";

/** Training steps of the workloads against PyTorch on the same processor, one after the other in this run; > 1 means Netloom is faster. */
export async function benchRival(): Promise<object[]> {
  const rival = pytorch();
  const rows: object[] = [];
  const ratios: number[] = [];
  for (const [name, make] of Object.entries(workloads)) {
    const document = make();
    const trainer = await trainTemplate({ document, checked: checkDocument(document, registry, createInferEnv()) });
    for (let i = 0; i < 5; i++) trainer.trainStep();
    await trainer.readLosses();
    const ours = await timeSteps(() => trainer.trainStep());
    trainer.dispose();
    const theirs = typeof rival === "string" ? undefined : rival[name];
    if (theirs !== undefined) ratios.push(theirs / ours);
    rows.push({
      workload: name,
      "Netloom, WASM, 1 thread (ms)": round(ours),
      "PyTorch, 2 threads (ms)": theirs === undefined ? "" : round(theirs),
      ratio: theirs === undefined ? "" : round(theirs / ours),
    });
  }
  if (typeof rival === "string") console.log(`PyTorch was not measured: ${rival}`);
  else rows.push({ workload: "geometric mean", ratio: round(Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)) });
  return rows;
}

/** Milliseconds a step by workload, or why they could not be measured. */
function pytorch(): Readonly<Record<string, number>> | string {
  const run = spawnSync("/usr/bin/python3", ["tests/bench/pytorch.py"], { encoding: "utf8" });
  if (run.error) return "there is no /usr/bin/python3.";
  if (run.status !== 0) return `it needs apt's python3-torch and libopenblas0-pthread (${run.stderr.trim().split("\n").at(-1)}).`;
  return JSON.parse(run.stdout);
}

const round = (value: number): number => Number(value.toPrecision(3));
