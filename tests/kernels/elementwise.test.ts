import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectSame } from "./compare.ts";

/** Numbers that a function must treat rightly: ordinary, tiny, denormal, huge, without end, none. */
const corners = [0, -0, 1, -1, 0.5, -0.5, 1e-4, -1e-4, 1e-20, -1e-20, 1e-40, 3, -3, 20, -20, 88, -88, 100, -110, 1e4, 1e20, -1e30, 3e38];
const endless = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];

/** Evenly spread numbers with the corners behind them. */
const spread = (from: number, to: number, count = 4000, extra: readonly number[] = corners): number[] => [
  ...Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1)),
  ...extra.filter((x) => x >= from && x <= to),
];

async function numbersOf(run: () => tf.Tensor): Promise<number[]> {
  await tf.setBackend("wasm");
  const y = tf.tidy(run);
  const values = Array.from(y.dataSync());
  y.dispose();
  return values;
}

const exact: Record<string, { of: (x: tf.Tensor) => tf.Tensor; is: (x: number) => number; from: number; to: number; absolute?: number }> = {
  exp: { of: tf.exp, is: Math.exp, from: -87, to: 88 },
  expm1: { of: tf.expm1, is: Math.expm1, from: -87, to: 88 },
  "expm1 near 0": { of: tf.expm1, is: Math.expm1, from: -0.01, to: 0.01 },
  log: { of: tf.log, is: Math.log, from: 1e-6, to: 100 },
  "log near 1": { of: tf.log, is: Math.log, from: 0.9, to: 1.1 },
  "log of large numbers": { of: tf.log, is: Math.log, from: 1, to: 3e38 },
  log1p: { of: tf.log1p, is: Math.log1p, from: -0.9999, to: 100 },
  "log1p near 0": { of: tf.log1p, is: Math.log1p, from: -0.01, to: 0.01 },
  tanh: { of: tf.tanh, is: Math.tanh, from: -20, to: 20 },
  "tanh near 0": { of: tf.tanh, is: Math.tanh, from: -0.01, to: 0.01 },
  sigmoid: { of: tf.sigmoid, is: (x) => 1 / (1 + Math.exp(-x)), from: -80, to: 80 },
  softplus: { of: tf.softplus, is: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), from: -80, to: 80 },
  elu: { of: tf.elu, is: (x) => (x < 0 ? Math.expm1(x) : x), from: -20, to: 20 },
  sin: { of: tf.sin, is: Math.sin, from: -20, to: 20, absolute: 2e-7 },
  cos: { of: tf.cos, is: Math.cos, from: -20, to: 20, absolute: 2e-7 },
  "sin of large numbers": { of: tf.sin, is: Math.sin, from: 1e4, to: 1e6, absolute: 2e-7 },
  sqrt: { of: tf.sqrt, is: Math.sqrt, from: 0, to: 1e6 },
  rsqrt: { of: tf.rsqrt, is: (x) => 1 / Math.sqrt(x), from: 1e-3, to: 1e6 },
};

