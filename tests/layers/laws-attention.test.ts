import "@tensorflow/tfjs-backend-cpu";
import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { attention } from "../../src/layers/attention/attention.ts";
import { embedding } from "../../src/layers/attention/embedding.ts";
import { interactions, interacts } from "../../src/layers/attention/pattern.ts";
import { positionalEncoding, sinusoids } from "../../src/layers/attention/positional-encoding.ts";
import { isProblem } from "../../src/layers/contract.ts";
import { f32, i32 } from "../../src/tensor/types.ts";
import { bind, distance, leaked, normal, out, reorder } from "./laws.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const env = { dataset: () => undefined, datasetNames: () => [] };
const runs = { seed: 7, numRuns: 30 };

/** Sizes of a case, small, with a width that the heads divide. */
const sizes = fc.record({
  seed: fc.nat(1e6),
  batch: fc.integer({ min: 1, max: 3 }),
  tokens: fc.integer({ min: 2, max: 6 }),
  heads: fc.integer({ min: 1, max: 3 }),
  size: fc.integer({ min: 1, max: 3 }),
});

/** The value at the start of an array, as a check that it is there. */
const first = (values: ArrayLike<number>): number => values[0] ?? Number.NaN;

describe("self-attention", () => {
  it("does not know the order of its tokens: permuting them permutes the outputs", () => {
    fc.assert(
      fc.property(
        sizes.chain((s) => fc.tuple(fc.constant(s), fc.shuffledSubarray([...Array(s.tokens).keys()], { minLength: s.tokens }))),
        ([s, order]) =>
          tf.tidy(() => {
            const x = normal(s.seed, s.batch, s.tokens, s.heads * s.size);
            const layer = bind(attention, { heads: s.heads }, { x }, s.seed);
            const plain = layer.apply({ x });
            const permuted = layer.apply({ x: reorder(x, order, 1) });
            expect(distance(out(permuted, "y"), reorder(out(plain, "y"), order, 1))).toBeLessThan(1e-5);
            const maps = reorder(reorder(out(plain, "attention"), order, 2), order, 3);
            expect(distance(out(permuted, "attention"), maps)).toBeLessThan(1e-5);
          }),
      ),
      runs,
    );
  });

  it("tells positions apart once an encoding is added", () => {
    tf.tidy(() => {
      const x = normal(3, 1, 4, 6);
      const encode = bind(positionalEncoding, { kind: "sinusoidal" }, { x });
      const layer = bind(attention, { heads: 2 }, { x });
      const run = (tokens: tf.Tensor) => out(layer.apply({ x: out(encode.apply({ x: tokens }), "y") }), "y");
      const order = [1, 0, 3, 2];
      expect(distance(run(reorder(x, order, 1)), reorder(run(x), order, 1))).toBeGreaterThan(0.01);
    });
  });

  it("gives every query weights that sum to one, none negative", () => {
    fc.assert(
      fc.property(sizes, fc.boolean(), (s, causal) =>
        tf.tidy(() => {
          const x = normal(s.seed, s.batch, s.tokens, s.heads * s.size);
          const map = out(bind(attention, { heads: s.heads, causal }, { x }, s.seed).apply({ x }), "attention");
          expect(map.shape).toEqual([s.batch, s.heads, s.tokens, s.tokens]);
          expect(distance(tf.sum(map, -1), tf.ones([s.batch, s.heads, s.tokens]))).toBeLessThan(1e-5);
          expect(first(tf.min(map).dataSync())).toBeGreaterThanOrEqual(0);
        }),
      ),
      runs,
    );
  });

  it("equals its formula written out for one head", () => {
    tf.tidy(() => {
      const x = normal(5, 1, 3, 2);
      const { y, attention: map } = bind(attention, { heads: 1, bias: false }, { x }, 5, 0).apply({ x });
      expect(distance(map as tf.Tensor, tf.fill([1, 1, 3, 3], 1 / 3))).toBeLessThan(1e-6);
      expect(distance(y as tf.Tensor, tf.zeros([1, 3, 2]))).toBe(0);
      const w = { qkv: normal(1, 2, 6), output: normal(2, 2, 2) };
      const p = attention.params.parse({ heads: 1, bias: false });
      const context = { training: false, step: 0, batch: 1, rng: { normal: () => x, uniform: () => x }, update: () => undefined };
      const got = attention.apply?.({ x }, w, p, context) ?? {};
      const [q, k, v] = tf.split(tf.matMul(tf.squeeze(x, [0]) as tf.Tensor2D, w.qkv as tf.Tensor2D), 3, 1) as tf.Tensor2D[];
      if (!q || !k || !v) throw new Error("three parts");
      const rows = tf.softmax(tf.div(tf.matMul(q, tf.transpose(k)), Math.sqrt(2)));
      const expected = tf.matMul(tf.matMul(rows, v), w.output as tf.Tensor2D);
      expect(distance(tf.squeeze(out(got, "y"), [0]), expected)).toBeLessThan(1e-5);
    });
  });
});

