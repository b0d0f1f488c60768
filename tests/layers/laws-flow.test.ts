import "@tensorflow/tfjs-backend-cpu";
import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { actnorm } from "../../src/layers/flow/actnorm.ts";
import { affineCoupling } from "../../src/layers/flow/affine-coupling.ts";
import { couplingTransform } from "../../src/layers/flow/coupling-transform.ts";
import { dequantise } from "../../src/layers/flow/dequantise.ts";
import { elementwiseFlow } from "../../src/layers/flow/elementwise-flow.ts";
import { gaussianSample } from "../../src/layers/flow/gaussian-sample.ts";
import { invertibleResidual } from "../../src/layers/flow/invertible-residual.ts";
import { linearLu } from "../../src/layers/flow/linear-lu.ts";
import { maskedAutoregressive } from "../../src/layers/flow/masked-autoregressive.ts";
import { permutation } from "../../src/layers/flow/permutation.ts";
import { planar } from "../../src/layers/flow/planar.ts";
import { radial } from "../../src/layers/flow/radial.ts";
import { f32 } from "../../src/tensor/types.ts";
import { type Bound, bind, distance, normal, out } from "./laws.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const env = { dataset: () => undefined, datasetNames: () => [] };
const runs = { seed: 13, numRuns: 30 };

const couplings = fc.record({
  seed: fc.nat(1e6),
  features: fc.integer({ min: 2, max: 5 }),
  hidden: fc.integer({ min: 1, max: 6 }),
  layers: fc.integer({ min: 1, max: 3 }),
  activation: fc.constantFrom("tanh", "relu"),
  swap: fc.boolean(),
  clamp: fc.constantFrom(0.5, 2, 5),
});

/** log|det| of a square matrix, by elimination with pivots. */
function logAbsDet(matrix: number[][]): number {
  const rows = matrix.map((row) => [...row]);
  let sum = 0;
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows.reduce((best, row, r) => (r >= i && Math.abs(row[i] as number) > Math.abs(rows[best]?.[i] as number) ? r : best), i);
    const [a, b] = [rows[i] as number[], rows[pivot] as number[]];
    rows[i] = b;
    rows[pivot] = a;
    sum += Math.log(Math.abs(b[i] as number));
    for (let r = i + 1; r < rows.length; r++) {
      const row = rows[r] as number[];
      const factor = (row[i] as number) / (b[i] as number);
      for (let c = i; c < row.length; c++) row[c] = (row[c] as number) - factor * (b[c] as number);
    }
  }
  return sum;
}

/** ∂y/∂x at one example, by central differences. */
function jacobian(layer: Bound, x: number[], step: number): number[][] {
  const at = (values: number[]) => [...out(layer.apply({ x: tf.tensor2d([values]) }), "y").dataSync()];
  const moved = (d: number, by: number) => at(x.map((value, i) => (i === d ? value + by : value)));
  const columns = x.map((_, d) => {
    const [up, down] = [moved(d, step), moved(d, -step)];
    return up.map((value, i) => (value - (down[i] as number)) / (2 * step));
  });
  return x.map((_, row) => columns.map((column) => column[row] as number));
}

