import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame } from "./compare.ts";

const size = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 70 }));
const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

describe("matrix products", () => {
  it("are those of the reference for any sizes, batches and transposes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          m: size,
          k: size,
          n: size,
          ta: fc.boolean(),
          tb: fc.boolean(),
          batch: fc.constantFrom([], [3], [2, 2]),
          one: fc.constantFrom("a", "b", ""),
        }),
        async ({ m, k, n, ta, tb, batch, one }) => {
          await expectSame(() => {
            const a = normal([...(one === "a" ? batch.map(() => 1) : batch), ...(ta ? [k, m] : [m, k])], 1);
            const b = normal([...(one === "b" ? batch.map(() => 1) : batch), ...(tb ? [n, k] : [k, n])], 2);
            return tf.matMul(a, b, ta, tb);
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("take a bias and an activation along", async () => {
    for (const activation of ["linear", "relu", "relu6", "leakyrelu", "elu", "sigmoid"] as const) {
      for (const [m, k, n] of [
        [5, 3, 11],
        [64, 33, 16],
      ] as const)
        await expectSame(() =>
          tf.fused.matMul({ a: normal([m, k], 1), b: normal([k, n], 2), bias: normal([n], 3) as tf.Tensor1D, activation, leakyreluAlpha: 0.1 }),
        );
    }
  });

  it("add up long sums, with and without a bias, transposed or not", async () => {
    await expectSame(() => [
      tf.matMul(normal([5000, 20], 1), normal([5000, 12], 2), true),
      tf.matMul(normal([3, 5000], 3), normal([9, 5000], 4), false, true),
      tf.fused.matMul({
        a: normal([7, 3000], 5) as tf.Tensor2D,
        b: normal([3000, 13], 6) as tf.Tensor2D,
        bias: normal([13], 7) as tf.Tensor1D,
        activation: "relu",
      }),
    ]);
  });

  it("have as many rows, columns and terms as they like", async () => {
    await expectSame(() => [
      tf.matMul(normal([300, 200], 1), normal([200, 130], 2)),
      tf.matMul(normal([200, 301], 1), normal([130, 200], 2), true, true),
      tf.matMul(normal([1, 2000], 1), normal([2000, 1500], 2)),
      tf.matMul(normal([40, 64, 32], 1), normal([40, 64, 32], 2), false, true),
    ]);
  });

  it("of nothing are nothing, and an empty sum is zero", async () => {
    await expectSame(() => [tf.matMul(tf.zeros([0, 3]), tf.zeros([3, 2])), tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3]))]);
  });

  it("of one tensor with itself", async () => {
    await expectSame(() => {
      const x = normal([20, 20], 1);
      return tf.matMul(x, x, true);
    });
    expect.assertions(3);
  });
});