describe("causal attention", () => {
  it("leaves every output before a changed token as it was", () => {
    fc.assert(
      fc.property(
        sizes.chain((s) => fc.tuple(fc.constant(s), fc.integer({ min: 1, max: s.tokens - 1 }))),
        ([s, changed]) =>
          tf.tidy(() => {
            const width = s.heads * s.size;
            const x = normal(s.seed, s.batch, s.tokens, width);
            const layer = bind(attention, { heads: s.heads, causal: true }, { x }, s.seed);
            const before = tf.slice(x, [0, 0, 0], [s.batch, changed, width]);
            const other = tf.concat([before, normal(s.seed + 1, s.batch, s.tokens - changed, width)], 1);
            const [a, b] = [out(layer.apply({ x }), "y"), out(layer.apply({ x: other }), "y")];
            const head = (y: tf.Tensor) => tf.slice(y, [0, 0, 0], [s.batch, changed, width]);
            expect(distance(head(a), head(b))).toBe(0);
            expect(distance(a, b)).toBeGreaterThan(0);
          }),
      ),
      runs,
    );
  });

  it("refuses a memory of another length and offers to lift the restriction", () => {
    const p = attention.params.parse({ causal: true });
    expect(attention.infer({ x: f32("batch", 5, 8), memory: f32("batch", 6, 8) }, p, env)).toMatchObject({
      port: "memory",
      received: "6",
      mend: { params: { causal: false } },
    });
  });
});

describe("patterns (figure 12.15)", () => {
  const patterns = fc.record({
    causal: fc.boolean(),
    window: fc.integer({ min: 0, max: 3 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    every: fc.integer({ min: 0, max: 3 }),
    globals: fc.integer({ min: 0, max: 2 }),
  });

  it("weigh exactly the pairs that interact, rows summing to one; what a token may not see does not change it", () => {
    fc.assert(
      fc.property(sizes, patterns, fc.nat(), (s, pattern, at) =>
        tf.tidy(() => {
          const width = s.heads * s.size;
          const x = normal(s.seed, s.batch, s.tokens, width);
          const layer = bind(attention, { heads: s.heads, ...pattern }, { x }, s.seed);
          const plain = layer.apply({ x });
          const map = out(plain, "attention");
          const shown = (out(plain, "attention").arraySync() as number[][][][])[0]?.[0]?.map((row) => row.map((weight) => weight > 0));
          const wanted = Array.from({ length: s.tokens }, (_, i) => Array.from({ length: s.tokens }, (_, j) => interacts(pattern, i, j)));
          expect(shown).toEqual(wanted);
          expect(distance(tf.sum(map, -1), tf.ones([s.batch, s.heads, s.tokens]))).toBeLessThan(1e-5);
          const j = at % s.tokens;
          const noise = tf.mul(normal(s.seed + 1, ...x.shape), tf.reshape(tf.oneHot(tf.scalar(j, "int32"), s.tokens), [1, s.tokens, 1]));
          const change = tf.max(tf.abs(tf.sub(out(layer.apply({ x: tf.add(x, noise) }), "y"), out(plain, "y"))), [0, 2]).dataSync();
          for (let i = 0; i < s.tokens; i++) if (!interacts(pattern, i, j)) expect(change[i]).toBe(0);
        }),
      ),
      runs,
    );
  });

  it("cost as many products as pairs remain: linear in the length for a window, quadratic for all", () => {
    const pairs = (pattern: object, tokens: number) =>
      interactions({ causal: false, window: 0, dilation: 1, every: 0, globals: 0, ...pattern }, tokens, tokens);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 12, max: 60 }), (window, tokens) => {
        if (window === 0) expect(pairs({ window }, tokens)).toBe(tokens ** 2);
        else expect(pairs({ window }, tokens)).toBe((2 * window + 1) * tokens - window * (window + 1));
        if (window > 0) expect(pairs({ window, causal: true }, tokens)).toBe((window + 1) * tokens - (window * (window + 1)) / 2);
        if (window > 0) expect(pairs({ window, globals: 1 }, tokens)).toBe(pairs({ window }, tokens) + 2 * (tokens - 1 - window));
      }),
    );
  });

  it("count the pairs that interact, of a million tokens too", () => {
    const some = (min: number, max: number) => fc.integer({ min, max });
    const wide = fc.record({ causal: fc.boolean(), window: some(1, 30), dilation: some(1, 9), every: some(0, 30), globals: some(0, 30) });
    fc.assert(
      fc.property(wide, fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }), (pattern, tokens, keys) => {
        let pairs = 0;
        for (let i = 0; i < tokens; i++) for (let j = 0; j < keys; j++) if (interacts(pattern, i, j)) pairs++;
        expect(interactions(pattern, tokens, keys)).toBe(pairs);
      }),
      { seed: 3, numRuns: 500 },
    );
    const million = 1_000_000;
    expect(interactions({ causal: true, window: million, dilation: 1, every: 0, globals: 0 }, million, million)).toBe((million * (million + 1)) / 2);
  });

  it("gather nothing where a window holds padding alone", () => {
    tf.tidy(() => {
      const x = normal(1, 1, 5, 4);
      const mask = tf.tensor2d([[1, 1, 0, 0, 0]]);
      const map = out(bind(attention, { heads: 1, window: 1 }, { x, mask }).apply({ x, mask }), "attention");
      expect([...tf.sum(map, [0, 1, 3]).dataSync()].map((sum) => Math.round(sum))).toEqual([1, 1, 1, 0, 0]);
    });
  });
});

