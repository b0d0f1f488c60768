import "../../src/tensor/gradients.ts";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { rng } from "../../src/tensor/random.ts";
import { apply, type Nested, near, values } from "./support/apply.ts";

/** What is special about convolution: it equals its definition, and moves with its input. */

beforeAll(() => prepareBackend("cpu"));

const nest = (flat: readonly number[], shape: readonly number[]): Nested => {
  const [first, ...rest] = shape;
  if (first === undefined) return flat[0] as number;
  const part = flat.length / first;
  return Array.from({ length: first }, (_, i) => nest(flat.slice(i * part, (i + 1) * part), rest));
};
const random = (key: string, shape: readonly number[]) => [...rng(3, key).fillNormal(new Float32Array(shape.reduce((n, size) => n * size, 1)))];

interface Setup {
  n: number;
  c: number;
  filters: number;
  k: number;
  stride: number;
  dilation: number;
  groups: number;
  padding: "same" | "valid";
}

/** UDL eq. 10.3–10.5 written out with loops, for a signal `[n, c]`. */
function byDefinition(x: readonly number[], kernel: readonly number[], bias: readonly number[], at: Setup): number[] {
  const covered = (at.k - 1) * at.dilation + 1;
  const length = at.padding === "same" ? Math.ceil(at.n / at.stride) : Math.floor((at.n - covered) / at.stride) + 1;
  const before = at.padding === "same" ? Math.floor(Math.max((length - 1) * at.stride + covered - at.n, 0) / 2) : 0;
  const each = at.c / at.groups;
  const y: number[] = [];
  for (let i = 0; i < length; i++)
    for (let f = 0; f < at.filters; f++) {
      const group = Math.floor(f / (at.filters / at.groups));
      let sum = bias[f] as number;
      for (let m = 0; m < at.k; m++)
        for (let d = 0; d < each; d++) {
          const position = i * at.stride - before + m * at.dilation;
          if (position >= 0 && position < at.n)
            sum += (kernel[(m * each + d) * at.filters + f] as number) * (x[position * at.c + group * each + d] as number);
        }
      y.push(sum);
    }
  return y;
}

const setups = fc
  .record({
    n: fc.integer({ min: 1, max: 10 }),
    perGroup: fc.integer({ min: 1, max: 3 }),
    filtersPerGroup: fc.integer({ min: 1, max: 3 }),
    k: fc.integer({ min: 1, max: 4 }),
    stride: fc.integer({ min: 1, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    groups: fc.integer({ min: 1, max: 3 }),
    padding: fc.constantFrom("same", "valid"),
  })
  .map(({ perGroup, filtersPerGroup, ...at }): Setup => ({ ...at, c: perGroup * at.groups, filters: filtersPerGroup * at.groups }))
  .filter((at) => at.padding === "same" || (at.k - 1) * at.dilation < at.n);

describe("a convolution is the weighted sum of its definition, whatever stride, padding, dilation and groups:", () => {
  const check = (run: (at: Setup, x: number[], kernel: number[], bias: number[]) => number[]) =>
    fc.assert(
      fc.property(setups, (at) => {
        const x = random("x", [at.n, at.c]);
        const kernel = random("kernel", [at.k, at.c / at.groups, at.filters]);
        const bias = random("bias", [at.filters]);
        expect(near(run(at, x, kernel, bias), byDefinition(x, kernel, bias, at))).toBe(true);
      }),
      { numRuns: 150, seed: 1 },
    );
  const params = (at: Setup) => ({
    filters: at.filters,
    kernel: at.k,
    stride: at.stride,
    dilation: at.dilation,
    groups: at.groups,
    padding: at.padding,
  });

  it("conv1d", () => {
    check((at, x, kernel, bias) =>
      values(
        apply(
          "conv1d",
          { x: nest(x, [1, at.n, at.c]) },
          { params: params(at), weights: { kernel: nest(kernel, [at.k, at.c / at.groups, at.filters]), bias } },
        ),
      ),
    );
  });

  it("conv2d along the height, and along the width", () => {
    check((at, x, kernel, bias) => {
      const tall = { kernel: [at.k, 1], stride: [at.stride, 1], dilation: [at.dilation, 1] };
      const each = at.c / at.groups;
      return values(
        apply(
          "conv2d",
          { x: nest(x, [1, at.n, 1, at.c]) },
          { params: { ...params(at), ...tall }, weights: { kernel: nest(kernel, [at.k, 1, each, at.filters]), bias } },
        ),
      );
    });
    check((at, x, kernel, bias) => {
      const wide = { kernel: [1, at.k], stride: [1, at.stride], dilation: [1, at.dilation] };
      const each = at.c / at.groups;
      return values(
        apply(
          "conv2d",
          { x: nest(x, [1, 1, at.n, at.c]) },
          { params: { ...params(at), ...wide }, weights: { kernel: nest(kernel, [1, at.k, each, at.filters]), bias } },
        ),
      );
    });
  });
});

it("shifting the input shifts what a convolution gives (equivariance, UDL 10.1)", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }), (down, right, kernel) => {
      const inner = nest(random("image", [4, 4, 2]), [4, 4, 2]) as readonly Nested[][];
      const canvas = (top: number, left: number): Nested => [
        Array.from({ length: 12 }, (_, i) => Array.from({ length: 12 }, (_, j) => inner[i - top]?.[j - left] ?? [0, 0])),
      ];
      const weights = { kernel: nest(random("kernel", [kernel, kernel, 2, 3]), [kernel, kernel, 2, 3]), bias: [0.1, 0.2, 0.3] };
      const run = (top: number, left: number) => {
        const flat = values(apply("conv2d", { x: canvas(top, left) }, { params: { filters: 3, kernel }, weights }));
        return nest(flat, [12, 12, 3]) as readonly Nested[][];
      };
      const before = run(3, 3);
      const after = run(3 + down, 3 + right);
      for (let i = 1; i < 8; i++)
        for (let j = 1; j < 8; j++) expect(near(after[i + down]?.[j + right] as number[], before[i]?.[j] as number[])).toBe(true);
    }),
    { numRuns: 15, seed: 2 },
  );
});