describe("affine coupling", () => {
  it("is undone by its inverse", () => {
    fc.assert(
      fc.property(couplings, (c) =>
        tf.tidy(() => {
          const x = normal(c.seed, 4, c.features);
          const layer = bind(affineCoupling, c, { x }, c.seed);
          const y = layer.apply({ x });
          expect(distance(out(layer.inverse(y), "x"), x)).toBeLessThan(1e-4);
          expect(distance(out(y, "y"), x)).toBeGreaterThan(1e-4);
          const back = layer.inverse({ y: x });
          expect(distance(out(layer.apply(back), "y"), x)).toBeLessThan(1e-4);
        }),
      ),
      runs,
    );
  });

  it("reports the log-determinant of its Jacobian", () => {
    fc.assert(
      fc.property(couplings, (c) =>
        tf.tidy(() => {
          const x = normal(c.seed, 2, c.features);
          // Smooth only: differences across a kink of ReLU are no derivative.
          const layer = bind(affineCoupling, { ...c, activation: "tanh" }, { x }, c.seed);
          const logdet = [...out(layer.apply({ x }), "logdet").dataSync()];
          const rows = x.arraySync() as number[][];
          for (const [i, row] of rows.entries()) expect(logAbsDet(jacobian(layer, row, 1e-2))).toBeCloseTo(logdet[i] as number, 2);
        }),
      ),
      runs,
    );
  });

  it("passes one part through unchanged, the other part when swapped", () => {
    tf.tidy(() => {
      const x = normal(1, 3, 5);
      const y = (swap: boolean) => out(bind(affineCoupling, { swap }, { x }).apply({ x }), "y");
      const [left, right] = [(t: tf.Tensor) => tf.slice(t, [0, 0], [3, 2]), (t: tf.Tensor) => tf.slice(t, [0, 2], [3, 3])];
      expect(distance(left(y(false)), left(x))).toBe(0);
      expect(distance(right(y(true)), right(x))).toBe(0);
      expect(distance(right(y(false)), right(x))).toBeGreaterThan(0.01);
      expect(distance(left(y(true)), left(x))).toBeGreaterThan(0.01);
    });
  });

  it("keeps log-scales within the clamp however large its weights", () => {
    tf.tidy(() => {
      const x = normal(1, 50, 2);
      const { logdet } = bind(affineCoupling, { clamp: 1.5 }, { x }, 1, 20).apply({ x });
      expect(tf.max(tf.abs(logdet as tf.Tensor)).dataSync()[0]).toBeLessThanOrEqual(1.5001);
    });
  });

  it("starts as the identity", () => {
    const p = affineCoupling.params.parse({ layers: 2 });
    expect(affineCoupling.weights?.({ x: f32("batch", 4) }, p)).toMatchObject({
      kernel2: { init: "zeros", shape: [64, 4] },
      bias2: { init: "zeros" },
    });
    tf.tidy(() => {
      const x = normal(1, 3, 4);
      const { y, logdet } = bind(affineCoupling, {}, { x }, 1, 0).apply({ x });
      expect(distance(y as tf.Tensor, x)).toBe(0);
      expect(distance(logdet as tf.Tensor, tf.zeros([3]))).toBe(0);
    });
  });

  it("needs two features", () => {
    expect(affineCoupling.infer({ x: f32("batch", 1) }, affineCoupling.params.parse({}), env)).toMatchObject({ port: "x", received: "1" });
  });
});

/** Flow layers on vectors: type, parameters, features. */
const flows = [
  [linearLu, {}, 4],
  [elementwiseFlow, { bins: 5, range: 2 }, 3],
  [elementwiseFlow, { kind: "piecewise-linear", bins: 5, range: 2 }, 3],
  [maskedAutoregressive, { hidden: 6, activation: "tanh" }, 4],
  [maskedAutoregressive, { hidden: 6, activation: "tanh", reverse: true, layers: 1 }, 3],
  [planar, {}, 3],
  [radial, {}, 3],
  [actnorm, {}, 3],
  [permutation, { order: "shuffle" }, 5],
  [invertibleResidual, { hidden: 6, activation: "tanh", iterations: 100 }, 3],
] as const;

describe.each(flows.map(([layer, p, features]) => [`${layer.type} ${JSON.stringify(p)}`, layer, p, features] as const))(
  "%s",
  (_, layer, p, features) => {
    it("is undone by its inverse, whose log-determinant is minus its own", () => {
      fc.assert(
        fc.property(fc.nat(1e6), (seed) =>
          tf.tidy(() => {
            const x = normal(seed, 4, features);
            const bound = bind(layer, p, { x }, seed);
            const there = bound.apply({ x });
            const back = bound.inverse({ y: out(there, "y") });
            expect(distance(out(back, "x"), x)).toBeLessThan(1e-3);
            expect(distance(tf.neg(out(back, "logdet")), out(there, "logdet"))).toBeLessThan(2e-3);
          }),
        ),
        { seed: 5, numRuns: 15 },
      );
    });

    it("reports the log-determinant of its Jacobian", () => {
      fc.assert(
        fc.property(fc.nat(1e6), (seed) =>
          tf.tidy(() => {
            // Between the knots of straight pieces: a difference across a kink is no derivative.
            const x = tf.add(tf.mul(tf.round(tf.mul(normal(seed, 2, features), 4)), 0.2), 0.07);
            const bound = bind(layer, p, { x }, seed);
            const logdet = out(bound.apply({ x }), "logdet").dataSync();
            for (const [i, row] of (x.arraySync() as number[][]).entries())
              expect(logAbsDet(jacobian(bound, row, 2e-3))).toBeCloseTo(logdet[i] as number, 2);
          }),
        ),
        { seed: 6, numRuns: 12 },
      );
    });
  },
);

