import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { ApplyContext } from "../../src/layers/contract.ts";
import { areaUnderCurve } from "../../src/layers/loss/roc-auc.ts";
import { registry } from "../../src/layers/registry.ts";
import { apply, near, values } from "./support/apply.ts";

/** What is special about a layer, in numbers worked out by hand. */

beforeAll(() => prepareBackend("cpu"));

describe("losses and metrics", () => {
  const x = [
    [1, 2, 0],
    [0, 0, 0],
  ];
  const first = Math.log(Math.E + Math.E ** 2 + 1);

  it("cross-entropy is the mean of −log softmax at the label", () => {
    const loss = values(apply("loss.cross-entropy", { x, label: [1, 2] }, { labels: ["label"] }), "loss");
    expect(near(loss, [(first - 2 + Math.log(3)) / 2])).toBe(true);
  });

  it("cross-entropy leaves out what the mask does not count, and is 0 where it counts nothing", () => {
    const masked = (mask: number[]) => values(apply("loss.cross-entropy", { x, label: [1, 2], mask }, { labels: ["label"] }), "loss");
    expect(near(masked([0, 1]), [Math.log(3)])).toBe(true);
    expect(near(masked([0, 0]), [0])).toBe(true);
  });

  it("perplexity is e to the mean cross-entropy of a whole split", () => {
    const mean = values(apply("metric.perplexity", { x, label: [1, 2] }, { labels: ["label"] }), "value");
    expect(registry.get("metric.perplexity")?.finish?.(mean, {})).toBeCloseTo(Math.exp((first - 2 + Math.log(3)) / 2), 4);
  });

  it("the area under the curve counts pairs in the right order, ties half, and heeds the mask", () => {
    expect(areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])).toBe(0.75);
    expect(areaUnderCurve([1, 1, 0], [1, 0, 0])).toBe(0.75);
    expect(areaUnderCurve([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], [1, 0, 1, 1])).toBe(1);
    expect(areaUnderCurve([1, 2], [1, 1])).toBeNaN();
    expect(areaUnderCurve([Number.NaN, 2], [1, 0])).toBeNaN();
    expect(areaUnderCurve([1, Number.NaN, 2], [0, 1, 1], [1, 0, 1])).toBe(1);
  });

  it("label smoothing mixes the label with all classes alike", () => {
    const smoothed = values(apply("loss.cross-entropy", { x: [[1, 2, 0]], label: [1] }, { labels: ["label"], params: { smoothing: 0.3 } }), "loss");
    expect(near(smoothed, [0.7 * (first - 2) + 0.3 * (first - 1)])).toBe(true);
  });

  it("cross-entropy stays finite for scores of any size", () => {
    const loss = values(apply("loss.cross-entropy", { x: [[1000, -1000]], label: [1] }, { labels: ["label"] }), "loss");
    expect(near(loss, [2000])).toBe(true);
  });

  it("binary cross-entropy is the same from logits and from their probabilities, and finite at both ends", () => {
    const logits = [
      [-2, 0.5],
      [3, -0.1],
    ];
    const target = [
      [0, 1],
      [1, 0.3],
    ];
    const probabilities = logits.map((row) => row.map((z) => 1 / (1 + Math.exp(-z))));
    const loss = (from: string, x: number[][], reduction: string) =>
      values(apply("loss.binary-cross-entropy", { x, target }, { params: { from, reduction } }), "loss")[0] as number;
    const each = probabilities.flatMap((row, i) =>
      row.map((p, j) => -((target[i]?.[j] ?? 0) * Math.log(p) + (1 - (target[i]?.[j] ?? 0)) * Math.log(1 - p))),
    );
    const total = each.reduce((sum, value) => sum + value, 0);
    expect(loss("logits", logits, "mean")).toBeCloseTo(total / 4, 5);
    expect(loss("probabilities", probabilities, "mean")).toBeCloseTo(total / 4, 5);
    expect(loss("logits", logits, "sum")).toBeCloseTo(total / 2, 5);
    expect(
      loss(
        "logits",
        [
          [500, -500],
          [500, -500],
        ],
        "mean",
      ),
    ).toBeLessThan(1000);
    expect(
      loss(
        "probabilities",
        [
          [1, 0],
          [0, 1],
        ],
        "mean",
      ),
    ).toBeLessThan(20);
  });

  it("squared error sums or averages over an example, and averages over the batch", () => {
    const pair = {
      x: [
        [1, 2],
        [3, 4],
      ],
      target: [
        [0, 0],
        [3, 3],
      ],
    };
    expect(values(apply("loss.squared-error", pair), "loss")).toEqual([1.5]);
    expect(values(apply("loss.squared-error", pair, { params: { reduction: "sum" } }), "loss")).toEqual([3]);
  });

  it("the KL divergence from the standard normal is 0 for itself, and follows the formula", () => {
    const kl = (mean: number[], logVariance: number[]) => values(apply("loss.kl-normal", { mean: [mean], logVariance: [logVariance] }), "loss");
    expect(kl([0, 0], [0, 0])).toEqual([0]);
    expect(near(kl([1, -2], [Math.log(4), 0]), [0.5 * (4 + 1 - 1 - Math.log(4) + 4)])).toBe(true);
  });

  it("the normal likelihood is −log density less the log-determinants, per example", () => {
    const loss = values(
      apply("loss.normal-likelihood", {
        x: [
          [1, 2],
          [0, 0],
        ],
        logdet: [
          [0.5, 1.5],
          [1, 0],
        ],
      }),
      "loss",
    );
    expect(near(loss, [0.5 * 2.5 + Math.log(2 * Math.PI) - 1 - 0.5])).toBe(true);
  });

  it("accuracy counts how often the largest score is at the label", () => {
    const run = (mask?: number[]) => values(apply("metric.accuracy", { x, label: [1, 2], ...(mask && { mask }) }, { labels: ["label"] }), "value");
    expect(run()).toEqual([0.5]);
    expect(run([1, 0])).toEqual([1]);
  });
});

