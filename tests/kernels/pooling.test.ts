import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import fc from "fast-check";
import { it } from "vitest";
import { rng } from "../../src/tensor/random.ts";
import { expectSame } from "./compare.ts";

type Shape = [number, number, number, number];

/** Numbers with many that are equal, so that windows have several largest. */
const coarse = (shape: Shape): tf.Tensor4D => {
  const size = shape.reduce((product, n) => product * n, 1);
  const { int } = rng(3, "coarse", size);
  return tf.tensor4d(
    Float32Array.from({ length: size }, () => int(7) - 3),
    shape,
  );
};

const pooling = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 1, max: 7 }),
  width: fc.integer({ min: 4, max: 9 }),
  channels: fc.constantFrom(1, 2, 3, 4, 5, 15, 16, 20, 35),
  window: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 4 })),
  stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
  pad: fc.constantFrom("same" as const, "valid" as const),
});

it("takes the largest and the mean of windows", async () => {
  await fc.assert(
    fc.asyncProperty(pooling, ({ batch, height, width, channels, window, stride, pad }) => {
      const rows: [number, number] = [Math.min(window[0], height), window[1]];
      return expectSame(() => {
        const x = coarse([batch, height, width, channels]);
        return [tf.maxPool(x, rows, stride, pad), tf.avgPool(x, rows, stride, pad)];
      });
    }),
    { numRuns: 50 },
  );
});

it("gives the gradient to the first largest of each window", async () => {
  await fc.assert(
    fc.asyncProperty(pooling, ({ batch, height, width, channels, window, stride, pad }) => {
      const rows: [number, number] = [Math.min(window[0], height), window[1]];
      return expectSame(() => {
        const x = coarse([batch, height, width, channels]);
        return [
          tf.grad((t) => tf.square(tf.maxPool(t as tf.Tensor4D, rows, stride, pad)))(x),
          tf.grad((t) => tf.square(tf.avgPool(t as tf.Tensor4D, rows, stride, pad)))(x),
        ];
      });
    }),
    { numRuns: 50 },
  );
});

it("pools with explicit borders and rounding", async () => {
  await expectSame(() => {
    const x = coarse([2, 7, 8, 5]);
    return [
      tf.maxPool(x, 3, 2, 1),
      tf.maxPool(x, 3, 2, 1, "ceil"),
      tf.avgPool(x, 3, 2, 1, "floor"),
      tf.maxPool(x, 1, 1, "valid"),
      tf.maxPool(x, 1, 2, "valid"),
      tf.avgPool(x, [7, 8], 1, "valid"),
    ];
  });
});

it("pools the images of a batch, in several chunks", async () => {
  await expectSame(() => {
    const x = coarse([32, 28, 28, 32]);
    return [tf.maxPool(x, 2, 2, "valid"), tf.grad((t) => tf.square(tf.maxPool(t as tf.Tensor4D, 2, 2, "valid")))(x)];
  });
});
