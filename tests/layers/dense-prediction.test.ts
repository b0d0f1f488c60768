import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Gathered } from "../../src/layers/contract.ts";
import { type Box, overlap, predictedBoxes, suppress, trueBoxes } from "../../src/layers/loss/boxes.ts";
import { averagePrecision } from "../../src/layers/loss/mean-average-precision.ts";
import { registry } from "../../src/layers/registry.ts";
import { apply, near, values } from "./support/apply.ts";

/** Losses and metrics of pixels, boxes and joints, in numbers worked out by hand. */

beforeAll(() => prepareBackend("cpu"));

const box = (x: number, y: number, width: number, height: number, kind = 0, score = 1): Box => ({ x, y, width, height, kind, score });

describe("pixels", () => {
  it("smooth L1 is squared below β and absolute above, by half of β less", () => {
    const run = (beta: number) =>
      values(apply("loss.smooth-l1", { x: [[0.5, -3]], target: [[0, 0]] }, { params: { beta, reduction: "sum" } }), "loss");
    expect(near(run(1), [0.125 + 2.5])).toBe(true);
    expect(near(run(0.1), [0.45 + 2.95])).toBe(true);
    expect(near(run(4), [0.25 / 8 + 9 / 8])).toBe(true);
  });

  const sure = 30;
  const x = [
    [
      [sure, 0, 0],
      [sure, 0, 0],
      [0, sure, 0],
      [0, sure, 0],
    ],
  ];

  it("the dice loss is 1 less twice the intersection over the sum of sizes, averaged over classes", () => {
    const loss = (label: number[], params = {}, mask?: number[]) =>
      values(
        apply("loss.dice", { x, label: [label], ...(mask && { mask: [mask] }) }, { labels: ["label"], params: { smooth: 1e-6, ...params } }),
        "loss",
      );
    expect(near(loss([0, 1, 1, 1]), [1 - (2 / 3 + 4 / 5 + 1) / 3])).toBe(true);
    expect(near(loss([0, 1, 1, 1], { ground: false }), [1 - (4 / 5 + 1) / 2])).toBe(true);
    expect(near(loss([0, 1, 1, 1], {}, [1, 0, 1, 1]), [0])).toBe(true);
    expect(near(loss([0, 1, 1, 2], { smooth: 1 }), [1 - (3 / 4 + 3 / 5 + 1 / 2) / 3])).toBe(true);
  });

  it("mean overlap is intersection over union, over classes that occur in a whole split", () => {
    const finish = (confusion: readonly number[]) => registry.get("metric.iou")?.finish?.(confusion, {});
    const batch = (label: number[]) => values(apply("metric.iou", { x, label: [label] }, { labels: ["label"] }), "value");
    expect(batch([0, 1, 1, 2])).toEqual([0.25, 0, 0, 0.25, 0.25, 0, 0, 0.25, 0]);
    expect(finish(batch([0, 1, 1, 2]))).toBeCloseTo((1 / 2 + 1 / 3 + 0) / 3, 6);
    expect(finish(batch([0, 0, 1, 1]))).toBe(1);
    const [one, two] = [batch([0, 0, 0, 1]), batch([0, 1, 1, 1])];
    expect(finish(one.map((value, i) => (value + (two[i] as number)) / 2))).toBeCloseTo((3 / 5 + 3 / 5) / 2, 6);
  });
});

describe("max unpooling", () => {
  it("puts each value where the window's first maximum was, and zeros elsewhere, channel by channel", () => {
    const before = [
      [
        [
          [1, 9],
          [5, 0],
        ],
        [
          [2, 0],
          [3, 9],
        ],
      ],
    ];
    expect(values(apply("max-unpool", { x: [[[[7, 8]]]], before }))).toEqual([0, 8, 7, 0, 0, 0, 0, 0]);
  });

  it("pooling gives back what was unpooled, if it was positive, and as many zeros as windows have other places", () => {
    const numbers = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 4 * 6 * 2, maxLength: 4 * 6 * 2 });
    fc.assert(
      fc.property(numbers, (all) => {
        const nest = (list: readonly number[], height: number, width: number) =>
          Array.from({ length: height }, (_, i) => Array.from({ length: width }, (_, j) => list.slice(2 * (i * width + j), 2 * (i * width + j) + 2)));
        const x = all.slice(0, 12);
        const spread = values(apply("max-unpool", { x: [nest(x, 2, 3)], before: [nest(all, 4, 6)] }));
        expect(spread.filter((value) => value !== 0)).toHaveLength(12);
        expect(near(values(apply("max-pool", { x: [nest(spread, 4, 6)] })), x)).toBe(true);
      }),
      { seed: 6, numRuns: 20 },
    );
  });
});

