import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { ApplyContext, Params } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import "../../src/tensor/gradients.ts";

/** Laws of convolutions, of what makes pictures smaller and larger, and of what alters them in training. */

beforeAll(() => prepareBackend("cpu"));

const drawn = (shape: number[], key: string | number) => tf.tensor(rng(3, key).fillNormal(new Float32Array(shape.reduce((a, b) => a * b))), shape);
const context = (training: boolean, key: number): ApplyContext => {
  const stream = rng(key, "law");
  return {
    training,
    step: 0,
    batch: 2,
    rng: {
      normal: (shape) => tf.tensor(stream.fillNormal(new Float32Array(shape.reduce((a, b) => a * b, 1))), [...shape]),
      uniform: (shape) => tf.tensor(stream.fillUniform(new Float32Array(shape.reduce((a, b) => a * b, 1))), [...shape]),
    },
    update: () => undefined,
  };
};
const run = (type: string, x: Record<string, tf.Tensor>, params: Params = {}, w: Record<string, tf.Tensor> = {}, training = false, key = 1) => {
  const layer = registry.get(type);
  if (!layer?.apply) throw new Error(`There is no ${type}.`);
  return layer.apply(x, w, layer.params.parse(params), context(training, key));
};
const apart = (a: tf.Tensor | undefined, b: tf.Tensor | undefined) => tf.max(tf.abs(tf.sub(a as tf.Tensor, b as tf.Tensor))).dataSync()[0] as number;
const law = (check: (height: number, width: number, channels: number) => void) =>
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }), (h, w, c) => {
      tf.tidy(() => check(h, w, c));
    }),
    { numRuns: 12, seed: 4 },
  );

describe("down and up", () => {
  it("pixels shuffled into channels and back are where they were", () =>
    law((h, w, c) => {
      const x = drawn([2, 3 * h, 3 * w, c], "shuffle");
      const down = run("pixel-shuffle", { x }, { factor: 3, direction: "down" }).y as tf.Tensor;
      expect(apart(run("pixel-shuffle", { x: down }, { factor: 3, direction: "up" }).y, x)).toBe(0);
    }));

  it("unpooled maxima pool to themselves, wherever they are positive", () =>
    law((h, w, c) => {
      const before = tf.abs(drawn([2, 2 * h, 2 * w, c], "pool"));
      const pooled = run("max-pool", { x: before }).y as tf.Tensor;
      const back = run("max-unpool", { x: pooled, before }).y as tf.Tensor;
      expect(apart(run("max-pool", { x: back }).y, pooled)).toBe(0);
      expect(apart(tf.mul(back, tf.cast(tf.equal(back, 0), "float32")), tf.zerosLike(back))).toBe(0);
    }));

  it("what is repeated has the mean, and the maximum, that it had", () =>
    law((h, w, c) => {
      const x = drawn([2, h, w, c], "repeat");
      const large = run("upsample", { x }, { factor: 2 }).y as tf.Tensor;
      expect(apart(run("average-pool", { x: large }).y, x)).toBeLessThan(1e-6);
      expect(apart(run("max-pool", { x: large }).y, x)).toBe(0);
    }));

  it("a blur of a constant is that constant, away from the edge", () => {
    const y = tf.tidy(() => run("blur-pool", { x: tf.fill([1, 8, 8, 2], 3) }, { stride: 1 }).y as tf.Tensor);
    expect([...tf.slice(y, [0, 1, 1, 0], [1, 6, 6, 2]).dataSync()].every((value) => Math.abs(value - 3) < 1e-6)).toBe(true);
  });
});