it("the transposed convolution is the transpose: ⟨y, conv(x)⟩ = ⟨convᵀ(y), x⟩", () => {
  fc.assert(
    fc.property(
      fc.record({
        n: fc.integer({ min: 1, max: 4 }),
        k: fc.integer({ min: 1, max: 3 }),
        stride: fc.integer({ min: 1, max: 3 }),
        padding: fc.constantFrom("same", "valid"),
      }),
      ({ n, k, stride, padding }) => {
        const kernel = nest(random("kernel", [k, k, 2, 3]), [k, k, 2, 3]);
        const at = { kernel: k, stride, padding, bias: false };
        const small = random("y", [n, n, 3]);
        const up = apply("conv2d-transpose", { x: nest(small, [1, n, n, 3]) }, { params: { ...at, filters: 2 }, weights: { kernel } });
        const { shape, values: enlarged } = up.y ?? { shape: [], values: [] };
        const large = random("x", shape);
        const down = values(apply("conv2d", { x: nest(large, shape) }, { params: { ...at, filters: 3 }, weights: { kernel } }));
        const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
        expect(down.length).toBe(small.length);
        expect(dot(small, down)).toBeCloseTo(dot(enlarged, large), 3);
      },
    ),
    { numRuns: 40, seed: 3 },
  );
});

it("a depthwise convolution treats each channel as a picture of its own", () => {
  const x = random("x", [5, 4, 3]);
  const kernel = random("kernel", [3, 3, 3, 1]);
  const y = values(apply("depthwise-conv2d", { x: nest(x, [1, 5, 4, 3]) }, { weights: { kernel: nest(kernel, [3, 3, 3, 1]), bias: [0, 0, 0] } }));
  for (let c = 0; c < 3; c++) {
    const channel = (list: readonly number[]) => list.filter((_, i) => i % 3 === c);
    const alone = apply(
      "conv2d",
      { x: nest(channel(x), [1, 5, 4, 1]) },
      { params: { filters: 1 }, weights: { kernel: nest(channel(kernel), [3, 3, 1, 1]), bias: [0] } },
    );
    expect(near(channel(y), values(alone))).toBe(true);
  }
});
