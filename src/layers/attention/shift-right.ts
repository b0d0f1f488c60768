import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { i32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { int } from "../params.ts";

/** The tokens one place later, a start token first and the last one dropped: what a decoder is shown when it is to say the tokens themselves. */
export const shiftRight = defineLayer({
  type: "shift-right",
  title: "Shift right",
  family: "attention",
  book: "12.7.1",
  aliases: ["teacher forcing", "start token", "sos", "bos", "delay", "autoregressive"],
  params: z.object({ start: int({ min: 0, max: 10_000_000, help: "The token that stands first.", title: "Start token", default: 0 }) }),
  inputs: { x: { rank: 2, dtype: "int32", help: "Tokens: [batch, tokens]." } },
  outputs: ["y"],
  infer: ({ x }, { start }) => ({ y: x.classes === undefined ? i32(x.shape) : i32(x.shape, Math.max(x.classes, start + 1)) }),
  apply({ x }, _w, { start }) {
    const tokens = x.shape[1] as number;
    const late = tf.pad(
      x,
      [
        [0, 0],
        [1, 0],
      ],
      start,
    );
    return { y: tf.slice(late, [0, 0], [-1, tokens]) };
  },
  differentiable: false,
  summary: ({ start }) => `start ${start}`,
  explain: {
    summary: "Delays tokens by one place, so that each is to be said from those before it.",
    equation: "y_1 = \\mathrm{start}, \\quad y_n = x_{n-1}",
  },
  examples: [{ params: { start: 5 }, inputs: { x: i32(["batch", 4], 5) } }],
});
