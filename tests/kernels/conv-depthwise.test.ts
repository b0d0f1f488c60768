import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectSame } from "./compare.ts";

const normal = <R extends tf.Rank>(shape: number[], seed: number) => tf.randomNormal<R>(shape as tf.ShapeMap[R], 0, 1, "float32", seed);

const gradients = (x: tf.Tensor, filter: tf.Tensor, strides: number | [number, number], pad: "same" | "valid" | number) => {
  const loss = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.square(tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, strides, pad)));
  return tf.grads(loss)([x, filter]);
};

describe("depthwise convolutions", () => {
  it("and their gradients are those of the reference for any sizes, strides and kernels a channel", async () => {
    const shapes = fc
      .record({
        batch: fc.integer({ min: 1, max: 3 }),
        height: fc.integer({ min: 1, max: 10 }),
        width: fc.integer({ min: 1, max: 10 }),
        channels: fc.integer({ min: 1, max: 18 }),
        multiplier: fc.integer({ min: 1, max: 6 }),
        kh: fc.integer({ min: 1, max: 4 }),
        kw: fc.integer({ min: 1, max: 4 }),
        stride: fc.integer({ min: 1, max: 3 }),
        pad: fc.constantFrom("same" as const, "valid" as const, 1),
      })
      .filter(({ height, width, kh, kw }) => height >= kh && width >= kw);
    await fc.assert(
      fc.asyncProperty(shapes, async ({ batch, height, width, channels, multiplier, kh, kw, stride, pad }) => {
        await expectSame(() => {
          const x = normal<tf.Rank.R4>([batch, height, width, channels], 1);
          const filter = normal<tf.Rank.R4>([kh, kw, channels, multiplier], 2);
          return [tf.depthwiseConv2d(x, filter, stride, pad), ...gradients(x, filter, stride, pad)];
        });
      }),
      { numRuns: 100 },
    );
  });

  it("take a dilation, a bias and an activation along", async () => {
    for (const [multiplier, activation] of [
      [1, "relu"],
      [3, "relu6"],
      [1, "linear"],
      [2, "elu"],
    ] as const) {
      await expectSame(() => {
        const [x, filter] = [normal<tf.Rank.R4>([2, 9, 8, 10], 1), normal<tf.Rank.R4>([3, 2, 10, multiplier], 2)];
        const bias = normal<tf.Rank.R1>([10 * multiplier], 3);
        return tf.fused.depthwiseConv2d({ x, filter, bias, strides: 1, pad: "same", dilations: [2, 2], activation });
      });
    }
  });

  it("are shared among threads by rows", async () => {
    await expectSame(() => {
      const [x, filter] = [normal<tf.Rank.R4>([6, 24, 25, 24], 1), normal<tf.Rank.R4>([3, 3, 24, 1], 2)];
      return [tf.depthwiseConv2d(x, filter, 1, "same"), ...gradients(x, filter, [2, 2], "same")];
    });
  });
});
