/**
 * `npm run verify [-- id …]`: trains every template as its document says, writes what it reached to docs/systems.md,
 * and fails where a figure misses the bound that the document declares. A template without data is only counted.
 * `npm run verify -- scale` trains a network of a hundred million parameters for a few steps instead.
 */
import { readFileSync, writeFileSync } from "node:fs";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { openTemplate, templateIds, trainTemplate } from "../support/templates.ts";
import { verifyScale } from "./scale.ts";

const page = "docs/systems.md";
const wanted = process.argv.slice(2);
const rows = new Map(existingRows());
let failed = false;

if (wanted.includes("scale") && !(await verifyScale())) failed = true;

for (const id of templateIds.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const { document, checked } = openTemplate(id);
  if (!checked.nodes.some(({ layer }) => layer.type === "dataset")) {
    const { parameters, trainable, multiplyAdds, activations } = checked.totals;
    const judged = judge(id, document, { parameters, trainable, "multiply-adds": multiplyAdds, activations });
    setRow(id, [id, document.about?.chapter ?? "", count(parameters), "counted only", "", "", "", judged]);
    console.log(`${id}: ${count(parameters)} parameters, ${count(multiplyAdds)} multiply–adds, ${count(activations)} activations an example`);
    write();
    continue;
  }
  const trainer = await trainTemplate({ document, checked });
  const start = performance.now();
  while (trainer.step < trainer.steps) {
    trainer.trainStep();
    if (trainer.step % 500 === 0 || trainer.step === trainer.steps) {
      const bad = Object.entries(await trainer.readLosses()).filter(([, value]) => !Number.isFinite(value));
      if (bad.length > 0) throw new Error(`${id}: ${bad.map(([name]) => name).join(", ")} is not finite at step ${trainer.step}.`);
    }
  }
  const seconds = (performance.now() - start) / 1000;
  const figures: Record<string, number> = {};
  for (const split of ["train", "test"] as const)
    for (const [node, value] of Object.entries((await trainer.evaluate(split)) ?? {})) figures[`${split}/${node}`] = value;
  const data = trainer.plan.datasets.map((dataset) => dataset.name).join(", ");
  const judged = judge(id, document, figures);
  const minutes = seconds < 60 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
  setRow(id, [id, document.about?.chapter ?? "", count(checked.totals.parameters), data, count(trainer.steps), trainer.seed, minutes, judged]);
  console.log(
    `${id}: ${trainer.steps} steps in ${seconds.toFixed(1)} s; ${Object.entries(figures)
      .map(([name, value]) => `${name} ${format(value)}`)
      .join(", ")}`,
  );
  trainer.dispose();
  write();
}
if (failed) process.exitCode = 1;

/** The figures that a document declares, as they came out; says so where one misses its bound. */
function judge(id: string, { about }: NetloomDocument, figures: Readonly<Record<string, number>>): string {
  const told = (about?.figures ?? []).map(({ figure, atLeast, atMost, book }) => {
    const value = figures[figure] ?? Number.NaN;
    if (!(value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY))) {
      failed = true;
      console.error(
        `${id}: ${figure} is ${value}, but should be ${[atLeast !== undefined && `at least ${atLeast}`, atMost !== undefined && `at most ${atMost}`].filter(Boolean).join(" and ")}.`,
      );
    }
    return `${figure} ${format(value)}${book ? ` (book: ${book})` : ""}`;
  });
  return told.join("; ");
}

function setRow(id: string, cells: readonly (string | number)[]): void {
  rows.set(id, `| ${cells.join(" | ")} |`);
}

function format(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toPrecision(4);
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function existingRows(): [string, string][] {
  try {
    return readFileSync(page, "utf8")
      .split("\n")
      .filter((line) => /^\| [a-z0-9-]+ \| \d/.test(line))
      .map((line) => [line.split("|")[1]?.trim() ?? "", line]);
  } catch {
    return [];
  }
}

function write(): void {
  const lines = [...rows].sort(([a], [b]) => a.localeCompare(b)).map(([, row]) => row);
  writeFileSync(
    page,
    `# What the templates reach

Written by \`npm run verify\`, which trains each template as its document says, on the WebAssembly backend in Node, and fails where a figure misses its bound.
Figures are those reached, on all of the named split; minutes are those of the machine that ran it (two cores, no GPU) and say little about yours.

| template | section | parameters | data | steps | seed | time | reached |
|---|---|---|---|---|---|---|---|
${lines.join("\n")}
`,
  );
}
