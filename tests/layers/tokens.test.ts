import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { apply, values } from "./support/apply.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("masking tokens", () => {
  const [batch, tokens, vocabulary, token] = [200, 50, 20, 20];
  const drawn = () => {
    const x = Array.from({ length: batch }, () => Array<number>(tokens).fill(7));
    const applied = apply("mask-tokens", { x }, { params: { vocabulary, token, share: 0.15 }, labels: ["x"] });
    return { y: values(applied), chosen: values(applied, "chosen") };
  };

  it("chooses the share, and of those hides 80 %, changes 10 % and leaves 10 %, within what chance allows", () => {
    const { y, chosen } = drawn();
    const picked = y.filter((_, i) => chosen[i] === 1);
    expect(picked.length / y.length).toBeCloseTo(0.15, 1);
    const part = (keep: (value: number) => boolean) => picked.filter(keep).length / picked.length;
    expect(Math.abs(part((value) => value === token) - 0.8)).toBeLessThan(0.04);
    expect(Math.abs(part((value) => value === 7) - 0.105)).toBeLessThan(0.04);
    expect(new Set(picked.filter((value) => value !== token && value !== 7)).size).toBe(vocabulary - 1);
  });

  it("leaves all others as they are", () => {
    const { y, chosen } = drawn();
    expect(y.filter((value, i) => chosen[i] === 0 && value !== 7)).toEqual([]);
  });

  it("never chooses padding", () => {
    const { y, chosen } = apply(
      "mask-tokens",
      { x: [[1, 2, 3, 4]], mask: [[1, 1, 0, 0]] },
      { params: { vocabulary: 5, token: 5, share: 1 }, labels: ["x"] },
    );
    expect(chosen?.values).toEqual([1, 1, 0, 0]);
    expect(y?.values.slice(2)).toEqual([3, 4]);
  });
});

it("shifting right puts the start token first and drops the last", () => {
  expect(values(apply("shift-right", { x: [[3, 1, 2]] }, { params: { start: 9 }, labels: ["x"] }))).toEqual([9, 3, 1]);
});

it("quantising cuts the range into equal steps and holds on to its ends", () => {
  expect(values(apply("quantise", { x: [[-1, 0, 0.24, 0.25, 0.99, 1, 2]] }, { params: { levels: 4 } }))).toEqual([0, 0, 0, 1, 3, 3, 3]);
});

it("an exact match is a sequence without a mistake where it counts", () => {
  const logits = [
    [
      [1, 0],
      [0, 1],
    ],
    [
      [1, 0],
      [1, 0],
    ],
  ];
  const at = { labels: ["label"] };
  const label = [
    [0, 1],
    [0, 1],
  ];
  expect(values(apply("metric.exact-match", { x: logits, label }, at), "value")).toEqual([0.5]);
  const mask = [
    [1, 1],
    [1, 0],
  ];
  expect(values(apply("metric.exact-match", { x: logits, label, mask }, at), "value")).toEqual([1]);
});

it("an unembedding scores each token by its row of the embedding's table", () => {
  const table = [
    [1, 0],
    [0, 2],
    [1, 1],
  ];
  expect(values(apply("unembedding", { x: [[3, 4]] }, { params: { vocabulary: 3 }, weights: { table } }))).toEqual([3, 8, 7]);
});

it("a class token stands first, the same in every example", () => {
  expect(values(apply("class-token", { x: [[[1, 2]], [[3, 4]]] }, { weights: { token: [8, 9] } }))).toEqual([8, 9, 1, 2, 8, 9, 3, 4]);
});