describe("a density over the plane integrates to 1:", () => {
  it.each(
    (
      [
        [affineCoupling, { hidden: 5, activation: "tanh" }],
        [linearLu, {}],
        [elementwiseFlow, { bins: 5, range: 2 }],
        [elementwiseFlow, { kind: "piecewise-linear", bins: 5, range: 2 }],
        [maskedAutoregressive, { hidden: 6, activation: "tanh" }],
        [planar, {}],
        [radial, {}],
        [invertibleResidual, { hidden: 6, activation: "tanh" }],
      ] as const
    ).map(([layer, p]) => [`${layer.type} ${JSON.stringify(p)}`, layer, p] as const),
  )("%s", (_, layer, p) => {
    tf.tidy(() => {
      const [side, reach] = [200, 9];
      const at = (i: number) => ((i + 0.5) / side - 0.5) * 2 * reach;
      const x = tf.tensor2d(Array.from({ length: side * side }, (_, i) => [at(i % side), at(Math.floor(i / side))]));
      const { y, logdet } = bind(layer, p, { x }, 3, 0.4).apply({ x });
      const logDensity = tf.sub(tf.add(tf.mul(tf.sum(tf.square(y as tf.Tensor), 1), -0.5), logdet as tf.Tensor), Math.log(2 * Math.PI));
      const total = tf.mul(tf.sum(tf.exp(logDensity)), ((2 * reach) / side) ** 2).dataSync()[0] as number;
      expect(total).toBeGreaterThan(0.98);
      expect(total).toBeLessThan(1.02);
    });
  });
});

describe("coupling transform", () => {
  it.each([
    ["affine", 2],
    ["additive", 1],
    ["rational-quadratic", 11],
    ["piecewise-linear", 4],
  ] as const)("%s is undone where it is given the same parameters, on images too", (kind, size) => {
    tf.tidy(() => {
      const [x, parameters] = [normal(1, 2, 3, 3, 2), tf.mul(normal(2, 2, 3, 3, 2 * size), 0.5)];
      const layer = bind(couplingTransform, { kind, bins: 4, range: 2 }, { x, parameters });
      const { y, logdet } = layer.apply({ x, parameters });
      const back = layer.inverse({ y: y as tf.Tensor, parameters });
      expect(distance(back.x as tf.Tensor, x)).toBeLessThan(1e-3);
      expect(distance(tf.neg(back.logdet as tf.Tensor), logdet as tf.Tensor)).toBeLessThan(1e-3);
      if (kind !== "additive") expect(distance(y as tf.Tensor, x)).toBeGreaterThan(0.05);
    });
  });

  it("starts as the identity", () => {
    tf.tidy(() => {
      const x = normal(1, 50, 2);
      for (const [kind, size] of [
        ["affine", 2],
        ["rational-quadratic", 11],
        ["piecewise-linear", 4],
      ] as const) {
        const parameters = tf.zeros([50, 2 * size]);
        const { y, logdet } = bind(couplingTransform, { kind, bins: 4 }, { x, parameters }).apply({ x, parameters });
        expect(distance(y as tf.Tensor, x)).toBeLessThan(1e-4);
        expect(distance(logdet as tf.Tensor, tf.zeros([50]))).toBeLessThan(1e-4);
      }
    });
  });
});

describe("masked autoregressive", () => {
  it("lets every feature depend on those before it alone", () => {
    tf.tidy(() => {
      const x = [0.3, -0.4, 0.9, 0.1];
      for (const reverse of [false, true]) {
        const matrix = jacobian(bind(maskedAutoregressive, { hidden: 8, activation: "tanh", reverse }, { x: tf.tensor2d([x]) }), x, 1e-2);
        for (const [i, row] of matrix.entries())
          for (const [j, value] of row.entries()) if (reverse ? j < i : j > i) expect(Math.abs(value)).toBeLessThan(1e-6);
      }
    });
  });
});

describe("activation normalisation", () => {
  it("gives the first batch mean 0 and variance 1, and keeps that start", () => {
    tf.tidy(() => {
      const x = tf.add(tf.mul(normal(1, 500, 3), 4), 7);
      const kept: Record<string, tf.Tensor> = {};
      const update = (weight: string, value: tf.Tensor) => void (kept[weight] = value);
      const { y } = bind(actnorm, {}, { x }, 1, 0).apply({ x }, { training: true, update });
      const { mean, variance } = tf.moments(y as tf.Tensor, 0);
      expect(distance(mean, tf.zeros([3]))).toBeLessThan(1e-3);
      expect(distance(variance, tf.ones([3]))).toBeLessThan(1e-3);
      expect([...(kept.started as tf.Tensor).dataSync()]).toEqual([1]);
      expect((kept.mean as tf.Tensor).dataSync()[0]).toBeCloseTo(7, 0);
    });
  });
});

