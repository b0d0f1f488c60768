import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice, int } from "../params.ts";

/**
 * Channels into space or back, nothing computed: `[batch, h, w, c·f²] ⇄ [batch, h·f, w·f, c]` (Shi et al. 2016). Channel (i·f + j)·c + k
 * of a pixel becomes channel k of the pixel i down and j right in its block, as in TensorFlow's depth_to_space.
 */
export const pixelShuffle = defineLayer({
  type: "pixel-shuffle",
  title: "Pixel shuffle",
  family: "sampling",
  book: "10.4.2",
  aliases: ["depth to space", "space to depth", "sub-pixel", "unshuffle", "squeeze"],
  params: z.object({
    factor: int({ min: 2, max: 64, default: 2, help: "How many times larger or smaller each spatial axis becomes." }),
    direction: choice(["up", "down"], { help: "Up: channels become pixels. Down: pixels become channels." }),
  }),
  inputs: { x: { rank: 4, dtype: "float32", help: "Images [batch, height, width, channels]." } },
  outputs: ["y"],
  infer({ x }, { factor, direction }) {
    const [batch, height, width, channels] = x.shape;
    if (typeof height !== "number" || typeof width !== "number" || typeof channels !== "number")
      return problem("Sizes must be fixed to be shuffled.", {
        port: "x",
        expected: "[batch, height, width, channels]",
        received: formatShape(x.shape),
      });
    const area = factor * factor;
    if (direction === "up") {
      if (channels % area === 0) return { y: f32(batch as Dim, height * factor, width * factor, channels / area) };
      return problem(`${channels} channels do not make blocks of ${factor} × ${factor} pixels.`, {
        port: "x",
        expected: `a multiple of ${area} channels`,
        received: `${channels}`,
        mend: {
          label: `Insert a 1×1 convolution to ${Math.ceil(channels / area) * area} channels`,
          kind: "insert",
          port: "x",
          type: "conv2d",
          params: { filters: Math.ceil(channels / area) * area, kernel: 1 },
        },
      });
    }
    if (height % factor === 0 && width % factor === 0) return { y: f32(batch as Dim, height / factor, width / factor, channels * area) };
    return problem(`${height} × ${width} pixels do not make whole blocks of ${factor} × ${factor}.`, {
      port: "x",
      expected: `multiples of ${factor}`,
      received: formatShape(x.shape),
    });
  },
  apply: ({ x }, _w, { factor, direction }) => ({ y: direction === "up" ? toPixels(x, factor) : toChannels(x, factor) }),
  inverse: ({ y }, _w, { factor, direction }) => ({ x: direction === "up" ? toChannels(y, factor) : toPixels(y, factor) }),
  inferInverse({ y }, { factor, direction }) {
    const [batch, height, width, channels] = (y?.shape ?? []) as [Dim, number, number, number];
    const [space, area] = direction === "up" ? [1 / factor, factor ** 2] : [factor, 1 / factor ** 2];
    return { x: f32(batch, height * space, width * space, channels * area) };
  },
  summary: ({ factor, direction }) => `${direction} ${factor}`,
  explain: {
    summary: "Turns channels into pixels, or pixels into channels; nothing is lost.",
    equation: "y_{fi+m,\\,fj+n,\\,c} = x_{i,\\,j,\\,(fm+n)C+c}",
  },
  examples: [{ inputs: { x: f32("batch", 2, 3, 8) } }, { params: { factor: 3, direction: "down" }, inputs: { x: f32("batch", 3, 6, 2) } }],
});

function toPixels(x: tf.Tensor, factor: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const left = channels / (factor * factor);
  const blocks = tf.reshape(x, [batch * height, width, factor, factor * left]);
  return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [batch, height * factor, width * factor, left]);
}

function toChannels(x: tf.Tensor, factor: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const blocks = tf.reshape(x, [(batch * height) / factor, factor, width / factor, factor * channels]);
  return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), [batch, height / factor, width / factor, factor * factor * channels]);
}
