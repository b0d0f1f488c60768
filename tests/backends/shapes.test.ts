import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { ShapeBackend } from "../../src/backends/shapes/backend.ts";
import { shapeRules } from "../../src/backends/shapes/rules.ts";
import { loadShapes, outlineTensor, runOnShapes, SymbolicError } from "../../src/backends/shapes/symbolic.ts";
import { type KernelCall, record } from "../../src/compiler/recording.ts";
import { registry } from "../../src/layers/registry.ts";
import "../../src/tensor/gradients.ts";
import { bind } from "../layers/support/bound.ts";
import { exampleCases } from "../layers/support/cases.ts";
import { forward, gradients } from "../layers/support/gradients.ts";
import { prepareBoth } from "./compare.ts";

beforeAll(async () => {
  await prepareBoth();
  await loadShapes();
});

const brief = ({ name, inputs, types }: KernelCall): string =>
  `${name} ${inputs.map(([key, use]) => `${key} [${use?.shape}]`)} → ${types.map(({ shape, dtype }) => `${dtype} [${shape}]`)}`;

/** What only gives its input's own numbers back is left out where it is computed: here a pad by nothing. */
const counts = ({ name, inputs, types }: KernelCall): boolean => name !== "PadV2" || inputs[0]?.[1]?.shape.join() !== types[0]?.shape.join();

describe("shapes alone give the kernels, shapes and types that computing gives:", () => {
  const layers = [...registry.values()].filter(({ apply }) => apply !== undefined);
  it.each(layers.map((layer) => [layer.type, layer] as const))("%s", (_, layer) => {
    for (const at of exampleCases(layer)) {
      const bound = bind(layer, at);
      const run = () =>
        record(() =>
          tf.tidy(() => {
            forward(bound);
            if (layer.differentiable !== false) gradients(bound);
          }),
        ).recording;
      const computed = run();
      // The helpers read what they have computed.
      const reading = vi.spyOn(ShapeBackend.prototype, "readSync").mockReturnValue(new Float32Array(1));
      const outlined = runOnShapes(() => {
        const recording = run();
        recording.dispose();
        return recording;
      });
      reading.mockRestore();
      computed.dispose();
      expect(outlined.calls.filter(counts).map(brief)).toEqual(computed.calls.filter(counts).map(brief));
      expect(outlined.calls.filter(({ name, inputs }) => inputs.length > 0 && !(name in shapeRules)).map(({ name }) => name)).toEqual([]);
    }
  });
});

it("computes nothing: numbers of what was computed cannot be read, those that code wrote can", () => {
  runOnShapes(() =>
    tf.tidy(() => {
      const written = tf.tensor1d([1, 2, 3]);
      expect([...written.dataSync()]).toEqual([1, 2, 3]);
      expect(() => tf.exp(written).dataSync()).toThrow(SymbolicError);
      // A million gigabytes.
      const vast = tf.matMul(outlineTensor([1e6, 1e9]), outlineTensor([1e9, 1e6]));
      expect(vast.shape).toEqual([1e6, 1e6]);
    }),
  );
});

it("gives the shapes of a kernel without a rule, by running it on zeros", () => {
  runOnShapes(() =>
    tf.tidy(() => {
      const spread = tf.depthToSpace(outlineTensor([1, 2, 2, 4]) as tf.Tensor4D, 2, "NHWC");
      expect(spread.shape).toEqual([1, 4, 4, 1]);
      expect(() => spread.dataSync()).toThrow(SymbolicError);
    }),
  );
});
