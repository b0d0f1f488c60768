import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { rng } from "../../src/tensor/random.ts";
import { apply, values } from "./support/apply.ts";

/** Laws of layers for latent variables. */

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const numbers = (seed: number, rows: number, columns: number): number[][] => {
  const random = rng(seed, "numbers");
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
};

describe("bounds", () => {
  it("the ELBO never exceeds the importance-weighted bound of the same draws", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), (seed, batch, draws) => {
        const ports = { joint: [numbers(seed, batch, draws)], posterior: [numbers(seed + 1, batch, draws)] };
        const bound = (average: string) => -(values(apply("loss.importance-bound", ports, { params: { average } }), "loss")[0] ?? Number.NaN);
        const likelihood = values(apply("metric.log-likelihood", ports), "value")[0] ?? Number.NaN;
        expect(bound("logarithms")).toBeLessThanOrEqual(likelihood + 1e-5);
        expect(bound("weights")).toBeCloseTo(likelihood, 4);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  it("the ELBO of a Gaussian model lies below its likelihood in closed form, and touches it with the true posterior", () => {
    // z ~ Norm[0, 1], x ~ Norm[z, 1]: x ~ Norm[0, 2], and z given x ~ Norm[x/2, 1/2].
    const x = 0.8;
    const exact = -0.5 * (Math.log(2 * Math.PI * 2) + x ** 2 / 2);
    const elbo = (mean: number, variance: number) => {
      // E log Norm[x; z, 1] = −½ (log 2π + (x − m)² + v)
      const reconstruction = -0.5 * (Math.log(2 * Math.PI) + (x - mean) ** 2 + variance);
      return reconstruction - (values(apply("loss.kl-normal", { mean: [[mean]], logVariance: [[Math.log(variance)]] }), "loss")[0] ?? Number.NaN);
    };
    expect(elbo(x / 2, 0.5)).toBeCloseTo(exact, 5);
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: 0.05, max: 4, noNaN: true }), (mean, variance) => {
        expect(elbo(mean, variance)).toBeLessThanOrEqual(exact + 1e-5);
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("the divergence between equal normals is 0, whatever they are", () => {
    const [mean, logVariance] = [numbers(3, 4, 3), numbers(4, 4, 3)];
    const kl = apply("loss.kl-normal", { mean, logVariance, priorMean: mean, priorLogVariance: logVariance });
    expect(values(kl, "loss")[0]).toBeCloseTo(0, 6);
  });
});

describe("log-densities", () => {
  it("integrate to 1 on a grid", () => {
    const step = 0.05;
    const points = Array.from({ length: 401 }, (_, i) => [-10 + i * step]);
    const like = (value: number) => points.map(() => [value]);
    const density = values(apply("normal-log-density", { x: points, mean: like(0.7), logVariance: like(0.4) }));
    expect(density.reduce((sum, log) => sum + Math.exp(log) * step, 0)).toBeCloseTo(1, 4);
  });
  it("of bits sum to 1 over all there are", () => {
    const all = [0, 1].flatMap((a) => [0, 1].map((b) => [a, b]));
    const logs = values(apply("bernoulli-log-likelihood", { x: all.map(() => [0.3, -1.2]), target: all }));
    expect(logs.reduce((sum, log) => sum + Math.exp(log), 0)).toBeCloseTo(1, 5);
  });
});

describe("total correlation", () => {
  const measure = (x: number[][]) => {
    const tight = x.map((row) => row.map(() => Math.log(0.01)));
    return values(apply("loss.total-correlation", { x, mean: x, logVariance: tight }, { params: { examples: x.length } }), "loss")[0] ?? Number.NaN;
  };
  it("is higher where one latent variable repeats the other than where they are independent", () => {
    const free = numbers(5, 200, 2);
    expect(measure(free.map(([a = 0]) => [a, a]))).toBeGreaterThan(measure(free) + 0.3);
  });
});
