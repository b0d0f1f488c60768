import "../../src/tensor/gradients.ts";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";
import { apply, near, values } from "./support/apply.ts";

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
    const tight = x.map((row) => row.map(() => Math.log(0.04)));
    return values(apply("loss.total-correlation", { x, mean: x, logVariance: tight }, { params: { examples: x.length } }), "loss")[0] ?? Number.NaN;
  };
  it("is higher where one latent variable repeats the other than where they are independent", () => {
    const free = numbers(5, 200, 2);
    expect(measure(free.map(([a = 0]) => [a, a]))).toBeGreaterThan(measure(free) + 0.5);
    expect(Math.abs(measure(free))).toBeLessThan(0.5);
  });
});

describe("gaussian mixture", () => {
  const points = [...numbers(6, 60, 2), ...numbers(7, 40, 2).map(([a = 0, b = 0]) => [5 + a + b, 4 + b])];
  const start = {
    logits: [0, 0, 0],
    means: numbers(8, 3, 2),
    logDeviations: numbers(9, 3, 2).map((row) => row.map(() => 0.5)),
    lower: [[0], [0], [0]],
  };
  const rowsOf = (flat: readonly number[], columns: number) =>
    Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns));
  const logSumExp = (row: readonly number[]) => Math.log(row.reduce((sum, value) => sum + Math.exp(value), 0));

  it("the bound touches the likelihood after each E-step, and no M-step lowers either", () => {
    let weights: Readonly<Record<string, number[] | number[][]>> = start;
    let before = Number.NEGATIVE_INFINITY;
    for (let turn = 0; turn < 8; turn++) {
      const joint = rowsOf(values(apply("gaussian-mixture", { x: points }, { weights })), 3);
      const likelihood = joint.reduce((sum, row) => sum + logSumExp(row), 0);
      const responsibilities = joint.map((row) => row.map((value) => Math.exp(value - logSumExp(row))));
      const bound = (of: number[][]) =>
        of.reduce(
          (sum, row, i) =>
            row.reduce((all, value, k) => {
              const share = responsibilities[i]?.[k] ?? 0;
              return share > 1e-12 ? all + share * (value - Math.log(share)) : all;
            }, sum),
          0,
        );
      expect(bound(joint)).toBeCloseTo(likelihood, 2);
      expect(likelihood).toBeGreaterThan(before - 1e-2);
      const updates = new Map<string, number[]>();
      const ports = { x: points, responsibilities };
      const after = rowsOf(values(apply("gaussian-mixture", ports, { weights, training: true, updates, params: { floor: 1e-6 } })), 3);
      expect(bound(after)).toBeGreaterThan(bound(joint) - 1e-2);
      expect(bound(after)).toBeLessThanOrEqual(after.reduce((sum, row) => sum + logSumExp(row), 0) + 1e-2);
      before = likelihood;
      const next = (name: string) => updates.get(name) ?? [];
      weights = {
        logits: next("logits"),
        means: rowsOf(next("means"), 2),
        logDeviations: rowsOf(next("logDeviations"), 2),
        lower: rowsOf(next("lower"), 1),
      };
    }
  });

  it("one component fitted to points has their mean and covariance", () => {
    const updates = new Map<string, number[]>();
    const ports = { x: points, responsibilities: points.map(() => [1]) };
    const weights = { logits: [0], means: [[0, 0]], logDeviations: [[0, 0]], lower: [[0]] };
    apply("gaussian-mixture", ports, { weights, training: true, updates, params: { components: 1, floor: 1e-8 } });
    const mean = [0, 1].map((d) => points.reduce((sum, point) => sum + (point[d] ?? 0), 0) / points.length);
    const covariance = (i: number, j: number) =>
      points.reduce((sum, point) => sum + ((point[i] ?? 0) - (mean[i] ?? 0)) * ((point[j] ?? 0) - (mean[j] ?? 0)), 0) / points.length;
    const [l = 0] = updates.get("lower") ?? [];
    const [d0 = 0, d1 = 0] = (updates.get("logDeviations") ?? []).map((log) => Math.exp(2 * log));
    expect(updates.get("means")?.[0]).toBeCloseTo(mean[0] ?? 0, 4);
    expect(d0).toBeCloseTo(covariance(0, 0), 3);
    expect(l * d0).toBeCloseTo(covariance(1, 0), 3);
    expect(l * l * d0 + d1).toBeCloseTo(covariance(1, 1), 3);
  });
});

