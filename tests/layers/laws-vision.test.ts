import "@tensorflow/tfjs-backend-cpu";
import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { attention } from "../../src/layers/attention/attention.ts";
import type { ApplyContext } from "../../src/layers/contract.ts";
import { conv2d } from "../../src/layers/conv/conv2d.ts";
import { channelAttention } from "../../src/layers/vision/channel-attention.ts";
import { patchEmbedding } from "../../src/layers/vision/patch-embedding.ts";
import { cut, join, roll } from "../../src/layers/vision/patches.ts";
import { windowAttention } from "../../src/layers/vision/window-attention.ts";
import { bind, distance, normal, out, reorder } from "./laws.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const runs = { seed: 9, numRuns: 25 };
const grids = fc.record({
  seed: fc.nat(1e6),
  batch: fc.integer({ min: 1, max: 2 }),
  side: fc.integer({ min: 1, max: 3 }),
  down: fc.integer({ min: 1, max: 3 }),
  across: fc.integer({ min: 1, max: 3 }),
  channels: fc.integer({ min: 1, max: 3 }),
});
const context: ApplyContext = {
  training: false,
  step: 0,
  batch: 1,
  rng: { normal: () => tf.scalar(0), uniform: () => tf.scalar(0) },
  update: () => undefined,
};

describe("patches", () => {
  it("put together again are the grid, and rolling back undoes rolling", () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: -4, max: 9 }), ({ seed, batch, side, down, across, channels }, steps) =>
        tf.tidy(() => {
          const x = normal(seed, batch, side * down, side * across, channels);
          expect(distance(join(cut(x, side), side, side * down, side * across), x)).toBe(0);
          expect(distance(roll(roll(x, steps), -steps), x)).toBe(0);
        }),
      ),
      runs,
    );
  });

  it("are embedded as a convolution does whose stride is its kernel", () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 4 }), ({ seed, batch, side, down, across, channels }, width) =>
        tf.tidy(() => {
          const x = normal(seed, batch, side * down, side * across, channels);
          const w = { kernel: normal(seed + 1, side, side, channels, width), bias: normal(seed + 2, width) };
          const embed = patchEmbedding.params.parse({ patch: side, width, layout: "grid" });
          const slide = conv2d.params.parse({ filters: width, kernel: side, stride: side, padding: "valid" });
          const grid = out(patchEmbedding.apply?.({ x }, w, embed, context) ?? {}, "y");
          expect(distance(grid, out(conv2d.apply?.({ x }, w, slide, context) ?? {}, "y"))).toBeLessThan(1e-4);
          const tokens = out(patchEmbedding.apply?.({ x }, w, { ...embed, layout: "tokens" }, context) ?? {}, "y");
          expect(distance(tf.reshape(tokens, grid.shape), grid)).toBe(0);
        }),
      ),
      runs,
    );
  });
});

describe("window attention", () => {
  it("is attention within each window", () => {
    fc.assert(
      fc.property(grids, ({ seed, batch, side, down, across, channels }) =>
        tf.tidy(() => {
          const d = 2 * channels;
          const x = normal(seed, batch, side * down, side * across, d);
          const w = { qkv: normal(1, d, 3 * d), qkvBias: normal(2, 3 * d), output: normal(3, d, d), outputBias: normal(4, d) };
          const p = windowAttention.params.parse({ heads: 2, window: side, relative: false });
          const got = windowAttention.apply?.({ x }, w, p, context) ?? {};
          const windows = cut(x, side);
          const plain = attention.apply?.({ x: windows }, w, attention.params.parse({ heads: 2 }), context) ?? {};
          expect(distance(cut(out(got, "y"), side), out(plain, "y"))).toBeLessThan(1e-4);
          expect(distance(tf.reshape(out(got, "attention"), out(plain, "attention").shape), out(plain, "attention"))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("when shifted joins what was apart, but never what lies at opposite edges", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 2, max: 3 }), fc.nat(), fc.nat(), (window, count, drawn, at) =>
        tf.tidy(() => {
          const side = window * count;
          const shift = 1 + (drawn % (window - 1));
          const x = normal(drawn, 1, side, side, 2);
          const layer = bind(windowAttention, { heads: 1, window, shift }, { x });
          const place = at % (side * side);
          const bump = tf.reshape(tf.oneHot(tf.scalar(place, "int32"), side * side), [1, side, side, 1]);
          const change = tf.abs(tf.sub(out(layer.apply({ x: tf.add(x, bump) }), "y"), out(layer.apply({ x }), "y")));
          const moved = tf.max(tf.reshape(change, [side * side, 2]), 1).dataSync();
          // In a shifted grid the windows begin at `shift`; those at the edges are smaller instead of wrapping around.
          const block = (n: number) => Math.floor((n - shift + window) / window);
          const [row, column] = [Math.floor(place / side), place % side];
          for (let i = 0; i < side * side; i++) {
            const together = block(Math.floor(i / side)) === block(row) && block(i % side) === block(column);
            if (together) expect(moved[i]).toBeGreaterThan(0);
            else expect(moved[i]).toBe(0);
          }
        }),
      ),
      runs,
    );
  });

  it("with one window has nothing to shift", () => {
    tf.tidy(() => {
      const x = normal(1, 2, 3, 3, 4);
      const [plain, shifted] = [0, 1].map((shift) => out(bind(windowAttention, { heads: 2, window: 3, shift }, { x }).apply({ x }), "y"));
      expect(distance(plain as tf.Tensor, shifted as tf.Tensor)).toBe(0);
    });
  });

  it("has weights that sum to one, shifted or not", () => {
    tf.tidy(() => {
      const x = normal(1, 2, 4, 6, 4);
      for (const shift of [0, 1]) {
        const map = out(bind(windowAttention, { heads: 2, window: 2, shift }, { x }).apply({ x }), "attention");
        expect(map.shape).toEqual([2, 6, 2, 4, 4]);
        expect(distance(tf.sum(map, -1), tf.ones([2, 6, 2, 4]))).toBeLessThan(1e-5);
      }
    });
  });
});

describe("channel attention", () => {
  it("does not know where tokens stand: permuting them permutes the outputs and leaves the weights", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), (seed, order) =>
        tf.tidy(() => {
          const x = normal(seed, 2, 5, 6);
          const layer = bind(channelAttention, { groups: 2 }, { x }, seed);
          const [plain, permuted] = [layer.apply({ x }), layer.apply({ x: reorder(x, order, 1) })];
          expect(distance(out(permuted, "y"), reorder(out(plain, "y"), order, 1))).toBeLessThan(1e-4);
          expect(distance(out(permuted, "attention"), out(plain, "attention"))).toBeLessThan(1e-4);
          expect(distance(tf.sum(out(plain, "attention"), -1), tf.ones([2, 2, 3]))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("equals its formula written out for one group, tokens and channels exchanged", () => {
    tf.tidy(() => {
      const x = normal(3, 1, 4, 3);
      const w = { qkv: normal(1, 3, 9), output: tf.eye(3) };
      const p = channelAttention.params.parse({ groups: 1, bias: false });
      const [q, k, v] = tf.split(tf.matMul(tf.squeeze(x, [0]) as tf.Tensor2D, w.qkv as tf.Tensor2D), 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
      const rows = tf.softmax(tf.div(tf.matMul(q, k, true, false), Math.sqrt(3)));
      const expected = tf.transpose(tf.matMul(rows, tf.transpose(v)));
      expect(distance(tf.squeeze(out(channelAttention.apply?.({ x }, w, p, context) ?? {}, "y"), [0]), expected)).toBeLessThan(1e-5);
    });
  });
});
