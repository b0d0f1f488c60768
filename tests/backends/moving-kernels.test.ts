import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { drawn, expectSame, prepareBoth } from "./compare.ts";

beforeAll(prepareBoth);

const between = (min: number, max: number) => fc.integer({ min, max });
const shape = fc
  .array(fc.oneof(between(1, 5), between(24, 40)), { minLength: 1, maxLength: 4 })
  .filter((dims) => tf.util.sizeFromShape(dims) < 20_000);
const runs = { numRuns: 100 };

describe("kernels that move numbers, on wasm, equal the reference and leave nothing behind:", () => {
  it("Slice anywhere", () =>
    fc.assert(
      fc.asyncProperty(
        shape.chain((dims) => fc.tuple(fc.constant(dims), fc.tuple(...dims.map((n) => fc.tuple(between(0, n - 1), between(1, n)))))),
        ([dims, cuts]) => {
          const begin = cuts.map(([at]) => at);
          const size = cuts.map(([at, length], i) => Math.min(length, (dims[i] as number) - at));
          return expectSame(() => tf.slice(drawn(dims, "x"), begin, size));
        },
      ),
      runs,
    ));

  it("Slice of whole numbers, to the end", () => expectSame(() => tf.slice(tf.reshape(tf.range(0, 60, 1, "int32"), [3, 20]), [1, 4], [-1, -1])));

  it("SplitV into unequal parts", () =>
    fc.assert(
      fc.asyncProperty(shape, fc.nat(3), fc.array(between(1, 20), { minLength: 1, maxLength: 4 }), (dims, axis, parts) => {
        const along = axis % dims.length;
        const whole = dims.map((n, i) => (i === along ? parts.reduce((a, b) => a + b, 0) : Math.min(n, 8)));
        return expectSame(() => tf.concat(tf.split(drawn(whole, "x"), parts, along).reverse(), along));
      }),
      runs,
    ));

  it("Tile along every axis", () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(between(1, 6), between(1, 4)), { minLength: 1, maxLength: 4 }), (axes) =>
        expectSame(() =>
          tf.tile(
            drawn(
              axes.map(([n]) => n),
              "x",
            ),
            axes.map(([, times]) => times),
          ),
        ),
      ),
      runs,
    ));

  it("GatherV2 of rows along any axis", () =>
    fc.assert(
      fc.asyncProperty(shape, fc.nat(3), fc.array(fc.nat(100), { minLength: 1, maxLength: 12 }), (dims, axis, picks) => {
        const along = axis % dims.length;
        const rows = picks.map((row) => row % (dims[along] as number));
        return expectSame(() => tf.gather(drawn(dims, "x"), tf.tensor1d(rows, "int32"), along));
      }),
      runs,
    ));

  it("GatherV2 gives no number for rows that are not there", async () => {
    await tf.setBackend("wasm");
    const values = tf.tidy(() => tf.gather(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor1d([1, 2, -1], "int32")).dataSync());
    expect([...values]).toEqual([3, 4, Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
  });

  it("Identity shares its numbers and outlives the tensor that it came from", async () => {
    await tf.setBackend("wasm");
    const before = tf.engine().backend.numDataIds();
    const first = tf.tensor1d([1, 2, 3]);
    const second = tf.clone(first);
    first.dispose();
    expect([...second.dataSync()]).toEqual([1, 2, 3]);
    second.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });

  const spread = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 100);

  it("Tanh from −20 to 20, to seven digits", async () => {
    await tf.setBackend("wasm");
    const values = tf.tidy(() => tf.tanh(tf.tensor1d(spread)).dataSync());
    const off = spread.map((x, i) => Math.abs(Math.tanh(x) - (values[i] as number)));
    expect(Math.max(...off)).toBeLessThan(3e-7);
  });

  it("Erf from −20 to 20", () => expectSame(() => tf.erf(tf.tensor1d(spread))));

  it("tanh and erf of what is no number, or infinite", () =>
    expectSame(() =>
      tf.concat([tf.cast(tf.isNaN(tf.tanh([Number.NaN])), "float32"), tf.tanh([Infinity, -Infinity]), tf.erf([Infinity, -Infinity])]),
    ));
});