describe("vector quantise", () => {
  const weights = {
    table: [
      [0, 0],
      [4, 4],
    ],
  };
  it("gives each vector the nearest code, and says which", () => {
    const done = apply(
      "vector-quantise",
      {
        x: [
          [1, 1],
          [3, 5],
        ],
      },
      { weights, params: { codes: 2 } },
    );
    expect(values(done)).toEqual([0, 0, 4, 4]);
    expect(values(done, "index")).toEqual([0, 1]);
    expect(values(done, "commitment")[0]).toBeCloseTo(2, 5);
  });
  it("passes gradients straight through to what was quantised", () => {
    const gradient = tf.tidy(() => {
      const layer = registry.get("vector-quantise");
      const context = { training: true, step: 0, batch: 2, rng: noDraws, gradient: noDraws.normal, update: () => undefined };
      const run = (x: tf.Tensor) =>
        layer?.apply?.({ x }, { table: tf.tensor2d(weights.table) }, layer.params.parse({ codes: 2 }), context).y as tf.Tensor;
      return [
        ...tf
          .grad((x) =>
            tf.sum(
              tf.mul(
                run(x),
                tf.tensor2d([
                  [1, 2],
                  [3, 4],
                ]),
              ),
            ),
          )(
            tf.tensor2d([
              [1, 1],
              [3, 5],
            ]),
          )
          .dataSync(),
      ];
    });
    expect(gradient).toEqual([1, 2, 3, 4]);
  });
  it("by averages, codes move to the mean of what chose them", () => {
    const updates = new Map<string, number[]>();
    const averaged = {
      ...weights,
      uses: [0, 0],
      sums: [
        [0, 0],
        [0, 0],
      ],
    };
    apply(
      "vector-quantise",
      {
        x: [
          [1, 1],
          [0, 2],
          [3, 5],
        ],
      },
      { weights: averaged, training: true, updates, params: { codes: 2, learn: "averages", decay: 0.5 } },
    );
    expect(updates.get("table")).toEqual([0.5, 1.5, 3, 5]);
  });
});
const noDraws = {
  normal: (): tf.Tensor => {
    throw new Error("Nothing is drawn here.");
  },
  uniform: (): tf.Tensor => {
    throw new Error("Nothing is drawn here.");
  },
};

describe("sample category", () => {
  it("draws classes as often as their probabilities say", () => {
    const x = Array.from({ length: 4000 }, () => [0, Math.log(2), Math.log(5)]);
    const drawn = values(apply("sample-category", { x }));
    for (const [k, share] of [1 / 8, 2 / 8, 5 / 8].entries())
      expect(Math.abs(drawn.filter((one) => one === k).length / drawn.length - share)).toBeLessThan(0.03);
  });
});

describe("interpolate", () => {
  it("keeps the length of two vectors of one length on a circle, and both ends", () => {
    const [a, b] = [
      [3, 0, 0],
      [0, 0, 3],
    ];
    const way = values(apply("interpolate", { a: [a], b: [b] }, { params: { steps: 5 } }));
    for (let i = 0; i < 5; i++) expect(Math.hypot(...way.slice(3 * i, 3 * i + 3))).toBeCloseTo(3, 3);
    expect(near(way.slice(0, 3), a) && near(way.slice(12), b)).toBe(true);
  });
});

describe("principal components", () => {
  const gathered = (rows: number[][]) => ({ shape: [rows.length, rows[0]?.length ?? 0], values: Float32Array.from(rows.flat()) });
  const over = (type: string, ports: Record<string, number[][]>, params = {}) => {
    const layer = registry.get(type);
    return (
      layer?.over?.(Object.fromEntries(Object.entries(ports).map(([port, rows]) => [port, gathered(rows)])), layer.params.parse(params)) ?? Number.NaN
    );
  };
  const stretched = numbers(11, 500, 3).map(([a = 0, b = 0, c = 0]) => [10 * a, 3 * b, c]);
  const flat = stretched.map(([a = 0, b = 0]) => [a, b, 0]);
  it("no reconstruction through so few dimensions keeps more variance", () => {
    expect(over("metric.explained-variance", { x: flat, real: stretched })).toBeLessThanOrEqual(
      over("metric.principal-variance", { x: stretched }) + 1e-9,
    );
    expect(over("metric.principal-variance", { x: stretched })).toBeCloseTo(109 / 110, 2);
  });
  it("the angle is 0 for the same plane and 90 for one that lacks a direction", () => {
    expect(over("metric.principal-angle", { x: flat, real: stretched })).toBeLessThan(2);
    expect(over("metric.principal-angle", { x: stretched.map(([a = 0, , c = 0]) => [a, 0, c]), real: stretched })).toBeGreaterThan(88);
  });
});

describe("attribute vector", () => {
  it("goes from the mean of what lacks the attribute to that of what has it", () => {
    const weights = { with: [6, 2], without: [2, 2], withWeight: 2, withoutWeight: 1 };
    const ports = { x: [[1, 1]], codes: [[0, 0]], label: [0] };
    expect(values(apply("attribute-vector", ports, { weights, labels: ["label"], params: { strength: 2 } }))).toEqual([3, -1]);
  });
});