describe("relative positions", () => {
  it("depend on the distance alone: a shifted sequence is attended to alike", () => {
    tf.tidy(() => {
      // Equal tokens: only the learned numbers of distances tell the keys apart.
      const x = tf.ones([1, 6, 4]);
      const layer = bind(attention, { heads: 2, relative: 2 }, { x });
      const map = out(layer.apply({ x }), "attention").arraySync() as number[][][][];
      const odds = (head: number, i: number, distance: number) =>
        Math.log((map[0]?.[head]?.[i]?.[i + distance] ?? 0) / (map[0]?.[head]?.[i]?.[i] ?? 1));
      for (const head of [0, 1]) {
        expect(odds(head, 1, 1)).toBeCloseTo(odds(head, 3, 1), 4);
        expect(odds(head, 2, -2)).toBeCloseTo(odds(head, 4, -2), 4);
        expect(odds(head, 0, 3)).toBeCloseTo(odds(head, 0, 2), 4);
        expect(odds(head, 2, 1)).not.toBeCloseTo(odds(head, 2, -1), 2);
      }
    });
  });
});

describe("a mask", () => {
  it("takes hidden tokens out: their content no longer matters and their weights are zero", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), fc.boolean(), (s, at, cross) =>
        tf.tidy(() => {
          const width = s.heads * s.size;
          const hidden = at % s.tokens;
          const x = normal(s.seed, s.batch, cross ? 2 : s.tokens, width);
          const memory = cross ? normal(s.seed + 1, s.batch, s.tokens, width + 1) : undefined;
          const row = Array.from({ length: s.tokens }, (_, i) => (i === hidden ? 0 : 1));
          const mask = tf.tensor2d(Array<number[]>(s.batch).fill(row), [s.batch, s.tokens], "int32");
          const layer = bind(attention, { heads: s.heads }, { x, memory, mask }, s.seed);
          const plain = layer.apply({ x, memory, mask });
          const column = tf.slice(out(plain, "attention"), [0, 0, 0, hidden], [-1, -1, -1, 1]);
          expect(first(tf.max(column).dataSync())).toBe(0);
          if (!memory) return;
          const noise = tf.mul(normal(s.seed + 2, ...memory.shape), tf.reshape(tf.sub(1, tf.cast(mask, "float32")), [s.batch, s.tokens, 1]));
          expect(distance(out(layer.apply({ x, memory: tf.add(memory, noise), mask }), "y"), out(plain, "y"))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("reads the same in float and in whole numbers, and stops gradients rather than failing", () => {
    tf.tidy(() => {
      const x = normal(1, 2, 3, 4);
      const whole = tf.tensor2d(
        [
          [1, 0, 1],
          [1, 1, 0],
        ],
        [2, 3],
        "int32",
      );
      const real = tf.cast(whole, "float32");
      const layer = bind(attention, { heads: 2 }, { x, mask: whole });
      const y = (mask: tf.Tensor) => out(layer.apply({ x, mask }), "y");
      expect(distance(y(whole), y(real))).toBe(0);
      const slope = tf.grad((mask) => tf.sum(y(mask)))(real);
      expect(first(tf.max(tf.abs(slope)).dataSync())).toBe(0);
    });
  });

  it("stays finite when it hides everything", () => {
    tf.tidy(() => {
      const x = normal(1, 1, 3, 4);
      const mask = tf.zeros([1, 3]);
      const { y } = bind(attention, { heads: 2, causal: true }, { x, mask }).apply({ x, mask });
      expect([...(y as tf.Tensor).dataSync()].every(Number.isFinite)).toBe(true);
    });
  });

  it("must fit the tokens that are attended to", () => {
    const p = attention.params.parse({});
    expect(attention.infer({ x: f32("batch", 5, 8), mask: i32(["batch", 4], 2) }, p, env)).toMatchObject({
      port: "mask",
      expected: "[batch, 5]",
      received: "[batch, 4]",
    });
  });
});

describe("heads", () => {
  it("that do not divide the width are refused with the largest number that does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), (d, heads) => {
        const infer = (n: number) => attention.infer({ x: f32("batch", 3, d) }, attention.params.parse({ heads: n }), env);
        const answer = infer(heads);
        expect(isProblem(answer)).toBe(d % heads !== 0);
        if (!isProblem(answer) || answer.mend?.kind !== "set") return;
        const fitting = answer.mend.params.heads as number;
        expect(fitting).toBeLessThan(heads);
        expect(isProblem(infer(fitting))).toBe(false);
      }),
      runs,
    );
  });

  it("drop weights in training only, and keep the map that is shown whole", () => {
    tf.tidy(() => {
      const x = normal(1, 2, 5, 4);
      const layer = bind(attention, { heads: 2, dropout: 0.5 }, { x });
      const [still, moved] = [layer.apply({ x }), layer.apply({ x }, { training: true })];
      expect(distance(out(still, "y"), out(moved, "y"))).toBeGreaterThan(0);
      expect(distance(out(still, "attention"), out(moved, "attention"))).toBe(0);
    });
  });
});

