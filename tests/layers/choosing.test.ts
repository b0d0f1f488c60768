import "@tensorflow/tfjs-backend-cpu";
import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import { compare } from "../../src/layers/arithmetic/compare.ts";
import { where } from "../../src/layers/arithmetic/where.ts";
import { bind, out } from "./laws.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

it("comparing what is learned and choosing by it passes gradients as a ReLU does", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([[1, -1, 2]]);
    const zero = tf.zeros([1, 1]);
    const compared = bind(compare, {}, { a: x, b: zero });
    const chosen = bind(where, {}, { condition: x, a: x, b: zero });
    const y = (a: tf.Tensor) => out(chosen.apply({ condition: out(compared.apply({ a, b: zero }), "y"), a: tf.mul(a, 3), b: zero }), "y");
    expect([
      ...tf
        .grad((a) => tf.sum(y(a)))(x)
        .dataSync(),
    ]).toEqual([3, 0, 3]);
  });
});
