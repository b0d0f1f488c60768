import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Layer } from "../../src/layers/contract.ts";
import { batchNorm } from "../../src/layers/normalisation/batch-norm.ts";
import { batchRenorm } from "../../src/layers/normalisation/batch-renorm.ts";
import { ghostBatchNorm } from "../../src/layers/normalisation/ghost-batch-norm.ts";
import { groupNorm } from "../../src/layers/normalisation/group-norm.ts";
import { instanceNorm } from "../../src/layers/normalisation/instance-norm.ts";
import { layerNorm } from "../../src/layers/normalisation/layer-norm.ts";
import { bind, distance, normal, out } from "./laws.ts";
import { apply, near, values } from "./support/apply.ts";

beforeAll(() => prepareBackend("cpu"));

/** Where each scheme takes its statistics: axes of images seen as [parts, examples, positions, groups, channels in a group]. */
interface Scheme {
  readonly layer: Layer;
  readonly params: Readonly<Record<string, unknown>>;
  readonly view: (batch: number, positions: number, channels: number) => number[];
  readonly axes: number[];
}
const plain = { affine: false, epsilon: 1e-8 };
const schemes: Readonly<Record<string, Scheme>> = {
  batch: { layer: batchNorm, params: { scale: false, offset: false, epsilon: 1e-8 }, view: (b, s, c) => [1, b, s, 1, c], axes: [1, 2] },
  "ghost batch": { layer: ghostBatchNorm, params: { ...plain, size: 2 }, view: (b, s, c) => [b / 2, 2, s, 1, c], axes: [1, 2] },
  "layer, each position": { layer: layerNorm, params: plain, view: (b, s, c) => [1, b, s, 1, c], axes: [4] },
  "layer, whole examples": { layer: layerNorm, params: { ...plain, over: "example" }, view: (b, s, c) => [1, b, s, 1, c], axes: [2, 4] },
  group: { layer: groupNorm, params: { ...plain, groups: 2 }, view: (b, s, c) => [1, b, s, 2, c / 2], axes: [2, 4] },
  instance: { layer: instanceNorm, params: plain, view: (b, s, c) => [1, b, s, 1, c], axes: [2] },
};
const even = fc.constantFrom(4, 6, 8);
const images = fc.record({ batch: even, height: fc.constantFrom(3, 4), width: fc.constantFrom(2, 5), channels: even, seed: fc.nat(1000) });

