import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { stochasticDepth } from "../../src/layers/activation/stochastic-depth.ts";
import { shakeShake } from "../../src/layers/arithmetic/shake-shake.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import { bind, distance, normal, out } from "./laws.ts";
import { apply, near, values } from "./support/apply.ts";

/** What the parts of residual blocks promise. */

beforeAll(() => prepareBackend("cpu"));

const ones = (...shape: number[]) => tf.ones(shape);

describe("shake-shake", () => {
  it("mixes convexly forward, and convexly again, by another draw, backward", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), fc.nat(1000), (branches, seed) => {
        tf.tidy(() => {
          // Branch n is 1 at position n and 0 elsewhere, so the output is the shares themselves.
          const x = Array.from({ length: branches }, (_, n) => tf.mul(ones(5, branches), tf.oneHot(tf.tensor1d([n], "int32"), branches)));
          const bound = bind(shakeShake, {}, { x }, seed);
          const run = (...given: tf.Tensor[]) => out(bound.apply({ x: given }, { training: true, rng: stream(seed) }), "y");
          const alpha = run(...x);
          expect(tf.min(alpha).dataSync()[0]).toBeGreaterThanOrEqual(0);
          expect(distance(tf.sum(alpha, 1), ones(5))).toBeLessThan(1e-5);
          const shares = tf
            .grads((...given: tf.Tensor[]) => tf.sum(run(...given)))(x)
            .map((gradient) => tf.slice(gradient, [0, 0], [5, 1]));
          const beta = tf.concat(shares, 1);
          expect(tf.min(beta).dataSync()[0]).toBeGreaterThanOrEqual(0);
          expect(distance(tf.sum(beta, 1), ones(5))).toBeLessThan(1e-5);
          expect(distance(alpha, beta)).toBeGreaterThan(1e-3);
        });
      }),
      { numRuns: 10, seed: 1 },
    );
  });

  it("takes the mean in evaluation", () => {
    expect(near(values(apply("shake-shake", { x: [[[1, 2]], [[3, 6]]] })), [2, 4])).toBe(true);
  });
});

/** Draws that go on: a second draw differs from the first. */
function stream(seed: number) {
  const numbers = rng(seed, "draws");
  const draw = (shape: readonly number[], fill: (outs: Float32Array) => Float32Array) =>
    tf.tensor(fill(new Float32Array(tf.util.sizeFromShape([...shape]))), [...shape]);
  return {
    normal: (shape: readonly number[]) => draw(shape, numbers.fillNormal),
    uniform: (shape: readonly number[]) => draw(shape, numbers.fillUniform),
  };
}

describe("stochastic depth", () => {
  it("leaves out whole examples, as often as it says, and counts with its expectation in evaluation", () => {
    tf.tidy(() => {
      const x = ones(4000, 3);
      const bound = bind(stochasticDepth, { rate: 0.3, per: "example" }, { x });
      const y = out(bound.apply({ x }, { training: true, rng: stream(3) }), "y");
      const rows = [...tf.mean(y, 1).dataSync()];
      expect(new Set(rows)).toEqual(new Set([0, 1]));
      expect(rows.reduce((sum, value) => sum + value, 0) / rows.length).toBeCloseTo(0.7, 1);
      expect(distance(out(bound.apply({ x }), "y"), tf.mul(x, 0.7))).toBeLessThan(1e-6);
    });
  });

  it("per batch takes or leaves the branch as a whole", () => {
    tf.tidy(() => {
      const x = ones(8, 2, 2, 1);
      const bound = bind(stochasticDepth, { rate: 0.5, per: "batch" }, { x });
      for (let seed = 0; seed < 10; seed++)
        expect(new Set(out(bound.apply({ x }, { training: true, rng: stream(seed) }), "y").dataSync()).size).toBe(1);
    });
  });
});

describe("the highway gate", () => {
  it("carries its input past when it is shut, gives the branch when open, and something between otherwise", () => {
    tf.tidy(() => {
      const x = normal(1, 4, 3);
      const h = normal(2, 4, 3);
      const gated = (bias: number) => {
        const weights = { kernel: [0, 0, 0].map(() => [0, 0, 0]), bias: [bias, bias, bias] };
        return tf.tensor(values(apply("highway-gate", { x: x.arraySync() as number[][], h: h.arraySync() as number[][] }, { weights })), [4, 3]);
      };
      expect(distance(gated(-30), x)).toBeLessThan(1e-5);
      expect(distance(gated(30), h)).toBeLessThan(1e-5);
      expect(distance(gated(0), tf.div(tf.add(x, h), 2))).toBeLessThan(1e-5);
    });
  });
});

describe("FixUp's start", () => {
  it("gain multiplies the start values and nothing else", () => {
    const spec = { shape: [20, 20], init: "he-normal" } as const;
    const plain = initialise(spec, rng(1, "w"));
    expect([...initialise({ ...spec, gain: 0.5 }, rng(1, "w"))]).toEqual([...plain].map((value) => value / 2));
  });

  it.each(["conv2d", "conv1d", "dense"])("%s passes it to its kernel alone", (type) => {
    const layer = registry.get(type);
    const x = { shape: type === "conv2d" ? ["batch", 4, 4, 2] : type === "conv1d" ? ["batch", 4, 2] : ["batch", 2], dtype: "float32" } as const;
    const weights = layer?.weights?.({ x }, layer.params.parse({ gain: 0.25 }));
    expect(weights?.kernel?.gain).toBe(0.25);
    expect(weights?.bias?.gain).toBeUndefined();
  });
});
