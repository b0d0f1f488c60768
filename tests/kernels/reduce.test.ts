import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame } from "./compare.ts";

const filled = (shape: number[], seed: number): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (((i * 7919 + seed * 31) % 23) - 11) / 4),
    shape,
  );
};

/** A shape and some of its axes. */
const reductions = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean()), { minLength: 1, maxLength: 5 })
  .map((dims) => ({ shape: dims.map(([n]) => n), axes: dims.flatMap(([, reduced], i) => (reduced ? [i] : [])) }))
  .chain((both) => fc.record({ shape: fc.constant(both.shape), axes: fc.constant(both.axes), keep: fc.boolean(), seed: fc.nat(99) }));

const over: Record<string, (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor> = {
  ...{ sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min },
  prod: (x, axes, keep) => tf.prod(tf.add(tf.mul(x, 0.1), 1), axes, keep),
  all: (x, axes, keep) => tf.all(tf.greater(x, -2), axes, keep),
  any: (x, axes, keep) => tf.any(tf.greater(x, 2), axes, keep),
  "sum of truths": (x, axes, keep) => tf.sum(tf.greater(x, 0), axes, keep),
};

describe("reductions over any axes", () => {
  for (const [name, of] of Object.entries(over)) {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(reductions, ({ shape, axes, keep, seed }) => expectSame(() => of(filled(shape, seed), axes, keep))),
        { numRuns: 60 },
      );
    });
  }

  it.each([
    [[5, 10000], [1]],
    [[1, 100000], [1]],
    [[70000], [0]],
    [[20000, 15], [0]],
    [[20000, 1], [0]],
    [[3000, 130], [0]],
    [[100, 1030], [0]],
    [[4, 5000, 3], [1]],
    [
      [30, 14, 14, 32],
      [0, 1, 2],
    ],
    [
      [30, 8, 14, 15],
      [0, 2, 3],
    ],
    [[2000, 33], [1]],
    [[7, 3, 1025], [1]],
  ])("large ones: %j over %j", async (shape, axes) => {
    await expectSame(() => [
      tf.sum(filled(shape, 1), axes),
      tf.mean(filled(shape, 1), axes),
      tf.max(filled(shape, 1), axes),
      tf.min(filled(shape, 1), axes),
    ]);
  });

  it("a long sum loses no digits", async () => {
    await tf.setBackend("wasm");
    const total = tf.tidy(() => tf.sum(tf.fill([3_000_000], 0.1)).arraySync());
    expect(Math.abs((total as number) / (3_000_000 * Math.fround(0.1)) - 1)).toBeLessThan(1e-6);
    const columns = tf.tidy(() => tf.sum(tf.fill([300_000, 7], 0.1), 0).arraySync()) as number[];
    for (const sum of columns) expect(Math.abs(sum / (300_000 * Math.fround(0.1)) - 1)).toBeLessThan(1e-5);
  });

  it("NaN and endless numbers go the reference's way", async () => {
    await expectSame(() => {
      const x = tf.tensor2d([1, Number.NaN, 3, Number.POSITIVE_INFINITY, 5, 6, Number.NEGATIVE_INFINITY, 8, 9], [3, 3]);
      return [tf.sum(x, 0), tf.max(x, 0), tf.min(x, 1), tf.mean(x, 1), tf.max(x), tf.prod(x, 1)];
    });
  });
});

describe("places and running sums", () => {
  it("the first of the largest and of the smallest along any axis", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }), fc.nat(99), (shape, seed) =>
        expectSame(() => shape.flatMap((_, axis) => [tf.argMax(filled(shape, seed), axis), tf.argMin(filled(shape, seed), axis)])),
      ),
      { numRuns: 30 },
    );
  });

  it("running sums along any axis", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.boolean(),
        (shape, exclusive, reverse) => expectSame(() => shape.map((_, axis) => tf.cumsum(filled(shape, 1), axis, exclusive, reverse))),
      ),
      { numRuns: 30 },
    );
  });
});

describe("softmax", () => {
  it("of rows of any length", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70 }), fc.nat(99), (rows, length, seed) =>
        expectSame(() => tf.softmax(tf.mul(filled([rows, length], seed), 10))),
      ),
      { numRuns: 60 },
    );
    await expectSame(() => tf.softmax(filled([4, 3, 200, 50], 3)));
  });

  it("masked and huge logits", async () => {
    await expectSame(() =>
      tf.softmax(
        tf.tensor2d([
          [0, Number.NEGATIVE_INFINITY, 1, -1e9, 2],
          [1e30, 1e30, 0, 0, -1e30],
        ]),
      ),
    );
  });

  it("its gradient and the logarithm's", async () => {
    await expectSame(() => tf.grad((x: tf.Tensor) => tf.sum(tf.square(tf.softmax(x))))(filled([20, 10], 1)));
    await expectSame(() => tf.grad((x: tf.Tensor) => tf.sum(tf.mul(tf.logSoftmax(x), filled([20, 10], 2))))(filled([20, 10], 1)));
  });
});
