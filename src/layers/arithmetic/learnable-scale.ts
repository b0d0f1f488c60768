import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { elementsPerExample, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, flag, real } from "../params.ts";

/**
 * x times a learned number, one for all or one a channel. Started at 0 at the end of a residual branch it is SkipInit (De & Smith, 2020):
 * each block begins as the identity. Started at 1, with an offset, it is what FixUp (Zhang et al., 2019) puts in the place of a normalisation.
 */
export const learnableScale = defineLayer({
  type: "learnable-scale",
  title: "Learnable scale",
  family: "arithmetic",
  book: "11.3",
  aliases: ["skipinit", "fixup", "layerscale", "rezero", "multiplier"],
  params: z.object({
    start: real({ min: -100, max: 100, default: 0, help: "Where the scale starts; 0 lets a residual block begin as the identity." }),
    per: choice(["tensor", "channel"], { help: "One number for all, or one for each channel." }),
    offset: flag({ help: "Also learn an offset, which starts at 0." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor; its last axis holds the channels." } },
  outputs: ["y"],
  infer({ x }, { per }) {
    if (per === "channel" && typeof x.shape.at(-1) !== "number")
      return problem("The last axis has no fixed size, so there cannot be a scale for each channel.", {
        port: "x",
        expected: "[…, channels]",
        received: formatShape(x.shape),
        mend: { label: "Use one scale for all", kind: "set", params: { per: "tensor" } },
      });
    return { y: f32(...x.shape) };
  },
  weights({ x }, { start, per, offset }) {
    const shape = per === "channel" ? [x.shape.at(-1) as number] : [];
    return {
      scale: { shape, init: { constant: start }, decay: false },
      offset: offset ? { shape, init: "zeros", decay: false } : undefined,
    };
  },
  apply({ x }, w) {
    const y = tf.mul(x, w.scale);
    return { y: w.offset ? tf.add(y, w.offset) : y };
  },
  cost: (_x, { y }) => elementsPerExample(y.shape),
  summary: ({ start, per }) => `from ${start}${per === "channel" ? " · per channel" : ""}`,
  explain: { summary: "Multiplies by a learned number, which starts at 0 or where it is told.", equation: "\\mathbf{y} = \\alpha\\,\\mathbf{x}" },
  examples: [
    { inputs: { x: f32("batch", 3) } },
    { params: { start: 1, per: "channel", offset: true }, inputs: { x: f32("batch", 2, 3, 2) } },
    { params: { start: 1, offset: true }, inputs: { x: f32("batch", 4) } },
  ],
});
