import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { apply, values } from "./support/apply.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

describe("truncated noise", () => {
  it.each([0.5, 1, 2, 4])("stays within %d and has a truncated normal's variance", (most) => {
    const drawn = values(apply("noise", {}, { params: { shape: [40_000], truncation: most } }), "x");
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(most + 1e-5);
    const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
    // Simpson's rule for Z = ∫ φ over −most … most; variance = 1 − 2·most·φ(most)/Z.
    const pieces = 1000;
    const h = (2 * most) / pieces;
    let mass = 0;
    for (let i = 0; i <= pieces; i++) mass += (i === 0 || i === pieces ? 1 : i % 2 === 1 ? 4 : 2) * density(-most + i * h);
    const variance = 1 - (2 * most * density(most)) / ((mass * h) / 3);
    const square = drawn.reduce((sum, x) => sum + x * x, 0) / drawn.length;
    expect(Math.abs(square / variance - 1)).toBeLessThan(0.03);
  });
});
