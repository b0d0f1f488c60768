import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectSameLosses, writeFixture } from "./fixture.ts";
import { digits, geometricMean, median, settle, spread, timeRound } from "./median.ts";
import { byHandRival, pytorchRival, type Refusal, type Rival, stockRival } from "./rivals.ts";
import { startWithFixture } from "./start.ts";
import { openWorkload, type WorkloadName, workloads } from "./workloads.ts";

export const rivalNames = ["PyTorch", "by hand", "stock"] as const;
export type RivalName = (typeof rivalNames)[number];

/** Rounds of everybody in turn, and milliseconds of each. */
const rounds = 5;
const length = 400;

const makers: Readonly<Record<RivalName, () => Rival | Refusal>> = { PyTorch: pytorchRival, "by hand": byHandRival, stock: stockRival };

/**
 * Milliseconds a training step of each workload, Netloom's and its rivals', round by round in turn, so that whatever else the
 * machine does hits all alike. Everybody starts with the same weights; whose first losses differ is not timed.
 */
export async function benchSteps(names: readonly WorkloadName[], chosen: readonly RivalName[]): Promise<object[]> {
  const folder = mkdtempSync(join(tmpdir(), "netloom-bench-"));
  const rivals = new Map<RivalName, Rival>();
  for (const name of chosen) {
    const rival = makers[name]();
    if ("refused" in rival) console.log(`${name} is not measured: ${rival.refused}\n`);
    else rivals.set(name, rival);
  }
  try {
    const results = [];
    for (const name of names) results.push(await benchWorkload(name, rivals, join(folder, `${name}.safetensors`)));
    return [...results.map(rowOf), meansOf(results)];
  } finally {
    for (const rival of rivals.values()) rival.end();
    rmSync(folder, { recursive: true });
  }
}

interface Result {
  readonly name: WorkloadName;
  readonly batch: number;
  readonly parameters: number;
  readonly ours: readonly number[];
  readonly theirs: ReadonlyMap<RivalName, readonly number[] | Refusal>;
}

async function benchWorkload(name: WorkloadName, rivals: ReadonlyMap<RivalName, Rival>, path: string): Promise<Result> {
  const options = await openWorkload(workloads[name]());
  const { trainer, fixture } = await startWithFixture(options);
  writeFixture(path, fixture);
  const theirs = new Map<RivalName, number[] | Refusal>();
  for (const [title, rival] of rivals) {
    const opened = await rival.open(name, fixture, path);
    if ("refused" in opened) {
      theirs.set(title, opened);
      continue;
    }
    expectSameLosses(`${title} (${name})`, fixture.losses, opened);
    theirs.set(title, []);
    await rival.round(length / 4);
  }
  timeRound(trainer.trainStep, length / 4);
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await settle();
    ours.push(timeRound(trainer.trainStep, length));
    for (const [title, rival] of rivals) {
      const times = theirs.get(title);
      if (!Array.isArray(times)) continue;
      await settle();
      times.push(await rival.round(length));
    }
  }
  trainer.dispose();
  for (const rival of rivals.values()) rival.close();
  return { name, batch: trainer.batch, parameters: options.checked.totals.trainable, ours, theirs };
}

/** How often a rival's time is ours; undefined where it did not run. */
function ratio({ ours, theirs }: Result, rival: RivalName): number | undefined {
  const times = theirs.get(rival);
  return times === undefined || "refused" in times ? undefined : median(times) / median(ours);
}

const overhead = (ratios: number): string => `${(100 * (1 / ratios - 1)).toFixed(0)} %`;

function rowOf(result: Result): object {
  const cells: Record<string, string | number> = { workload: result.name, batch: result.batch, weights: result.parameters.toLocaleString("en") };
  cells["Netloom, ms"] = spread(result.ours);
  for (const [rival, times] of result.theirs) {
    cells[`${rival}, ms`] = "refused" in times ? times.refused : spread(times);
    const times_ = ratio(result, rival);
    cells[factorTitle(rival)] = times_ === undefined ? "" : factor(rival, times_);
  }
  return cells;
}

function meansOf(results: readonly Result[]): object {
  const cells: Record<string, string> = { workload: "geometric mean" };
  for (const rival of results[0]?.theirs.keys() ?? []) {
    const ratios = results.flatMap((result) => ratio(result, rival) ?? []);
    cells[factorTitle(rival)] = ratios.length === 0 ? "" : factor(rival, geometricMean(ratios));
  }
  return cells;
}

/** Against tfjs by hand on the same backend it is the overhead that counts, against the others how many times as fast Netloom is. */
const factorTitle = (rival: RivalName): string => (rival === "by hand" ? "overhead" : `× ${rival}`);
const factor = (rival: RivalName, value: number): string => (rival === "by hand" ? overhead(value) : digits(value));
