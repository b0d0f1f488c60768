import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { padded } from "../../src/layers/dense/padding.ts";

beforeAll(() => prepareBackend("cpu"));

const rim = (mode: "zeros" | "reflect" | "replicate"): number[] =>
  tf.tidy(() => [...padded(tf.tensor3d([1, 2, 3, 4], [1, 4, 1]), [[2, 3]], mode).dataSync()]);

describe("padding", () => {
  it("puts zeros, mirrors without the outermost place, or repeats the outermost place", () => {
    expect(rim("zeros")).toEqual([0, 0, 1, 2, 3, 4, 0, 0, 0]);
    expect(rim("reflect")).toEqual([3, 2, 1, 2, 3, 4, 3, 2, 1]);
    expect(rim("replicate")).toEqual([1, 1, 1, 2, 3, 4, 4, 4, 4]);
  });

  it("mirrors as tfjs's own reflection does, along both axes of an image", () => {
    tf.tidy(() => {
      const x = tf.randomNormal([2, 4, 5, 3], 0, 1, "float32", 1);
      const expected = tf.mirrorPad(
        x,
        [
          [0, 0],
          [1, 3],
          [2, 4],
          [0, 0],
        ],
        "reflect",
      );
      const got = padded(
        x,
        [
          [1, 3],
          [2, 4],
        ],
        "reflect",
      );
      expect([...got.dataSync()]).toEqual([...expected.dataSync()]);
    });
  });
});
