import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import fc from "fast-check";
import { describe, it } from "vitest";
import { expectSame } from "./compare.ts";

const normal = <R extends tf.Rank>(shape: number[], seed: number) => tf.randomNormal<R>(shape as tf.ShapeMap[R], 0, 1, "float32", seed);

const shapes = fc
  .record({
    batch: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 1, max: 12 }),
    width: fc.integer({ min: 1, max: 12 }),
    cin: fc.integer({ min: 1, max: 9 }),
    cout: fc.integer({ min: 1, max: 20 }),
    kh: fc.integer({ min: 1, max: 5 }),
    kw: fc.integer({ min: 1, max: 5 }),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pad: fc.constantFrom("same" as const, "valid" as const),
  })
  .filter(({ height, width, kh, kw, pad }) => pad === "same" || (height >= kh && width >= kw));

describe("convolutions", () => {
  it("are those of the reference for any sizes, strides and dilations, with bias and activation", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom(undefined, "relu", "leakyrelu"), fc.boolean(), async (s, activation, dilated) => {
        if (s.pad === "valid" && dilated && (s.height < 2 * s.kh - 1 || s.width < 2 * s.kw - 1)) return;
        await expectSame(() => {
          const x = normal<tf.Rank.R4>([s.batch, s.height, s.width, s.cin], 1);
          const filter = normal<tf.Rank.R4>([s.kh, s.kw, s.cin, s.cout], 2);
          const bias = normal<tf.Rank.R1>([s.cout], 3);
          if (dilated) return tf.conv2d(x, filter, 1, s.pad, "NHWC", 2);
          if (activation === undefined) return tf.conv2d(x, filter, s.stride, s.pad);
          return tf.fused.conv2d({ x, filter, bias, strides: s.stride, pad: s.pad, activation, leakyreluAlpha: 0.3 });
        });
      }),
      { numRuns: 80 },
    );
  });

  it("have the gradients of the reference", async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async (s) => {
        await expectSame(() => {
          const x = normal<tf.Rank.R4>([s.batch, s.height, s.width, s.cin], 1);
          const filter = normal<tf.Rank.R4>([s.kh, s.kw, s.cin, s.cout], 2);
          const y = tf.conv2d(x, filter, s.stride, s.pad);
          const { grads } = tf.valueAndGrads((a, b) =>
            tf.sum(tf.mul(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, s.stride, s.pad), normal(y.shape, 4))),
          )([x, filter]);
          return grads;
        });
      }),
      { numRuns: 80 },
    );
  });

  it("take paddings by number and one by one", async () => {
    const explicit: tf.backend_util.ExplicitPadding = [
      [0, 0],
      [2, 1],
      [0, 3],
      [0, 0],
    ];
    for (const pad of [1, 2, explicit]) {
      await expectSame(() => {
        const [x, filter] = [normal<tf.Rank.R4>([2, 7, 8, 3], 1), normal<tf.Rank.R4>([3, 3, 3, 5], 2)];
        const { grads } = tf.valueAndGrads((a, b) => tf.sum(tf.square(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, pad))))([x, filter]);
        return [tf.conv2d(x, filter, 2, pad), ...grads];
      });
    }
  });

  it("are shared among threads by images, rows and channels", async () => {
    for (const [batch, size, cin, cout, kernel, stride] of [
      [8, 14, 8, 12, 3, 1],
      [1, 40, 3, 40, 3, 1],
      [2, 4, 40, 130, 3, 1],
      [60, 16, 1, 15, 3, 2],
      [2, 30, 2, 6, 7, 2],
      [9, 12, 20, 30, 1, 1],
      [9, 12, 20, 30, 1, 2],
      [1, 70, 33, 2, 3, 1],
      [1, 3, 2, 2100, 1, 2],
      [1, 4, 2000, 3, 3, 1],
    ] as const) {
      await expectSame(() => {
        const [x, filter] = [
          normal<tf.Rank.R4>([batch, size, size, cin], 1),
          tf.mul<tf.Tensor4D>(normal([kernel, kernel, cin, cout], 2), 1 / Math.sqrt(kernel * kernel * cin)),
        ];
        const { value, grads } = tf.valueAndGrads((a, b) => tf.sum(tf.sin(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, "same"))))([
          x,
          filter,
        ]);
        return [value, tf.conv2d(x, filter, stride, "same"), ...grads];
      });
    }
  });

  it("can be transposed", async () => {
    for (const [stride, pad] of [
      [2, "same"],
      [3, "valid"],
      [1, "same"],
    ] as const) {
      await expectSame(() => {
        const [x, filter] = [normal<tf.Rank.R4>([2, 5, 4, 3], 1), normal<tf.Rank.R4>([2, 3, 7, 3], 2)];
        const [h, w] = pad === "same" ? [5 * stride, 4 * stride] : [5 * stride, 4 * stride];
        const { value, grads } = tf.valueAndGrads((a, b) =>
          tf.sum(tf.square(tf.conv2dTranspose(a as tf.Tensor4D, b as tf.Tensor4D, [2, h, w, 7], stride, pad))),
        )([x, filter]);
        return [value, ...grads];
      });
    }
  });
});