describe("boxes", () => {
  it("overlap is the shared area over the joint one", () => {
    expect(overlap(box(0.5, 0.5, 0.4, 0.4), box(0.5, 0.5, 0.4, 0.4))).toBeCloseTo(1, 9);
    expect(overlap(box(0.5, 0.5, 0.4, 0.4), box(0.7, 0.5, 0.4, 0.4))).toBeCloseTo(1 / 3, 9);
    expect(overlap(box(0.2, 0.2, 0.2, 0.2), box(0.8, 0.8, 0.2, 0.2))).toBe(0);
    expect(overlap(box(0.2, 0.2, 0, 0), box(0.2, 0.2, 0, 0))).toBe(0);
  });

  it("suppression keeps the surest of boxes that overlap, class by class, and drops what is hardly anything", () => {
    const [a, b, c, d] = [
      box(0.5, 0.5, 0.4, 0.4, 0, 0.8),
      box(0.52, 0.5, 0.4, 0.4, 0, 0.9),
      box(0.5, 0.5, 0.4, 0.4, 1, 0.3),
      box(0.1, 0.1, 0.1, 0.1, 0, 0.01),
    ];
    expect(suppress([a, b, c, d])).toEqual([b, c]);
    expect(suppress([a, b, c, d], 0.99)).toEqual([b, a, c]);
    expect(suppress([a, d], 0.5, 0)).toEqual([a, d]);
  });

  it("what suppression keeps overlaps no more than allowed, and suppressing again changes nothing", () => {
    const number = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    const boxes = fc.array(
      fc.tuple(number, number, number, number, fc.nat(1), number).map((of) => box(...of)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(boxes, number, (all, limit) => {
        const kept = suppress(all, limit);
        for (const [i, a] of kept.entries()) for (const b of kept.slice(i + 1)) expect(a.kind !== b.kind || overlap(a, b) <= limit).toBe(true);
        expect(suppress(kept, limit)).toEqual(kept);
      }),
      { seed: 4, numRuns: 50 },
    );
  });

  it("average precision is the area under the falling curve: right, wrong, right of two is 1/2 · 1 + 1/2 · 2/3", () => {
    const truth = [box(0.2, 0.2, 0.2, 0.2), box(0.8, 0.8, 0.2, 0.2)];
    const found = [box(0.2, 0.2, 0.2, 0.2, 0, 0.9), box(0.5, 0.5, 0.2, 0.2, 0, 0.8), box(0.8, 0.8, 0.2, 0.2, 0, 0.7)];
    expect(averagePrecision([{ truth, found }], 0.5)).toBeCloseTo(0.5 + 0.5 * (2 / 3), 9);
    expect(averagePrecision([{ truth, found: found.slice(0, 1) }], 0.5)).toBeCloseTo(0.5, 9);
    expect(averagePrecision([{ truth: [], found }], 0.5)).toBeNaN();
  });

  it("a true box is found once: a second box on it is wrong, and boxes of another picture never count", () => {
    const truth = [box(0.2, 0.2, 0.2, 0.2)];
    const twice = [box(0.2, 0.2, 0.2, 0.2, 0, 0.9), box(0.2, 0.2, 0.2, 0.2, 0, 0.8)];
    const other = [box(0.8, 0.8, 0.2, 0.2)];
    expect(
      averagePrecision(
        [
          { truth, found: twice },
          { truth: other, found: [] },
        ],
        0.5,
      ),
    ).toBeCloseTo(0.5, 9);
    expect(
      averagePrecision(
        [
          { truth, found: other },
          { truth: other, found: truth },
        ],
        0.5,
      ),
    ).toBe(0);
  });

  /** A target grid from cells: undefined where there is nothing. */
  const grid = (cells: readonly (readonly number[] | undefined)[], numbers: number, shape: number[]): Gathered => ({
    shape: [...shape, numbers],
    values: Float32Array.from(cells.flatMap((cell) => cell ?? new Array<number>(numbers).fill(0))),
  });

  it("a cell's box is read in shares of the picture, from roots in a prediction", () => {
    const target = grid([undefined, [0.5, 0.25, 0.36, 0.16, 1, 0, 1], undefined, undefined], 7, [1, 2, 2]);
    expect(trueBoxes(target.values, target.shape, 0)).toEqual([expect.objectContaining({ x: 0.75, y: 0.125, kind: 1, score: 1 })]);
    const predicted = grid([undefined, [0.5, 0.25, 0.6, 0.4, 0.5, 0.2, 0.8], undefined, undefined], 7, [1, 2, 2]);
    const found = predictedBoxes(predicted.values, predicted.shape, 0, 2)[1];
    expect(found).toMatchObject({ x: 0.75, y: 0.125, kind: 1 });
    expect([found?.width, found?.height, found?.score].map((value) => Number(value?.toFixed(5)))).toEqual([0.36, 0.16, 0.4]);
  });

  it("a prediction that says what the target says has a mean average precision of 1, and one that says nothing has 0", () => {
    const map = registry.get("metric.map");
    const cell = fc.option(fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: 0.1, max: 0.9, noNaN: true })), fc.nat(2)), { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(cell, { minLength: 8, maxLength: 8 }).filter((cells) => cells.some((one) => one)),
        (cells) => {
          const hot = (kind: number) => [0, 1, 2].map((c) => (c === kind ? 1 : 0));
          const target = grid(
            cells.map((of) => of && [...of.slice(0, 4), 1, ...hot(of[4] as number)]),
            8,
            [2, 2, 2],
          );
          const roots = cells.map(
            (of) => of && ([of[0], of[1], Math.sqrt(of[2] as number), Math.sqrt(of[3] as number), 1, ...hot(of[4] as number)] as number[]),
          );
          const params = { overlap: 0.5, suppress: 1 };
          expect(map?.over?.({ x: grid(roots, 8, [2, 2, 2]), target }, params)).toBeCloseTo(1, 9);
          expect(
            map?.over?.(
              {
                x: grid(
                  cells.map(() => undefined),
                  8,
                  [2, 2, 2],
                ),
                target,
              },
              params,
            ),
          ).toBe(0);
        },
      ),
      { seed: 5, numRuns: 40 },
    );
  });
});