describe("normalisation", () => {
  const x = [
    [1, 10],
    [3, 10],
    [5, 40],
    [7, 20],
  ];
  const weights = { gamma: [2, 1], delta: [0, 5], mean: [100, 0], variance: [4, 1] };

  it("in training, each channel has mean δ and standard deviation γ, whatever the running statistics", () => {
    const y = values(apply("batch-norm", { x }, { weights, training: true }));
    for (const [c, gamma, delta] of [
      [0, 2, 0],
      [1, 1, 5],
    ] as const) {
      const channel = y.filter((_, i) => i % 2 === c);
      const mean = channel.reduce((sum, value) => sum + value, 0) / 4;
      expect(mean).toBeCloseTo(delta, 5);
      expect(Math.sqrt(channel.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4)).toBeCloseTo(gamma, 3);
    }
  });

  it("in training, the running statistics move a tenth of the way to the batch's", () => {
    const updates = new Map<string, number[]>();
    apply("batch-norm", { x }, { weights, training: true, updates });
    expect(near(updates.get("mean") ?? [], [0.9 * 100 + 0.1 * 4, 0.1 * 20])).toBe(true);
    expect(near(updates.get("variance") ?? [], [0.9 * 4 + 0.1 * 5, 0.9 + 0.1 * 150])).toBe(true);
  });

  it("in evaluation, the running statistics are used and left alone, and examples do not depend on each other", () => {
    const updates = new Map<string, number[]>();
    const y = values(apply("batch-norm", { x }, { weights, updates }));
    expect(updates.size).toBe(0);
    expect(near(y.slice(0, 2), [((1 - 100) / Math.sqrt(4 + 1e-5)) * 2, 10 / Math.sqrt(1 + 1e-5) + 5])).toBe(true);
    expect(near(values(apply("batch-norm", { x: [x[0] as number[]] }, { weights })), y.slice(0, 2))).toBe(true);
  });

  it("layer normalisation gives each position mean 0 and variance 1", () => {
    const y = values(
      apply(
        "layer-norm",
        {
          x: [
            [
              [1, 2, 3],
              [10, 0, -10],
            ],
          ],
        },
        { params: { affine: false } },
      ),
    );
    expect(
      near(
        y,
        [-1, 0, 1, 1, 0, -1].map((value, i) => value / Math.sqrt(i < 3 ? 2 / 3 : 2 / 3 + 1e-7)),
      ),
    ).toBe(true);
  });
});

