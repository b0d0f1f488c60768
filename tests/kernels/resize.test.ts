import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { rng } from "../../src/tensor/random.ts";
import { expectSame } from "./compare.ts";

type Shape = [number, number, number, number];
type Resize = (x: tf.Tensor4D, size: [number, number], alignCorners?: boolean, halfPixelCenters?: boolean) => tf.Tensor4D;

const noise = (shape: Shape): tf.Tensor4D => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor4d(rng(6, "noise", size).fillNormal(new Float32Array(size)), shape);
};

const extent = fc.integer({ min: 1, max: 9 });
const cases = fc.record({
  resize: fc.constantFrom<Resize>(tf.image.resizeBilinear, tf.image.resizeNearestNeighbor),
  shape: fc.tuple(fc.integer({ min: 1, max: 3 }), extent, extent, fc.constantFrom(1, 3, 4, 7, 16)),
  size: fc.tuple(extent, extent),
  // The two conventions exclude each other.
  grid: fc.constantFrom([false, false] as const, [true, false] as const, [false, true] as const),
});

it("resizes images, larger and smaller", async () => {
  await fc.assert(
    fc.asyncProperty(cases, ({ resize, shape, size, grid }) => expectSame(() => resize(noise(shape), size, ...grid))),
    { numRuns: 60 },
  );
});

it("sends each pixel's gradient to the pixels that it was mixed from", async () => {
  // One square image of several pixels: with others tfjs's JavaScript goes wrong, or goes on for ever.
  await fc.assert(
    fc.asyncProperty(cases, ({ resize, shape: [, height, , channels], size, grid: [alignCorners] }) =>
      expectSame(() => tf.grad((x) => tf.square(resize(x as tf.Tensor4D, size, alignCorners)))(noise([1, height + 1, height + 1, channels]))),
    ),
    { numRuns: 60 },
  );
});

it("has the gradient of a linear map: ⟨g, Ax⟩ = ⟨Aᵀg, x⟩", async () => {
  await tf.setBackend("wasm");
  fc.assert(
    fc.property(cases, ({ resize, shape, size, grid: [alignCorners] }) => {
      const [there, back] = tf.tidy(() => {
        const x = noise(shape);
        const g = noise([shape[0], ...size, shape[3]]);
        const { value, grad } = tf.valueAndGrad((t) => tf.sum(tf.mul(g, resize(t as tf.Tensor4D, size, alignCorners))))(x);
        return [value.dataSync()[0] as number, tf.sum(tf.mul(grad, x)).dataSync()[0] as number];
      });
      expect(back).toBeCloseTo(there, 3);
    }),
    { numRuns: 60 },
  );
});

it("resizes what is large, in several chunks", async () => {
  await expectSame(() => {
    const x = noise([32, 28, 28, 16]);
    return [tf.image.resizeBilinear(x, [42, 42]), tf.grad((t) => tf.square(tf.image.resizeBilinear(t as tf.Tensor4D, [42, 42])))(x)];
  });
});