describe("convolutions", () => {
  it("of a shifted picture are the shifted convolution", () => {
    tf.tidy(() => {
      const [kernel, x] = [drawn([3, 3, 2, 4], "kernel"), drawn([1, 9, 9, 2], "picture")];
      const moved = tf.slice(x, [0, 1, 2, 0], [1, 8, 7, 2]);
      const whole = run("conv2d", { x }, { filters: 4, padding: "valid", bias: false }, { kernel }).y as tf.Tensor;
      const part = run("conv2d", { x: moved }, { filters: 4, padding: "valid", bias: false }, { kernel }).y as tf.Tensor;
      expect(apart(part, tf.slice(whole, [0, 1, 2, 0], [1, 6, 5, 4]))).toBeLessThan(1e-5);
    });
  });

  it("separable ones are a depthwise one and a 1 × 1", () =>
    law((h, w, c) => {
      const [x, depthwise, pointwise] = [drawn([2, h + 2, w + 2, c], "x"), drawn([3, 3, c, 2], "d"), drawn([1, 1, 2 * c, 4], "p")];
      const both = run("separable-conv2d", { x }, { filters: 4, multiplier: 2, bias: false }, { depthwise, pointwise }).y;
      const each = run("depthwise-conv2d", { x }, { multiplier: 2, bias: false }, { kernel: depthwise }).y as tf.Tensor;
      expect(apart(run("conv2d", { x: each }, { filters: 4, kernel: 1, bias: false }, { kernel: pointwise }).y, both)).toBeLessThan(1e-4);
    }));

  it("3D ones of a single frame are 2D ones, and tfjs's own agree", () =>
    law((h, w, c) => {
      const [x, kernel] = [drawn([2, 4, h + 2, w + 2, c], "film"), drawn([3, 3, 3, c, 2], "kernel3")];
      const ours = run("conv3d", { x }, { filters: 2, bias: false, stride: [2, 1, 1] }, { kernel }).y;
      expect(apart(ours, tf.conv3d(x as tf.Tensor5D, kernel as tf.Tensor5D, [2, 1, 1], "same"))).toBeLessThan(1e-4);
      const frame = tf.slice(x, [0, 0, 0, 0, 0], [2, 1, h + 2, w + 2, c]);
      const flat = tf.slice(kernel, [1, 0, 0, 0, 0], [1, 3, 3, c, 2]);
      const of2d = run("conv2d", { x: tf.squeeze(frame, [1]) }, { filters: 2, bias: false }, { kernel: tf.squeeze(flat, [0]) }).y as tf.Tensor;
      expect(apart(tf.squeeze(run("conv3d", { x: frame }, { filters: 2, bias: false }, { kernel }).y as tf.Tensor, [1]), of2d)).toBeLessThan(1e-4);
    }));

  it("partial ones with nothing missing are ordinary ones; holes shrink, and what they hide does not matter", () => {
    tf.tidy(() => {
      const [x, kernel, bias] = [drawn([1, 7, 7, 2], "p"), drawn([3, 3, 2, 3], "k"), drawn([3], "b")];
      const params = { filters: 3, padding: "valid" };
      const full = run("partial-conv2d", { x, mask: tf.ones([1, 7, 7, 1]) }, params, { kernel, bias });
      expect(apart(full.y, run("conv2d", { x }, params, { kernel, bias }).y)).toBeLessThan(1e-5);
      const mask = tf.sub(
        1,
        tf.pad(tf.ones([1, 4, 4, 1]), [
          [0, 0],
          [1, 2],
          [2, 1],
          [0, 0],
        ]),
      );
      const one = run("partial-conv2d", { x, mask }, { filters: 3 }, { kernel, bias });
      const other = run("partial-conv2d", { x: tf.add(x, tf.mul(tf.sub(1, mask), 9)), mask }, { filters: 3 }, { kernel, bias });
      expect(apart(one.y, other.y)).toBeLessThan(1e-4);
      expect(tf.sum(tf.sub(1, one.mask as tf.Tensor)).dataSync()[0]).toBe(4);
    });
  });
});

describe("augmentation", () => {
  it("does nothing in evaluation", () => {
    tf.tidy(() => {
      const x = drawn([3, 6, 5, 2], "same");
      for (const type of ["random-flip", "random-crop", "cutout", "spatial-dropout"]) expect(apart(run(type, { x }).y, x), type).toBe(0);
    });
  });

  it("mirrors, moves, cuts a square of that size, and silences whole channels", () => {
    tf.tidy(() => {
      const x = tf.add(tf.abs(drawn([64, 8, 8, 3], "train")), 0.1);
      const flipped = run("random-flip", { x }, {}, {}, true).y as tf.Tensor;
      const unlike = tf.cast(tf.greater(tf.max(tf.abs(tf.sub(flipped, x)), [1, 2, 3]), 0), "float32");
      expect(Math.abs((tf.mean(unlike).dataSync()[0] as number) - 0.5)).toBeLessThan(0.25);
      expect(apart(tf.sum(flipped), tf.sum(x)) / (tf.sum(x).dataSync()[0] as number)).toBeLessThan(1e-5);
      const moved = run("random-crop", { x }, { padding: 1 }, {}, true, 7).y as tf.Tensor;
      const padded = tf.pad(x, [
        [0, 0],
        [1, 1],
        [1, 1],
        [0, 0],
      ]);
      const places = [0, 1, 2].flatMap((i) =>
        [0, 1, 2].map((j) => tf.max(tf.abs(tf.sub(moved, tf.slice(padded, [0, i, j, 0], x.shape as [number, number, number, number]))), [1, 2, 3])),
      );
      expect(tf.max(tf.min(tf.stack(places), 0)).dataSync()[0]).toBeLessThan(1e-5);
      const cut = tf.cast(tf.equal(run("cutout", { x }, { size: 3 }, {}, true).y as tf.Tensor, 0), "float32");
      const holes = [...tf.sum(tf.slice(cut, [0, 0, 0, 0], [64, 8, 8, 1]), [1, 2, 3]).dataSync()];
      expect(Math.max(...holes)).toBe(9);
      expect(Math.min(...holes)).toBeGreaterThanOrEqual(4);
      const dropped = tf.cast(tf.equal(run("spatial-dropout", { x }, { rate: 0.5 }, {}, true).y as tf.Tensor, 0), "float32");
      const share = [...tf.mean(dropped, [1, 2]).dataSync()];
      expect(share.every((value) => value === 0 || value === 1)).toBe(true);
    });
  });
});