describe("dropout", () => {
  const ones = [Array<number>(20_000).fill(1)];

  it("does nothing in evaluation", () => expect(values(apply("dropout", { x: ones }))).toEqual(ones[0]));

  it("in training silences the share `rate` and keeps the mean", () => {
    const y = values(apply("dropout", { x: ones }, { params: { rate: 0.3 }, training: true }));
    const silent = y.filter((value) => value === 0).length / y.length;
    expect(silent).toBeGreaterThan(0.28);
    expect(silent).toBeLessThan(0.32);
    expect(y.every((value) => value === 0 || Math.abs(value - 1 / 0.7) < 1e-6)).toBe(true);
  });
});

describe("activations and sampling", () => {
  it("GELU is x Φ(x)", () => expect(near(values(apply("gelu", { x: [0, 1, -1, 3] })), [0, 0.841345, -0.158655, 2.99595])).toBe(true));

  it("average pooling leaves the padding out of its means, as tfjs's own does", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (h, w, size, stride) => {
          const x = Array.from({ length: h }, (_, i) => Array.from({ length: w }, (_, j) => [Math.sin(3 * i + j)]));
          const got = values(apply("average-pool", { x: [x] }, { params: { size, stride, padding: "same" } }));
          const own = tf.tidy(() => [...tf.avgPool(tf.tensor4d([x]), size, stride, "same").dataSync()]);
          expect(near(got, own)).toBe(true);
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it("nearest upsampling repeats, bilinear puts values between", () => {
    const x = [[[0], [4]]];
    expect(values(apply("upsample", { x }, { params: { factor: 3 } }))).toEqual([0, 0, 0, 4, 4, 4]);
    expect(values(apply("upsample", { x }, { params: { factor: 2, mode: "bilinear" } }))).toEqual([0, 1, 3, 4]);
  });

  it("noise is standard normal, or uniform between −1 and 1", () => {
    const normal = values(apply("noise", {}, { params: { shape: [10_000] } }), "x");
    expect(normal.reduce((sum, value) => sum + value * value, 0) / 10_000).toBeCloseTo(1, 1);
    const uniform = values(apply("noise", {}, { params: { shape: [10_000], distribution: "uniform" } }), "x");
    expect(Math.max(...uniform)).toBeLessThanOrEqual(1);
    expect(Math.min(...uniform)).toBeLessThan(-0.99);
    expect(uniform.reduce((sum, value) => sum + value, 0) / 10_000).toBeCloseTo(0, 1);
  });
});

describe("shape and arithmetic", () => {
  it("reshape and transpose keep and move numbers as row-major order says", () => {
    const x = [[1, 2, 3, 4, 5, 6]];
    expect(apply("reshape", { x }, { params: { shape: [-1, 2] } }).y).toEqual({ shape: [1, 3, 2], values: [1, 2, 3, 4, 5, 6] });
    expect(
      apply("transpose", {
        x: [
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
        ],
      }).y,
    ).toEqual({ shape: [1, 3, 2], values: [1, 4, 2, 5, 3, 6] });
  });

  it("crop undoes pad", () => {
    const x = [
      [
        [[1], [2]],
        [[3], [4]],
      ],
    ];
    const rim = { before: [1, 2], after: [0, 1] };
    const padded = apply("pad", { x }, { params: rim }).y;
    expect(padded).toEqual({ shape: [1, 3, 5, 1], values: [0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 3, 4, 0] });
    const back = tf.tidy(() => tf.tensor(padded?.values ?? [], padded?.shape).arraySync()) as number[][];
    expect(values(apply("crop", { x: back }, { params: rim }))).toEqual([1, 2, 3, 4]);
  });

  it("concatenate undoes split", () => {
    const parts = apply("split", { x: [[1, 2, 3, 4, 5, 6]] }, { params: { sizes: [1, 3, 2] } });
    expect(Object.keys(parts)).toEqual(["y1", "y2", "y3"]);
    const joined = apply("concatenate", { x: Object.values(parts).map(({ values }) => [values]) });
    expect(values(joined)).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe("operations as nodes", () => {
  const at = (type: string, inputs: Parameters<typeof apply>[1], params = {}, labels: string[] = []) =>
    values(apply(type, inputs, { params, labels }), "y");

  it("repeat sizes of 1, as in NumPy", () => {
    const x = [
      [1, 2],
      [3, 4],
    ];
    expect(near(at("subtract", { a: x, b: [[1], [10]] }), [0, 1, -7, -6])).toBe(true);
    expect(near(at("divide", { a: x, b: [[2, 4]] }), [0.5, 0.5, 1.5, 1])).toBe(true);
    expect(near(at("extremum", { x: [x, [[2, 3]]] }, { kind: "min" }), [1, 2, 2, 3])).toBe(true);
  });

  it("multiply matrices as they stand and transposed", () => {
    const [a, b] = [[[1, 2]], [[3, 4]]];
    expect(near(at("matmul", { a, b }, { transposeB: true }), [11])).toBe(true);
    expect(near(at("matmul", { a, b }, { transposeA: true }), [3, 4, 6, 8])).toBe(true);
  });

  it("pick rows of one table, or of each example's own", () => {
    const table = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(near(at("gather", { x: table, index: [2, 0] }, {}, ["index"]), [5, 6, 1, 2])).toBe(true);
    const tables = [table, table.map((row) => row.map((value) => 10 * value))];
    expect(near(at("gather", { x: tables, index: [[1], [2]] }, {}, ["index"]), [3, 4, 50, 60])).toBe(true);
  });

  it("stay finite where a logarithm or a root is not", () => {
    expect(near(at("function", { x: [[-1, 1]] }, { function: "log" }), [Math.log(1e-7), 0])).toBe(true);
    expect(near(at("function", { x: [[-1, 4]] }, { function: "sqrt" }), [Math.sqrt(1e-7), 2])).toBe(true);
  });

  it("cut, compare, choose and reduce", () => {
    const x = [
      [1, 5, 2],
      [7, 0, 3],
    ];
    expect(near(at("slice", { x }, { axis: 1, begin: -2, size: 1 }), [5, 0])).toBe(true);
    expect(near(at("compare", { a: x, b: [[2]] }, { relation: "greater-equal" }), [0, 1, 1, 1, 0, 1])).toBe(true);
    expect(near(at("where", { condition: [[1], [0]], a: x, b: [[9, 9, 9]] }, {}, ["condition"]), [1, 5, 2, 9, 9, 9])).toBe(true);
    const broken = [[Number.NaN, Number.POSITIVE_INFINITY, 4]];
    expect(near(at("where", { condition: [[0, 0, 1]], a: broken, b: [[1, 2, 3]] }, {}, ["condition"]), [1, 2, 4])).toBe(true);
    expect(near(at("reduce", { x }, { kind: "max", axes: [1] }), [5, 7])).toBe(true);
    expect(near(at("reduce", { x }, { kind: "sum" }), [18])).toBe(true);
  });

  it("pass no gradient where it is stopped", () => {
    const stopped = (x: tf.Tensor) => registry.get("stop-gradient")?.apply?.({ x }, {}, {}, {} as ApplyContext).y as tf.Tensor;
    const gradient = tf.tidy(() => [
      ...tf
        .grad((x) => tf.sum(tf.mul(x, stopped(x))))(tf.tensor([2, 3]))
        .dataSync(),
    ]);
    expect(gradient).toEqual([2, 3]);
  });
});
