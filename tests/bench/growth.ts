import type { NetloomDocument } from "../../src/document/schema.ts";
import { createTrainer, type Trainer } from "../../src/training/trainer.ts";
import { digits, median, settle, timeRound } from "./median.ts";
import { cnn, deepMlp, gpt, largeGcn, openWorkload } from "./workloads.ts";

interface Axis {
  readonly grows: string;
  readonly of: string;
  /** Each twice the one before. */
  readonly sizes: readonly number[];
  readonly make: (size: number) => NetloomDocument;
}

const axes: readonly Axis[] = [
  { grows: "batch", of: "CNN", sizes: [16, 32, 64, 128], make: (batch) => cnn(32, batch) },
  { grows: "width", of: "MLP, 3 hidden layers, batch 128", sizes: [128, 256, 512, 1024], make: (width) => deepMlp(3, width, 128) },
  { grows: "depth", of: "MLP, width 256, batch 128", sizes: [4, 8, 16, 32], make: (depth) => deepMlp(depth, 256, 128) },
  {
    grows: "length",
    of: "GPT, 2 layers, width 64, batch 4",
    sizes: [64, 128, 256, 512],
    make: (length) => gpt({ width: 64, heads: 4, repeat: 2, text: `tokens-${length}` }, 4),
  },
  { grows: "nodes", of: "GCN, 8 neighbours a node", sizes: [1000, 2000, 4000, 8000], make: largeGcn },
];

/** How a step's time grows as one size doubles and all else stays: milliseconds, and in brackets how many times the one before. */
export async function benchGrowth(): Promise<object[]> {
  const rows: object[] = [];
  for (const { grows, of, sizes, make } of axes) {
    const trainers: Trainer[] = [];
    for (const size of sizes) trainers.push(createTrainer(await openWorkload(make(size))));
    const times = trainers.map((): number[] => []);
    for (const trainer of trainers) timeRound(trainer.trainStep, 100);
    for (let round = 0; round < 5; round++) {
      for (const [i, trainer] of trainers.entries()) {
        await settle();
        times[i]?.push(timeRound(trainer.trainStep, 150));
      }
    }
    for (const trainer of trainers) trainer.dispose();
    const medians = times.map(median);
    const cells = medians.map((ms, i) => `${digits(ms)}${i === 0 ? "" : ` (× ${(ms / (medians[i - 1] ?? Number.NaN)).toFixed(1)})`}`);
    rows.push({ grows, of, sizes: sizes.join(", "), ...Object.fromEntries(cells.map((cell, i) => [i === 0 ? "ms" : `× ${2 ** i}`, cell])) });
  }
  return rows;
}