describe("invertible residual", () => {
  it("contracts however large its weights", () => {
    tf.tidy(() => {
      const [a, b] = [normal(1, 200, 3), normal(2, 200, 3)];
      const layer = bind(invertibleResidual, { hidden: 8, bound: 0.9 }, { x: a }, 3, 20);
      const move = (x: tf.Tensor) => tf.sub(out(layer.apply({ x }), "y"), x);
      const ratio = tf.div(tf.norm(tf.sub(move(a), move(b)), 2, 1), tf.norm(tf.sub(a, b), 2, 1));
      expect(tf.max(ratio).dataSync()[0]).toBeLessThan(1);
    });
  });

  it("estimates the log-determinant without bias, by series and by roulette", () => {
    tf.tidy(() => {
      const x = tf.tile(tf.tensor2d([[0.2, -0.5]]), [20_000, 1]);
      const mean = (estimator: string, seed: number) =>
        tf
          .mean(
            out(
              bind(invertibleResidual, { hidden: 4, layers: 1, activation: "tanh", bound: 0.6, estimator, terms: 8 }, { x }, seed).apply(
                { x },
                { training: true },
              ),
              "logdet",
            ),
          )
          .dataSync()[0] as number;
      for (const seed of [1, 2]) {
        const exact = mean("exact", seed);
        expect(mean("power-series", seed)).toBeCloseTo(exact, 1);
        expect(mean("roulette", seed)).toBeCloseTo(exact, 1);
      }
    });
  });
});

describe("dequantise", () => {
  it("stays in the bin of each value, and falls back to it", () => {
    tf.tidy(() => {
      const x = tf.reshape(tf.div(tf.range(0, 17), 16), [1, 17]);
      const layer = bind(dequantise, { levels: 17 }, { x });
      const { y } = layer.apply({ x });
      expect(distance(tf.floor(tf.mul(y as tf.Tensor, 17)), tf.reshape(tf.range(0, 17), [1, 17]))).toBe(0);
      expect(distance(layer.inverse({ y: y as tf.Tensor }).x as tf.Tensor, x)).toBeLessThan(1e-6);
    });
  });
});

describe("gaussian sample", () => {
  it("has the mean and the variance it is given, in evaluation as in training", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.boolean(),
        (mean, logVariance, training) =>
          tf.tidy(() => {
            const inputs = { mean: tf.fill([20_000], mean), logVariance: tf.fill([20_000], logVariance) };
            const { mean: m, variance: v } = tf.moments(out(bind(gaussianSample, {}, inputs, 3).apply(inputs, { training }), "y"));
            const deviation = Math.exp(logVariance / 2);
            expect(Math.abs((m.dataSync()[0] as number) - mean)).toBeLessThan(0.03 * deviation);
            expect(Math.abs((v.dataSync()[0] as number) / deviation ** 2 - 1)).toBeLessThan(0.04);
          }),
      ),
      { seed: 5, numRuns: 10 },
    );
  });

  it("lets gradients through: 1 to the mean, half the deviation from it to the log-variance", () => {
    tf.tidy(() => {
      const [mean, logVariance] = [normal(1, 6), normal(2, 6)];
      const layer = bind(gaussianSample, {}, { mean, logVariance });
      const y = (m: tf.Tensor, v: tf.Tensor) => out(layer.apply({ mean: m, logVariance: v }), "y");
      const [toMean, toLog] = tf.grads((m: tf.Tensor, v: tf.Tensor) => tf.sum(y(m, v)))([mean, logVariance]);
      expect(distance(toMean as tf.Tensor, tf.ones([6]))).toBe(0);
      expect(distance(toLog as tf.Tensor, tf.mul(tf.sub(y(mean, logVariance), mean), 0.5))).toBeLessThan(1e-6);
    });
  });

  it("asks for a log-variance of the mean's shape", () => {
    expect(gaussianSample.infer({ mean: f32("batch", 3), logVariance: f32("batch", 4) }, {}, env)).toMatchObject({
      port: "logVariance",
      expected: "[batch, 3]",
      received: "[batch, 4]",
    });
  });
});
