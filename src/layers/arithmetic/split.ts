import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32, type TensorType } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { ints } from "../params.ts";

const names = (sizes: readonly number[]) => sizes.map((_, i) => `y${i + 1}`);

/** The last axis cut into pieces, one output port each: mean and log-variance from one layer, halves for a coupling. */
export const split = defineLayer({
  type: "split",
  title: "Split",
  family: "arithmetic",
  book: "16.3.2",
  aliases: ["slice", "chunk", "divide", "halves"],
  params: z.object({
    sizes: ints({ min: 1, length: [1, 16], default: [1, 1], help: "Channels of each piece; together all that arrive." }),
  }),
  inputs: { x: { dtype: "float32", help: "Any tensor; its last axis is cut." } },
  outputs: ({ sizes }) => names(sizes),
  infer({ x }, { sizes }) {
    const channels = x.shape.at(-1);
    if (x.shape.length < 2 || typeof channels !== "number")
      return problem("There is no last axis of fixed size to cut.", { port: "x", expected: "[batch, …, channels]" });
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total !== channels) {
      const even = evenly(channels, sizes.length);
      return problem(`The pieces take ${total} channels, but ${channels} arrive.`, {
        port: "x",
        expected: `${total} channels`,
        received: `${channels}`,
        ...(even && { mend: { label: `Cut into ${even.join(" + ")}`, kind: "set", params: { sizes: even } } }),
      });
    }
    const types: Record<string, TensorType> = {};
    for (const [i, name] of names(sizes).entries()) types[name] = f32(...x.shape.slice(0, -1), sizes[i] as number);
    return types;
  },
  apply({ x }, _w, { sizes }) {
    // tfjs has no gradient for a split into one piece.
    const parts = sizes.length === 1 ? [tf.clone(x)] : tf.split(x, sizes, x.rank - 1);
    const tensors: Record<string, tf.Tensor> = {};
    for (const [i, name] of names(sizes).entries()) tensors[name] = parts[i] as tf.Tensor;
    return tensors;
  },
  inverse: (y, _w, { sizes }) => ({
    x:
      sizes.length === 1
        ? tf.clone(y.y1 as tf.Tensor)
        : tf.concat(
            names(sizes).map((name) => y[name] as tf.Tensor),
            -1,
          ),
  }),
  inferInverse(y, { sizes }) {
    const shape = y.y1?.shape ?? [];
    return {
      x: f32(
        ...shape.slice(0, -1),
        sizes.reduce((sum, size) => sum + size, 0),
      ),
    };
  },
  summary: ({ sizes }) => sizes.join(" + "),
  explain: { summary: "Cuts the channels into pieces, an output for each.", equation: "[\\mathbf{y}_1, \\mathbf{y}_2, \\ldots] = \\mathbf{x}" },
  examples: [
    { inputs: { x: f32("batch", 2) } },
    { params: { sizes: [1, 3, 2] }, inputs: { x: f32("batch", 2, 6) } },
    { params: { sizes: [3] }, inputs: { x: f32("batch", 3) } },
  ],
});

/** As equal as whole numbers allow, the first pieces larger; undefined if there are fewer channels than pieces. */
function evenly(channels: number, pieces: number): number[] | undefined {
  if (channels < pieces) return undefined;
  return Array.from({ length: pieces }, (_, i) => Math.floor(channels / pieces) + (i < channels % pieces ? 1 : 0));
}