describe("cross-attention", () => {
  it("does not know the order of its memory", () => {
    tf.tidy(() => {
      const [x, memory] = [normal(1, 2, 3, 4), normal(2, 2, 5, 6)];
      const layer = bind(attention, { heads: 2 }, { x, memory });
      const order = [4, 2, 0, 1, 3];
      expect(distance(out(layer.apply({ x, memory }), "y"), out(layer.apply({ x, memory: reorder(memory, order, 1) }), "y"))).toBeLessThan(1e-5);
    });
  });
});

describe("embedding", () => {
  it("gives each token its row, and each row the sum of its tokens' gradients", () => {
    tf.tidy(() => {
      const x = tf.tensor2d([[2, 0, 2]], [1, 3], "int32");
      const table = tf.tensor2d([
        [1, 2],
        [3, 4],
        [5, 6],
      ]);
      const p = embedding.params.parse({ vocabulary: 3, width: 2 });
      const context = { training: true, step: 0, batch: 1, rng: { normal: () => table, uniform: () => table }, update: () => undefined };
      const run = (w: tf.Tensor) => out(embedding.apply?.({ x }, { table: w }, p, context) ?? {}, "y");
      expect([...run(table).dataSync()]).toEqual([5, 6, 1, 2, 5, 6]);
      expect([
        ...tf
          .grad((w) => tf.sum(run(w)))(table)
          .dataSync(),
      ]).toEqual([1, 1, 0, 0, 2, 2]);
    });
  });

  it("with fewer rows than the tokens take values is refused, with the number that fits", () => {
    const p = embedding.params.parse({ vocabulary: 10, width: 4 });
    expect(embedding.infer({ x: i32(["batch", 8], 64) }, p, env)).toMatchObject({ port: "x", mend: { kind: "set", params: { vocabulary: 64 } } });
    expect(embedding.infer({ x: i32(["batch", 8], 7) }, p, env)).toEqual({ y: f32("batch", 8, 4) });
  });
});

describe("positional encoding", () => {
  it("is sin and cos of the position at wavelengths that grow along the width", () => {
    const [tokens, width] = [50, 8];
    const table = sinusoids(tokens, width);
    for (const [n, i] of [
      [0, 0],
      [7, 2],
      [49, 6],
    ] as const) {
      expect(table[n * width + i]).toBeCloseTo(Math.sin(n / 10000 ** (i / width)), 6);
      expect(table[n * width + i + 1]).toBeCloseTo(Math.cos(n / 10000 ** (i / width)), 6);
    }
  });

  it("learned needs a fixed number of tokens and offers the fixed pattern instead", () => {
    const p = positionalEncoding.params.parse({ kind: "learned" });
    expect(positionalEncoding.infer({ x: f32("batch", "tokens", 8) }, p, env)).toMatchObject({ port: "x", mend: { params: { kind: "sinusoidal" } } });
  });
});

it("attention leaves no tensor behind", () => {
  const x = normal(1, 2, 4, 6);
  const mask = tf.ones([2, 4]);
  expect(leaked(() => void bind(attention, { heads: 2, causal: true }, { x, mask }).apply({ x, mask }))).toBe(0);
  tf.dispose([x, mask]);
});
