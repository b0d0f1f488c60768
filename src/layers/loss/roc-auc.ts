import { z } from "zod";
import { f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/**
 * Area under the receiver operating characteristic: how often a positive example scores higher than a negative one, ties counting half
 * (Mann and Whitney's statistic). Scores `[…]` of any scale, targets `[…]` of 0 and 1; 0.5 is chance.
 */
export const rocAuc = defineLayer({
  type: "metric.roc-auc",
  title: "ROC-AUC",
  family: "loss",
  book: "13.5",
  aliases: ["area under curve", "ranking", "binary classification", "link prediction"],
  role: "metric",
  params: z.object({}),
  inputs: {
    x: { dtype: "float32", help: "A score for each example or pair: the higher, the likelier." },
    target: { help: "1 where it is true, 0 where not." },
    mask: { optional: true, help: "1 where a position counts, 0 where it does not." },
  },
  outputs: [],
  infer({ x, target, mask }) {
    for (const [port, type] of [["target", target] as const, ["mask", mask] as const])
      if (type && !sameShape(type.shape, x.shape))
        return problem(`There must be one ${port === "mask" ? "mask" : "target"} for each score.`, {
          port,
          expected: formatShape(x.shape),
          received: formatShape(type.shape),
        });
    return {};
  },
  over: ({ x, target, mask }) => areaUnderCurve(x.values, target.values, mask?.values),
  better: "higher",
  explain: {
    summary: "How often something true scores higher than something false.",
    equation: "Pr\\big(f[\\mathbf{x}^{+}] > f[\\mathbf{x}^{-}]\\big)",
  },
  examples: [{ inputs: { x: f32("batch", 1), target: f32("batch", 1) } }, { inputs: { x: f32("edges"), target: f32("edges"), mask: f32("edges") } }],
});

type Numbers = ArrayLike<number>;

/** NaN where all counted targets are alike, or where a counted score is no number. */
export function areaUnderCurve(scores: Numbers, targets: Numbers, mask?: Numbers): number {
  const counted = Array.from({ length: scores.length }, (_, i) => i).filter((i) => mask === undefined || mask[i] !== 0);
  if (counted.some((i) => Number.isNaN(scores[i]))) return Number.NaN;
  counted.sort((a, b) => (scores[a] as number) - (scores[b] as number));
  let below = 0;
  let area = 0;
  let positives = 0;
  for (let from = 0; from < counted.length; ) {
    let to = from;
    let tied = 0;
    while (to < counted.length && scores[counted[to] as number] === scores[counted[from] as number])
      if ((targets[counted[to++] as number] as number) > 0.5) tied++;
    const negatives = to - from - tied;
    area += tied * (below + negatives / 2);
    below += negatives;
    positives += tied;
    from = to;
  }
  return area / (positives * below);
}
