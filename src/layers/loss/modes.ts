import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, type Gathered, problem } from "../contract.ts";
import { choice, int, real } from "../params.ts";
import { distanceBetween, pointsOf } from "./clouds.ts";

/**
 * Samples of a generator against data whose clusters are known: how many clusters have samples, or what share of the samples lies in one
 * (UDL 15.1.4: mode dropping and mode collapse; counted as by Srivastava et al., 2017). A sample lies in the cluster whose mean is nearest
 * if it is no further from it than so many of the cluster's standard deviations.
 */
export const modes = defineLayer({
  type: "metric.modes",
  title: "Modes",
  family: "loss",
  book: "15.1.4",
  aliases: ["mode collapse", "mode dropping", "modes covered", "high-quality samples", "gan"],
  role: "metric",
  params: z.object({
    count: choice(["covered", "quality"], { help: "How many clusters have samples in them, or the share of samples that lie in a cluster." }),
    within: real({ min: 0.1, max: 100, default: 3, help: "How many standard deviations from its mean a cluster reaches." }),
    least: int({ min: 1, max: 10_000, default: 1, help: "Samples that a cluster must have to count as covered." }),
  }),
  inputs: {
    x: { rank: 2, dtype: "float32", help: "Samples: [batch, features]." },
    real: { rank: 2, dtype: "float32", help: "Data: [batch, features]." },
    label: { rank: 1, dtype: "int32", help: "The cluster of each example of the data." },
  },
  outputs: [],
  infer: ({ x, real }) =>
    x.shape[1] === real.shape[1]
      ? {}
      : problem("Samples and data need the same number of features.", {
          port: "real",
          expected: formatShape(x.shape),
          received: formatShape(real.shape),
        }),
  over({ x, real, label }, { count, within, least }) {
    const clusters = clustersOf(pointsOf(real), label.values);
    const found = new Array<number>(clusters.length).fill(0);
    const samples = pointsOf(x);
    for (const sample of samples) {
      const at = nearest(clusters, sample);
      const cluster = clusters[at];
      if (cluster && distanceBetween(sample, cluster.mean) <= within * cluster.deviation) found[at] = (found[at] ?? 0) + 1;
    }
    return count === "covered" ? found.filter((number) => number >= least).length : found.reduce((sum, number) => sum + number, 0) / samples.length;
  },
  relevant: ({ count }) => (count === "covered" ? ["count", "within", "least"] : ["count", "within"]),
  summary: ({ count, within }) => `${count} · within ${within}σ`,
  explain: { summary: "How many of the data's clusters a generator reaches, or how many of its samples lie in one." },
  examples: [
    { inputs: { x: f32("batch", 2), real: f32("batch", 2), label: { shape: ["batch"], dtype: "int32", classes: 2 } } },
    { params: { count: "quality" }, inputs: { x: f32("batch", 2), real: f32("batch", 2), label: { shape: ["batch"], dtype: "int32", classes: 2 } } },
  ],
});

interface Cluster {
  readonly mean: Float64Array;
  /** Of one coordinate: the root of the mean square over all of them. */
  readonly deviation: number;
}

function clustersOf(points: readonly Float64Array[], labels: Gathered["values"]): Cluster[] {
  const byLabel = new Map<number, Float64Array[]>();
  for (const [i, point] of points.entries()) {
    const label = labels[i] as number;
    byLabel.set(label, [...(byLabel.get(label) ?? []), point]);
  }
  return [...byLabel.values()].map((members) => {
    const size = members[0]?.length ?? 0;
    const mean = Float64Array.from({ length: size }, (_, k) => members.reduce((sum, point) => sum + (point[k] as number), 0) / members.length);
    const square = members.reduce((sum, point) => sum + distanceBetween(point, mean) ** 2, 0) / (members.length * size);
    return { mean, deviation: Math.sqrt(square) };
  });
}

function nearest(clusters: readonly Cluster[], point: Float64Array): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [i, { mean }] of clusters.entries()) {
    const distance = distanceBetween(point, mean);
    if (distance >= least) continue;
    best = i;
    least = distance;
  }
  return best;
}
