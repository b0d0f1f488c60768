import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Initialiser, WeightSpec } from "../../src/layers/contract.ts";
import { fans, initialise } from "../../src/layers/initialise.ts";
import { rng } from "../../src/tensor/random.ts";

const start = (spec: WeightSpec) => initialise(spec, rng(1, "weight"));
const moments = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
};

/** 3·3·20 inputs to each output, 3·3·30 outputs of each input. */
const kernel = [3, 3, 20, 30] as const;
const variances: [Initialiser, number][] = [
  ["he-normal", 2 / 180],
  ["he-uniform", 2 / 180],
  ["glorot-normal", 2 / 450],
  ["glorot-uniform", 2 / 450],
  ["lecun-normal", 1 / 180],
  [{ normal: 0.3 }, 0.09],
  [{ uniform: 0.3 }, 0.03],
];

describe("a weight starts with the variance that its initialiser names", () => {
  it.each(variances)("%j", (init, expected) => {
    const { mean, variance } = moments(start({ shape: kernel, init }));
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(expected / 5400));
    expect(variance / expected).toBeGreaterThan(0.93);
    expect(variance / expected).toBeLessThan(1.07);
  });

  it("uniform kinds stay within their limit, and fill it", () => {
    const values = start({ shape: kernel, init: { uniform: 0.3 } });
    expect(Math.max(...values)).toBeLessThanOrEqual(0.3);
    expect(Math.max(...values)).toBeGreaterThan(0.29);
    expect(Math.min(...values)).toBeLessThan(-0.29);
  });

  it("fans that a layer states are used instead of the shape's", () => {
    const { variance } = moments(start({ shape: [3, 3, 64, 8], init: "he-normal", fanIn: 9 }));
    expect(variance / (2 / 9)).toBeCloseTo(1, 1);
  });
});

it("fans follow Keras's rule for vectors, matrices and kernels", () => {
  const fansOf = (...shape: number[]) => Object.values(fans({ shape, init: "zeros" }));
  expect(fansOf(7)).toEqual([7, 7]);
  expect(fansOf(3, 5)).toEqual([3, 5]);
  expect(fansOf(4, 3, 5)).toEqual([12, 20]);
  expect(fansOf(2, 4, 3, 5)).toEqual([24, 40]);
  expect(fansOf()).toEqual([1, 1]);
});

it("constants are constant", () => {
  expect([...start({ shape: [3], init: "zeros" })]).toEqual([0, 0, 0]);
  expect([...start({ shape: [3], init: "ones" })]).toEqual([1, 1, 1]);
  expect([...start({ shape: [2], init: { constant: -2 } })]).toEqual([-2, -2]);
});

it("the same stream gives the same numbers, another one others", () => {
  const spec: WeightSpec = { shape: [4, 4], init: "orthogonal" };
  expect(initialise(spec, rng(1, "a"))).toEqual(initialise(spec, rng(1, "a")));
  expect(initialise(spec, rng(1, "a"))).not.toEqual(initialise(spec, rng(2, "a")));
});

it("an orthogonal kernel has orthonormal columns, or rows where it is wider than tall", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(
    fc.property(fc.array(size, { minLength: 2, maxLength: 3 }), (shape) => {
      const columns = shape.at(-1) as number;
      const values = start({ shape, init: "orthogonal" });
      const rows = values.length / columns;
      const tall = rows >= columns;
      const entry = (i: number, k: number) => values[tall ? i * columns + k : k * columns + i] as number;
      const vectors = Math.min(rows, columns);
      for (let a = 0; a < vectors; a++)
        for (let b = 0; b <= a; b++) {
          let dot = 0;
          for (let i = 0; i < Math.max(rows, columns); i++) dot += entry(i, a) * entry(i, b);
          expect(dot).toBeCloseTo(a === b ? 1 : 0, 5);
        }
    }),
    { numRuns: 40, seed: 1 },
  );
});