describe.each(Object.entries(schemes))("%s normalisation", (_, { layer, params, view, axes }) => {
  it("gives mean 0 and variance 1 over its own axes, whatever comes", () => {
    fc.assert(
      fc.property(images, ({ batch, height, width, channels, seed }) => {
        tf.tidy(() => {
          const x = tf.add(tf.mul(normal(seed, batch, height, width, channels), 3), 5);
          const y = out(bind(layer, params, { x }).apply({ x }, { training: true }), "y");
          const { mean, variance } = tf.moments(tf.reshape(y, view(batch, height * width, channels)), axes);
          expect(distance(mean, tf.zerosLike(mean))).toBeLessThan(1e-4);
          expect(distance(variance, tf.onesLike(variance))).toBeLessThan(1e-3);
        });
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it("leaves the means over the other axes as they are: it takes no more than its own", () => {
    tf.tidy(() => {
      const [batch, height, width, channels] = [4, 3, 4, 4] as const;
      const x = normal(2, batch, height, width, channels);
      const y = tf.reshape(out(bind(layer, params, { x }).apply({ x }, { training: true }), "y"), view(batch, height * width, channels));
      const others = [0, 1, 2, 3, 4].filter((axis) => !axes.includes(axis) && (y.shape[axis] as number) > 1);
      const spread = others.map((axis) => tf.max(tf.abs(tf.mean(y, axis))).dataSync()[0] as number);
      for (const value of spread) expect(value).toBeGreaterThan(0.01);
    });
  });
});

it.each(["layer, each position", "layer, whole examples", "group", "instance"])("%s normalisation keeps examples apart", (name) => {
  const { layer, params } = schemes[name] as Scheme;
  tf.tidy(() => {
    const x = normal(3, 4, 3, 3, 4);
    const whole = out(bind(layer, params, { x }).apply({ x }), "y");
    const alone = out(bind(layer, params, { x }).apply({ x: tf.slice(x, [2, 0, 0, 0], [1, 3, 3, 4]) }), "y");
    expect(distance(tf.slice(whole, [2, 0, 0, 0], [1, 3, 3, 4]), alone)).toBeLessThan(1e-5);
  });
});

describe("special cases", () => {
  const x = () => normal(4, 6, 3, 2, 4);
  const trained = (layer: Layer, params: Record<string, unknown>) => out(bind(layer, params, { x: x() }).apply({ x: x() }, { training: true }), "y");
  const batch = () => trained(batchNorm, { scale: false, offset: false });

  it("one ghost part is batch normalisation", () => {
    tf.tidy(() => {
      expect(distance(trained(ghostBatchNorm, { affine: false, size: 6 }), batch())).toBeLessThan(1e-5);
    });
  });
  it("as many groups as channels are instance normalisation, one group is layer normalisation of whole examples", () => {
    tf.tidy(() => {
      expect(distance(trained(groupNorm, { affine: false, groups: 4 }), trained(instanceNorm, { affine: false }))).toBeLessThan(1e-5);
      expect(distance(trained(groupNorm, { affine: false, groups: 1 }), trained(layerNorm, { affine: false, over: "example" }))).toBeLessThan(1e-5);
    });
  });
});

/** Two examples of one channel with mean 3 and deviation 1, against running mean 1 and deviation 2. */
const pair = [[2], [4]];

describe("running statistics", () => {
  it.each([
    ["batch-norm", { scale: false, offset: false, epsilon: 1e-8 }, { mean: [1], variance: [4] }],
    ["ghost-batch-norm", { affine: false, epsilon: 1e-8 }, { mean: [1], variance: [4] }],
    ["batch-renorm", { affine: false }, { mean: [1], deviation: [2] }],
  ])("%s uses them in evaluation, so that what else is in the batch does not matter", (type, params, weights) => {
    expect(near(values(apply(type, { x: pair }, { params, weights })), [0.5, 1.5])).toBe(true);
    expect(near(values(apply(type, { x: [[4]] }, { params, weights })), [1.5])).toBe(true);
  });

  it.each([
    ["batch-norm", { mean: [1], variance: [4] }, { mean: 1.5, variance: 3.25 }],
    ["ghost-batch-norm", { mean: [1], variance: [4] }, { mean: 1.5, variance: 3.25 }],
    ["batch-renorm", { mean: [1], deviation: [2] }, { mean: 1.5, deviation: 1.75 }],
  ])("%s moves them towards the batch's own in training, by 1 − momentum", (type, weights, expected) => {
    const updates = new Map<string, number[]>();
    const affine = { ...(type === "batch-norm" ? { scale: false, offset: false } : { affine: false }) };
    apply(type, { x: pair }, { params: { ...affine, momentum: 0.75 }, weights, training: true, updates });
    for (const [name, value] of Object.entries(expected)) expect(updates.get(name)?.[0]).toBeCloseTo(value, 4);
  });

  it("ghost parts move them towards the mean over the parts", () => {
    const updates = new Map<string, number[]>();
    const params = { affine: false, size: 2, momentum: 0 };
    apply("ghost-batch-norm", { x: [[2], [4], [10], [16]] }, { params, weights: { mean: [0], variance: [1] }, training: true, updates });
    expect(updates.get("mean")?.[0]).toBeCloseTo(8, 4);
    expect(updates.get("variance")?.[0]).toBeCloseTo(5, 4);
  });
});

describe("batch renormalisation in training", () => {
  const weights = { mean: [1], deviation: [2] };
  it("gives what the running statistics give while r and d stay within their bounds", () => {
    const params = { affine: false, epsilon: 1e-8, ratio: 3, shift: 5 };
    expect(near(values(apply("batch-renorm", { x: pair }, { params, weights, training: true })), [0.5, 1.5])).toBe(true);
  });
  it("is batch normalisation where r may only be 1 and d only 0", () => {
    const params = { affine: false, epsilon: 1e-8, ratio: 1, shift: 0 };
    expect(near(values(apply("batch-renorm", { x: pair }, { params, weights, training: true })), [-1, 1])).toBe(true);
  });
  it("sends back the gradient of batch normalisation where r is 1", () => {
    tf.tidy(() => {
      const x = normal(5, 6, 3);
      const factors = normal(6, 6, 3);
      const gradient = (layer: Layer, params: Record<string, unknown>) => {
        const bound = bind(layer, params, { x });
        return tf.grad((at: tf.Tensor) => tf.sum(tf.mul(factors, out(bound.apply({ x: at }, { training: true }), "y"))))(x);
      };
      const plainly = gradient(batchRenorm, { affine: false, ratio: 1, shift: 0 });
      expect(distance(plainly, gradient(batchNorm, { scale: false, offset: false }))).toBeLessThan(1e-5);
    });
  });
});