describe("the YOLO loss", () => {
  const target = [[[[0.5, 0.5, 0.25, 0.25, 1, 0, 1]]]];
  const loss = (cell: number[], at: number[][][][] = target, params = {}) =>
    values(apply("loss.yolo", { x: [[[cell]]], target: at }, { params }), "loss");
  const [good, far] = [
    [0.5, 0.5, 0.5, 0.5],
    [0.1, 0.1, 0.1, 0.1],
  ];

  it("asks the box that overlaps most for place and overlap, the others for no confidence, and the cell for its class", () => {
    const cell = [...far, 0.3, ...good, 0.8, 0.1, 0.9];
    expect(near(loss(cell), [0.2 ** 2 + 0.5 * 0.3 ** 2 + 0.1 ** 2 + 0.1 ** 2])).toBe(true);
  });

  it("weighs errors of centre and of the roots of extent five times", () => {
    // A box of 0.36 × 0.25 around one of 0.25 × 0.25 at the same place overlaps it by 25/36.
    const cell = [0.5, 0.5, 0.6, 0.5, 1, 0, 1];
    expect(near(loss(cell), [5 * 0.1 ** 2 + (1 - 25 / 36) ** 2])).toBe(true);
    expect(near(loss(cell, target, { coordinates: 0 }), [(1 - 25 / 36) ** 2])).toBe(true);
  });

  it("asks where there is no object for nothing but low confidence, by half", () => {
    expect(near(loss([...far, 0.4, ...good, 0.8, 0.1, 0.9], [[[[0, 0, 0, 0, 0, 0, 0]]]]), [0.5 * (0.4 ** 2 + 0.8 ** 2)])).toBe(true);
  });

  it("chooses the nearest box where none overlaps the object", () => {
    const at = [[[[0.9, 0.9, 0.04, 0.04, 1, 0, 1]]]];
    const cell = [0.1, 0.1, 0.1, 0.1, 0, 0.7, 0.9, 0.2, 0.2, 0, 0, 1];
    expect(near(loss(cell, at), [5 * 0.2 ** 2])).toBe(true);
  });

  it("is a sum over cells and a mean over the batch", () => {
    const x = (confidence: number) => [[[...good, confidence, 0, 1]]];
    const both = values(apply("loss.yolo", { x: [x(0.8), x(1)], target: [...target, ...target] }), "loss");
    expect(near(both, [0.2 ** 2 / 2])).toBe(true);
  });

  it("passes back twice the weighted errors, with overlaps held fixed", () => {
    const layer = registry.get("loss.yolo");
    const cell = [0.6, 0.5, 0.5, 0.5, 0.8, ...far, 0.3, 0.1, 0.9];
    const shared = overlap(box(0.6, 0.5, 0.25, 0.25), box(0.5, 0.5, 0.25, 0.25));
    const gradient = tf.tidy(() => {
      const truth = tf.tensor4d(target);
      const context = { training: true, step: 0, batch: 1, rng: { normal: tf.zeros, uniform: tf.zeros }, update: () => undefined };
      const run = (x: tf.Tensor) => layer?.apply?.({ x, target: truth }, {}, { coordinates: 5, nothing: 0.5 }, context as never).loss as tf.Scalar;
      return [
        ...tf
          .grad(run)(tf.tensor4d([[[cell]]]))
          .dataSync(),
      ];
    });
    expect(near(gradient, [10 * 0.1, 0, 0, 0, 2 * (0.8 - shared), 0, 0, 0, 0, 0.3, 0.2, -0.2])).toBe(true);
  });

  it("refuses numbers that are not five for each box and one for each class, and says how many there may be", () => {
    const infer = (x: number, t: number) =>
      registry
        .get("loss.yolo")
        ?.infer(
          { x: { shape: ["batch", 7, 7, x], dtype: "float32" }, target: { shape: ["batch", 7, 7, t], dtype: "float32" } },
          { coordinates: 5, nothing: 0.5 },
          { dataset: () => undefined, datasetNames: () => [] },
        );
    expect(infer(30, 25)).toEqual({ loss: { shape: [], dtype: "float32" } });
    expect(infer(29, 25)).toMatchObject({ port: "x", mend: { type: "conv2d", params: { filters: 30, kernel: 1 } } });
    expect(infer(30, 5)).toMatchObject({ port: "target" });
  });
});

