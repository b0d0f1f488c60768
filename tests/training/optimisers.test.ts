import "../../src/tensor/gradients.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Optimiser as OptimiserSpec } from "../../src/document/schema.ts";
import { rng } from "../../src/tensor/random.ts";
import { clipByGlobalNorm } from "../../src/training/clipping.ts";
import { createOptimiser } from "../../src/training/optimisers.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** One number at a time, in double precision, straight from the papers and torch.optim's documentation. */
type Reference = (w: number, g: number, s: number[], t: number, decay: number) => number;

const rate = 0.05;
const references: { name: string; spec: OptimiserSpec; reference: Reference }[] = [
  { name: "SGD", spec: { type: "sgd", rate }, reference: (w, g) => w - rate * g },
  { name: "SGD with L2 decay", spec: { type: "sgd", rate, weightDecay: 0.1 }, reference: (w, g, _s, _t, decay) => w - rate * (g + decay * w) },
  {
    name: "SGD with momentum and L2 decay",
    spec: { type: "sgd", rate, momentum: 0.9, weightDecay: 0.1 },
    reference: (w, g, s, _t, decay) => {
      s[0] = 0.9 * (s[0] ?? 0) + g + decay * w;
      return w - rate * s[0];
    },
  },
  {
    name: "Nesterov's momentum",
    spec: { type: "sgd", rate, momentum: 0.8, nesterov: true },
    reference: (w, g, s) => {
      s[0] = 0.8 * (s[0] ?? 0) + g;
      return w - rate * (g + 0.8 * s[0]);
    },
  },
  {
    name: "RMSProp",
    spec: { type: "rmsprop", rate, rho: 0.8, epsilon: 1e-6, weightDecay: 0.1 },
    reference: (w, g, s, _t, decay) => {
      const total = g + decay * w;
      s[0] = 0.8 * (s[0] ?? 0) + 0.2 * total ** 2;
      return w - (rate * total) / (Math.sqrt(s[0]) + 1e-6);
    },
  },
  {
    name: "RMSProp with momentum",
    spec: { type: "rmsprop", rate, momentum: 0.5 },
    reference: (w, g, s) => {
      s[0] = 0.9 * (s[0] ?? 0) + 0.1 * g ** 2;
      s[1] = 0.5 * (s[1] ?? 0) + g / (Math.sqrt(s[0]) + 1e-8);
      return w - rate * s[1];
    },
  },
  {
    name: "Adam with L2 decay",
    spec: { type: "adam", rate, weightDecay: 0.1 },
    reference: (w, g, s, t, decay) => {
      const total = g + decay * w;
      s[0] = 0.9 * (s[0] ?? 0) + 0.1 * total;
      s[1] = 0.999 * (s[1] ?? 0) + 0.001 * total ** 2;
      return w - (rate * (s[0] / (1 - 0.9 ** t))) / (Math.sqrt(s[1] / (1 - 0.999 ** t)) + 1e-8);
    },
  },
  {
    name: "AdamW with decoupled decay",
    spec: { type: "adamw", rate, beta1: 0.8, beta2: 0.99, epsilon: 1e-4, weightDecay: 0.3 },
    reference: (w, g, s, t, decay) => {
      s[0] = 0.8 * (s[0] ?? 0) + 0.2 * g;
      s[1] = 0.99 * (s[1] ?? 0) + 0.01 * g ** 2;
      return w - rate * decay * w - (rate * (s[0] / (1 - 0.8 ** t))) / (Math.sqrt(s[1] / (1 - 0.99 ** t)) + 1e-4);
    },
  },
];

describe("optimisers", () => {
  it.each(references)("$name gives the numbers of its formula over ten steps, and keeps no tensor too many", ({ spec, reference }) => {
    const before = tf.memory().numTensors;
    const kinds = [
      { shape: [2, 3], init: "zeros" },
      { shape: [4], init: "zeros" },
      { shape: [4], init: "zeros", decay: true },
    ] as const;
    const optimiser = createOptimiser(spec, kinds);
    const random = rng(3, spec.type);
    const start = kinds.map(({ shape }) => random.fillNormal(new Float32Array(shape.reduce((a, b) => a * b, 1))));
    const expected = start.map((values) => Float64Array.from(values));
    const slots = start.map((values) => Array.from(values, (): number[] => []));
    let weights: tf.Tensor[] = start.map((values, i) => tf.tensor(values, [...(kinds[i]?.shape ?? [])]));
    const steady = tf.memory().numTensors;
    for (let t = 1; t <= 10; t++) {
      const gradients = start.map((values) => random.fillNormal(new Float32Array(values.length)));
      weights = tf.tidy(() => {
        const tensors = gradients.map((values, i) => tf.tensor(values, weights[i]?.shape));
        const next = optimiser.update(
          weights,
          tensors,
          optimiser.factors(rate, t).map((factor) => tf.scalar(factor)),
        );
        for (const weight of weights) weight.dispose();
        return next;
      });
      expected.forEach((values, i) => {
        const decay = i === 1 ? 0 : (spec.weightDecay ?? 0);
        values.forEach((w, j) => {
          values[j] = reference(w, gradients[i]?.[j] ?? 0, slots[i]?.[j] ?? [], t, decay);
        });
      });
      expect(tf.memory().numTensors).toBe(steady);
    }
    weights.forEach((weight, i) => {
      const got = weight.dataSync();
      expected[i]?.forEach((value, j) => {
        expect(got[j]).toBeCloseTo(value, 4);
      });
    });
    optimiser.dispose();
    tf.dispose(weights);
    expect(tf.memory().numTensors).toBe(before);
  });

  it("leave a weight without a gradient as it is", () => {
    const optimiser = createOptimiser({ type: "adamw", rate }, [{ shape: [2, 2], init: "ones" }]);
    const weight = tf.ones([2, 2]);
    expect(tf.tidy(() => optimiser.update([weight], [undefined], []))[0]).toBe(weight);
    optimiser.dispose();
    weight.dispose();
  });
});

describe("clipping by the global norm", () => {
  it("shortens all gradients alike when they are too long together", () => {
    tf.tidy(() => {
      const { gradients, norm } = clipByGlobalNorm([tf.tensor1d([3, 0]), undefined, tf.tensor1d([4])], 1);
      expect(norm.dataSync()[0]).toBeCloseTo(5);
      expect(gradients[0]?.dataSync()[0]).toBeCloseTo(0.6);
      expect(gradients[1]).toBeUndefined();
      expect(gradients[2]?.dataSync()[0]).toBeCloseTo(0.8);
    });
  });

  it("leaves short ones alone, zero included", () => {
    tf.tidy(() => {
      expect([...(clipByGlobalNorm([tf.tensor1d([0.3, 0.4])], 1).gradients[0]?.dataSync() ?? [])]).toEqual([...Float32Array.of(0.3, 0.4)]);
      expect([...(clipByGlobalNorm([tf.zeros([2])], 1).gradients[0]?.dataSync() ?? [])]).toEqual([0, 0]);
    });
  });
});
