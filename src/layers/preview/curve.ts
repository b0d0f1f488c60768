import { z } from "zod";
import { f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";

/** Draws a number over the steps of training, or the first examples' signals as lines. */
export const previewCurve = defineLayer({
  type: "preview.curve",
  title: "Curve",
  family: "preview",
  book: "8.1",
  aliases: ["plot", "line", "signal", "chart"],
  role: "preview",
  preview: { kind: "curve", examples: 16 },
  params: z.object({}),
  inputs: { x: { dtype: "float32", help: "A single number, drawn over the steps; or signals [batch, length] or [batch, length, channels]." } },
  outputs: [],
  infer: ({ x }) =>
    x.shape.length > 3
      ? problem("Images cannot be drawn as curves.", {
          port: "x",
          expected: "a number, [batch, length] or [batch, length, channels]",
          received: formatShape(x.shape),
        })
      : {},
  explain: { summary: "Draws a number over the steps, or signals as lines." },
  examples: [{ inputs: { x: f32() } }, { inputs: { x: f32("batch", 40, 1) } }],
});