describe("functions are right to float32's last digits", () => {
  for (const [name, { of, is, from, to, absolute = 0 }] of Object.entries(exact)) {
    it(name, async () => {
      const xs = Array.from(Float32Array.from(spread(from, to)));
      const ys = await numbersOf(() => of(tf.tensor1d(xs)));
      let worst = 0;
      for (const [i, x] of xs.entries()) {
        const y = is(x);
        const error = Math.abs((ys[i] ?? Number.NaN) - y) / Math.max(Math.abs(y), absolute > 0 ? 1 : 1e-37);
        if (!(error <= worst)) worst = error;
      }
      expect(worst).toBeLessThan(absolute || 1e-6);
    });
  }

  it("erf", async () => {
    // erf(x) = 2/√π·Σ (−1)ⁿx²ⁿ⁺¹/(n!(2n + 1))
    const series = (x: number) => {
      let term = x;
      let sum = x;
      for (let n = 1; n < 200; n++) {
        term *= (-x * x) / n;
        sum += term / (2 * n + 1);
      }
      return (2 / Math.sqrt(Math.PI)) * sum;
    };
    const xs = Array.from(Float32Array.from(spread(-4, 4)));
    const ys = await numbersOf(() => tf.erf(tf.tensor1d(xs)));
    for (const [i, x] of xs.entries()) expect(Math.abs((ys[i] ?? Number.NaN) - series(x))).toBeLessThan(1e-6 * Math.max(Math.abs(series(x)), 1e-3));
  });

  it("pow", async () => {
    const cases = fc.sample(fc.tuple(fc.double({ min: 1e-3, max: 50, noNaN: true }), fc.double({ min: -10, max: 10, noNaN: true })), {
      numRuns: 2000,
      seed: 1,
    });
    const a = Array.from(Float32Array.from(cases.map(([x]) => x)));
    const b = Array.from(Float32Array.from(cases.map(([, y]) => y)));
    const ys = await numbersOf(() => tf.pow(tf.tensor1d(a), tf.tensor1d(b)));
    for (const [i, x] of a.entries()) expect((ys[i] ?? Number.NaN) / x ** (b[i] ?? 0) - 1).toBeLessThan(1e-6);
  });
});

/** Like `toBe`, with −0 for 0 and float32's rounding. */
function expectClose(ours: number, theirs: number, what: string) {
  if (ours === theirs || (Number.isNaN(ours) && Number.isNaN(theirs))) return;
  const scale = Math.max(Math.abs(theirs), 1e-12);
  expect(Math.abs(ours - theirs) / scale, `${what}: ${ours} for ${theirs}`).toBeLessThan(1e-4);
}

const unary: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  ...{ abs: tf.abs, neg: tf.neg, square: tf.square, sqrt: tf.sqrt, rsqrt: tf.rsqrt, reciprocal: tf.reciprocal, exp: tf.exp, expm1: tf.expm1 },
  ...{ log: tf.log, log1p: tf.log1p, tanh: tf.tanh, sigmoid: tf.sigmoid, softplus: tf.softplus, relu: tf.relu, relu6: tf.relu6, elu: tf.elu },
  ...{ selu: tf.selu, sign: tf.sign, floor: tf.floor, ceil: tf.ceil, round: tf.round, isNaN: tf.isNaN, isFinite: tf.isFinite, isInf: tf.isInf },
  leakyRelu: (x) => tf.leakyRelu(x, 0.3),
  step: (x) => tf.step(x, 0.2),
  clip: (x) => tf.clipByValue(x, -1.5, 2.5),
  cube: (x) => tf.pow(x, 3),
  root: (x) => tf.pow(x, 0.5),
  "inverse root": (x) => tf.pow(x, -0.5),
  "odd power": (x) => tf.pow(x, tf.fill(x.shape, 5)),
  "to bool": (x) => tf.cast(x, "bool"),
  "to bool and back": (x) => tf.cast(tf.cast(x, "bool"), "float32"),
};

describe("zero, denormal, huge and endless numbers and NaN go the reference's way", () => {
  for (const [name, of] of Object.entries(unary)) {
    it(name, async () => {
      const xs = [...corners, ...endless, 0.25, 1.5, 2.5, -2.5, 3.5];
      await tf.setBackend("cpu");
      const reference = tf.tidy(() => Array.from(of(tf.tensor1d(xs)).dataSync()));
      const ours = await numbersOf(() => of(tf.tensor1d(xs)));
      for (const [i, x] of xs.entries()) expectClose(ours[i] ?? 99, Math.fround(reference[i] ?? 98), `${name}(${x})`);
    });
  }
});

