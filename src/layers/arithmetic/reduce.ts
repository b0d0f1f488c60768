import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, ints } from "../params.ts";

const names = ["mean", "sum", "max", "min", "log-sum-exp"] as const;
const kinds = () =>
  ({ mean: tf.mean, sum: tf.sum, max: tf.max, min: tf.min, "log-sum-exp": tf.logSumExp }) as const satisfies Record<(typeof names)[number], object>;

/** Sum, mean, maximum … over axes. With no axes named, over all: a single number, such as a loss that is drawn. */
export const reduce = defineLayer({
  type: "reduce",
  title: "Reduce",
  family: "arithmetic",
  book: "10.4.3",
  aliases: ["sum", "mean", "max", "min", "average", "logsumexp", "pool"],
  params: z.object({
    kind: choice(names, { help: "What becomes of the numbers along the axes." }),
    axes: ints({ min: 0, max: 7, length: [0, 8], default: [], help: "The axes to go, counted from 0, the batch axis; empty for all." }),
    keep: flag({ title: "Keep axes", help: "Leave them with size 1, so that the result can be repeated along them." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor." } },
  outputs: ["y"],
  infer({ x }, { axes, keep }) {
    const rank = x.shape.length;
    const wrong = axes.find((axis, i) => axis >= rank || axes.indexOf(axis) !== i);
    if (wrong !== undefined)
      return problem(wrong >= rank ? `There is no axis ${wrong}.` : `Axis ${wrong} is named twice.`, {
        expected: rank === 0 ? "no axes" : `axes from 0 to ${rank - 1}, each once`,
        received: `${axes.join(", ")} for ${formatShape(x.shape)}`,
      });
    const goes = (_: Dim, axis: number) => axes.length === 0 || axes.includes(axis);
    return { y: f32(...(keep ? x.shape.map((dim, axis) => (goes(dim, axis) ? 1 : dim)) : x.shape.filter((dim, axis) => !goes(dim, axis)))) };
  },
  apply: ({ x }, _w, { kind, axes, keep }) => ({ y: x.rank === 0 ? tf.clone(x) : kinds()[kind](x, axes.length === 0 ? undefined : axes, keep) }),
  cost: ({ x }) => elementsPerExample(x.shape),
  summary: ({ kind, axes }) => (axes.length === 0 ? kind : `${kind} over ${axes.join(", ")}`),
  explain: { summary: "Sum, mean or maximum over axes.", equation: "y = \\tfrac{1}{N}\\textstyle\\sum_n x_n" },
  examples: [
    { inputs: { x: f32("batch", 3, 2) } },
    { params: { kind: "sum", axes: [1] }, inputs: { x: f32("batch", 3, 2) } },
    { params: { kind: "max", axes: [1, 2], keep: true }, inputs: { x: f32("batch", 3, 2) } },
    { params: { kind: "min", axes: [2] }, inputs: { x: f32("batch", 2, 3) } },
    { params: { kind: "log-sum-exp", axes: [1] }, inputs: { x: f32("batch", 4) } },
  ],
});
