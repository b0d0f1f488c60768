import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { real } from "../params.ts";
import { type Box, boxNumbers, overlap, predictedBoxes, suppress, trueBoxes } from "./boxes.ts";
import { gridPorts, gridProblem } from "./grids.ts";

/**
 * Mean over classes of the area under precision against recall, a box counting as right if it overlaps a true one of its class that no surer box has
 * taken (Pascal VOC since 2010). Boxes on a grid after non-maximum suppression; 0 to 1.
 */
export const meanAveragePrecision = defineLayer({
  type: "metric.map",
  title: "Mean average precision",
  family: "loss",
  book: "10.5.2",
  aliases: ["mAP", "average precision", "object detection", "non-maximum suppression", "nms"],
  role: "metric",
  params: z.object({
    overlap: real({ min: 0.05, max: 0.95, default: 0.5, help: "Intersection over union from which a box counts as right." }),
    suppress: real({ min: 0, max: 1, default: 0.5, help: "Of boxes of one class that overlap by more than this, only the surest stays." }),
  }),
  inputs: gridPorts,
  outputs: [],
  infer: ({ x, target }) => gridProblem(x, target) ?? {},
  over({ x, target }, p) {
    const classes = (target.shape[3] as number) - boxNumbers;
    const images = Array.from({ length: x.shape[0] ?? 0 }, (_, i) => ({
      truth: trueBoxes(target.values, target.shape, i),
      found: suppress(predictedBoxes(x.values, x.shape, i, classes), p.suppress, leastScore),
    }));
    const precisions = Array.from({ length: classes }, (_, kind) =>
      averagePrecision(
        images.map(({ truth, found }) => ({ truth: truth.filter((box) => box.kind === kind), found: found.filter((box) => box.kind === kind) })),
        p.overlap,
      ),
    ).filter((value) => !Number.isNaN(value));
    return precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
  },
  better: "higher",
  summary: (p) => `overlap ${p.overlap}`,
  explain: {
    summary: "How well boxes find objects of all classes: high precision at every recall.",
    equation: "\\frac{1}{C}\\sum_c \\int_0^1 \\max_{r' \\ge r} \\text{precision}_c(r')\\, dr",
  },
  examples: [{ inputs: { x: f32("batch", 2, 2, 13), target: f32("batch", 2, 2, 8) } }],
});

/** Boxes that score less could only lengthen the tail of the curve. */
const leastScore = 0.005;

interface Image {
  readonly truth: readonly Box[];
  readonly found: readonly Box[];
}

/** The area under precision against recall for one class; NaN if there is nothing to find. */
export function averagePrecision(images: readonly Image[], limit: number): number {
  const total = images.reduce((sum, { truth }) => sum + truth.length, 0);
  const ranked = images.flatMap(({ found }, image) => found.map((box) => ({ box, image }))).sort((a, b) => b.box.score - a.box.score);
  const taken = new Set<Box>();
  let right = 0;
  const curve = ranked.map(({ box, image }, i) => {
    const best = (images[image]?.truth ?? [])
      .map((truth) => ({ truth, shared: overlap(truth, box) }))
      .reduce<{ truth?: Box; shared: number }>((a, b) => (b.shared > a.shared ? b : a), { shared: 0 });
    if (best.truth && best.shared >= limit && !taken.has(best.truth)) {
      taken.add(best.truth);
      right++;
    }
    return { recall: right / total, precision: right / (i + 1) };
  });
  if (total === 0) return Number.NaN;
  let area = 0;
  let highest = 0;
  for (let i = curve.length - 1; i >= 0; i--) {
    const { recall, precision } = curve[i] as { recall: number; precision: number };
    highest = Math.max(highest, precision);
    area += (recall - (curve[i - 1]?.recall ?? 0)) * highest;
  }
  return area;
}