const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  ...{ add: tf.add, sub: tf.sub, mul: tf.mul, div: tf.div, maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference },
  ...{ equal: tf.equal, notEqual: tf.notEqual, greater: tf.greater, greaterEqual: tf.greaterEqual, less: tf.less, lessEqual: tf.lessEqual },
  prelu: tf.prelu,
  pow: (a, b) => tf.pow(tf.abs(a), b),
  and: (a, b) => tf.logicalAnd(tf.greater(a, 0), tf.less(b, 0.5)),
  or: (a, b) => tf.logicalOr(tf.greater(a, 0), tf.less(b, 0.5)),
  xor: (a, b) => tf.logicalXor(tf.greater(a, 0), tf.less(b, 0.5)),
};

/** A shape, and two others that are broadcast to it. */
const shapes = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom("both", "both", "left", "right")), { minLength: 0, maxLength: 5 })
  .chain((dims) =>
    fc.record({
      a: fc.constant(dims.map(([n, who]) => (who === "right" ? 1 : n))),
      b: fc.constant(dims.map(([n, who]) => (who === "left" ? 1 : n))),
      dropped: fc.integer({ min: 0, max: dims.length }),
    }),
  );

/** Numbers with ties, so that comparisons have something to find. */
const filled = (shape: number[], seed: number): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => (((i * 7919 + seed * 31) % 23) - 11) / 4),
    shape,
  );
};

describe("operands of any shapes that fit are broadcast", () => {
  for (const [name, of] of Object.entries(binary)) {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(shapes, async ({ a, b, dropped }) => {
          // Leading dimensions of 1 may be left out.
          const short = b.slice(0, dropped).every((n) => n === 1) ? b.slice(dropped) : b;
          await expectSame(() => of(filled(a, 1), filled(short, 2)));
        }),
        { numRuns: 40 },
      );
    });
  }

  it.each([
    [[300, 15], [15]],
    [
      [300, 15],
      [300, 1],
    ],
    [[10, 700], [700]],
    [
      [3, 1000, 2],
      [1, 1000, 1],
    ],
    [
      [2, 3, 40, 50],
      [2, 1, 40, 50],
    ],
    [
      [2, 3, 40, 50],
      [3, 1, 50],
    ],
    [[60, 70], []],
    [[1000, 3], [3]],
    [[1, 4096], [1]],
  ])("%j and %j", async (a, b) => {
    await expectSame(() => [tf.add(filled(a, 1), filled(b, 2)), tf.sub(filled(b, 2), filled(a, 1)), tf.greater(filled(a, 1), filled(b, 2))]);
  });
});

describe("several inputs and types", () => {
  it("select chooses by a condition", async () => {
    await expectSame(() => {
      const c = tf.greater(filled([6, 7], 3), 0);
      return [tf.where(c, filled([6, 7], 1), filled([6, 7], 2)), tf.where(tf.greater(filled([6, 1], 3), 0), filled([6, 7], 1), tf.scalar(2))];
    });
  });

  it("addN adds up any number", async () => {
    for (const n of [1, 2, 5]) await expectSame(() => tf.addN(Array.from({ length: n }, (_, i) => filled([33, 5], i))));
  });

  it("casts among float32, int32 and bool", async () => {
    await expectSame(() => {
      const x = filled([99], 1);
      const whole = tf.cast(x, "int32");
      const truth = tf.cast(x, "bool");
      return [
        whole,
        truth,
        tf.cast(whole, "float32"),
        tf.cast(truth, "float32"),
        tf.cast(truth, "int32"),
        tf.cast(whole, "bool"),
        tf.cast(x, "float32"),
      ];
    });
  });

  it("the gradient of elu", async () => {
    await expectSame(() => tf.engine().runKernel("EluGrad", { dy: filled([50, 3], 2), y: tf.elu(filled([50, 3], 1)) }) as tf.Tensor);
  });

  it("large tensors are shared among threads with the same result as small ones", async () => {
    await expectSame(() => tf.mul(tf.add(filled([700, 999], 1), filled([999], 2)), filled([700, 1], 3)));
  });
});
