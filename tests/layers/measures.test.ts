import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gathered } from "../../src/layers/contract.ts";
import { earthMoversDistance } from "../../src/layers/loss/wasserstein.ts";
import { registry } from "../../src/layers/registry.ts";
import { type Rng, rng } from "../../src/tensor/random.ts";

/** Measures over samples, against values known in closed form. */

const cloud = (rows: readonly (readonly number[])[]): Gathered => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  values: Float32Array.from(rows.flat()),
});
const measure = (type: string, ports: Readonly<Record<string, Gathered>>, params = {}) => {
  const layer = registry.get(type);
  return layer?.over?.(ports, layer.params.parse(params)) ?? Number.NaN;
};
const normals = (random: Rng, count: number, means: readonly number[], deviations: readonly number[]) =>
  Array.from({ length: count }, () => means.map((mean, i) => mean + (deviations[i] as number) * random.normal()));

describe("Fréchet distance", () => {
  it("of two normal clouds is that of their means and deviations", () => {
    const x = cloud(normals(rng(1, "a"), 20_000, [0, 0], [1, 2]));
    const real = cloud(normals(rng(2, "b"), 20_000, [3, 0], [2, 2]));
    // |Δμ|² + Σ (σ₁ − σ₂)²
    expect(measure("metric.frechet-distance", { x, real })).toBeCloseTo(10, 0);
  });
  it("of a cloud to itself is 0, also where a coordinate never varies", () => {
    const x = cloud([
      [1, 5, 0],
      [2, 3, 0],
      [4, 1, 0],
    ]);
    expect(measure("metric.frechet-distance", { x, real: x })).toBeCloseTo(0, 6);
  });
  it("is no number where a coordinate is none", () => {
    const real = cloud([[1], [2]]);
    expect(measure("metric.frechet-distance", { x: cloud([[Number.NaN], [1]]), real })).toBeNaN();
  });
});

describe("inception score", () => {
  const sure = (c: number) => Array.from({ length: 4 }, (_, i) => (i === c ? 50 : 0));
  it("is the number of classes where each sample is of one and all are as frequent", () => {
    expect(measure("metric.inception-score", { x: cloud([0, 1, 2, 3].map(sure)) })).toBeCloseTo(4, 5);
  });
  it("is 1 where all samples are of one class, or of none in particular", () => {
    expect(measure("metric.inception-score", { x: cloud([sure(2), sure(2)]) })).toBeCloseTo(1, 5);
    expect(measure("metric.inception-score", { x: cloud([[0, 0, 0, 0]]) })).toBeCloseTo(1, 5);
  });
});

describe("manifold precision and recall", () => {
  it("a model that makes half of the data has precision 1 and recall a half; the other way round if the data are half", () => {
    const random = rng(3, "c");
    const left = normals(random, 200, [0, 0], [1, 1]);
    const both = cloud([...left, ...normals(random, 200, [100, 0], [1, 1])]);
    const one = cloud(left);
    expect(measure("metric.manifold-precision", { x: one, real: both })).toBe(1);
    expect(measure("metric.manifold-recall", { x: one, real: both })).toBe(0.5);
    expect(measure("metric.manifold-precision", { x: both, real: one })).toBe(0.5);
    expect(measure("metric.manifold-recall", { x: both, real: one })).toBe(1);
  });
});

describe("Wasserstein distance", () => {
  const line = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 12 });
  const points = (values: readonly number[]) => values.map((value) => Float64Array.of(value));

  it("in one dimension is the mean distance of the sorted points", () => {
    fc.assert(
      fc.property(line, (values) => {
        const others = values.map((value) => ((value * 37) % 91) + 5);
        const sorted = (list: readonly number[]) => list.toSorted((a, b) => a - b);
        const expected = sorted(values).reduce((sum, value, i) => sum + Math.abs(value - (sorted(others)[i] as number)), 0) / values.length;
        expect(earthMoversDistance(points(values), points(others))).toBeCloseTo(expected, 6);
      }),
    );
  });
  it("is the same both ways, and 0 to itself", () => {
    fc.assert(
      fc.property(line, line, (a, b) => {
        expect(earthMoversDistance(points(a), points(b))).toBeCloseTo(earthMoversDistance(points(b), points(a)), 6);
        expect(earthMoversDistance(points(a), points(a))).toBeCloseTo(0, 6);
      }),
    );
  });
});

describe("modes", () => {
  // Two clusters of deviation 1 per coordinate: (±1, ±1) around (0, 0) and (10, 0).
  const corners = [1, -1].flatMap((a) => [1, -1].map((b) => [a, b] as const));
  const real = cloud([...corners, ...corners.map(([a, b]) => [10 + a, b])]);
  const label: Gathered = { shape: [8], values: Int32Array.from([0, 0, 0, 0, 1, 1, 1, 1]) };
  const x = cloud([
    [0, 0],
    [2.9, 0],
    [0, -3.1],
    [5, 0],
  ]);
  it("counts clusters with a sample within three deviations", () => {
    expect(measure("metric.modes", { x, real, label })).toBe(1);
    expect(measure("metric.modes", { x, real, label }, { within: 6 })).toBe(1);
    expect(
      measure("metric.modes", {
        x: cloud([
          [1, 1],
          [9, 0],
        ]),
        real,
        label,
      }),
    ).toBe(2);
    expect(
      measure(
        "metric.modes",
        {
          x: cloud([
            [1, 1],
            [9, 0],
          ]),
          real,
          label,
        },
        { least: 2 },
      ),
    ).toBe(0);
  });
  it("gives the share of samples that lie in a cluster", () => {
    expect(measure("metric.modes", { x, real, label }, { count: "quality" })).toBe(0.5);
    expect(measure("metric.modes", { x, real, label }, { count: "quality", within: 6 })).toBe(1);
  });
});