describe("joints", () => {
  // Heat maps of 2 × 3 for two joints: peaks at row 1, column 2 and at row 0, column 0.
  const x = [
    [
      [
        [0, 9],
        [0, 0],
        [1, 0],
      ],
      [
        [0, 0],
        [0, 0],
        [5, 0],
      ],
    ],
  ];

  it("the error is the distance from the middle of the highest pixel, in pixels", () => {
    const run = (target: number[][]) => values(apply("metric.joint-error", { x, target: [target] }), "value");
    expect(
      near(
        run([
          [2.5 / 3, 1.5 / 2],
          [0.5 / 3, 0.5 / 2],
        ]),
        [0],
      ),
    ).toBe(true);
    expect(
      near(
        run([
          [2.5 / 3, 0.5 / 2],
          [0.5 / 3 + 1, 0.5 / 2],
        ]),
        [(1 + 3) / 2],
      ),
    ).toBe(true);
  });

  it("a joint counts as found within its share of the larger side", () => {
    const run = (within: number) =>
      values(
        apply(
          "metric.pck",
          {
            x,
            target: [
              [
                [2.5 / 3, 0.5 / 2],
                [0.5 / 3, 0.5 / 2],
              ],
            ],
          },
          { params: { within } },
        ),
        "value",
      );
    expect(run(0.3)).toEqual([0.5]);
    expect(run(0.34)).toEqual([1]);
  });
});
