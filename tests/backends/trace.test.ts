import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { missingKernels } from "../../src/backends/preflight.ts";
import { loadTracer, type Tracer } from "../../src/backends/trace.ts";
import "../../src/tensor/gradients.ts";
import { prepareBoth } from "./compare.ts";

let tracer: Tracer;
beforeAll(async () => {
  await prepareBoth();
  tracer = await loadTracer();
});

describe("the tracer", () => {
  it("writes down kernels in order, with shapes, attributes and the label that was set", () => {
    const { calls } = tracer.trace(({ label }) => {
      label("first");
      const y = tf.matMul(tf.ones([2, 3]), tf.ones([3, 4]));
      label("second");
      tf.sum(y, 1);
    });
    expect(calls.map(({ kernel, label }) => [kernel, label])).toEqual([
      ["BatchMatMul", "first"],
      ["Sum", "second"],
    ]);
    expect(calls[0]?.outputs[0]?.shape).toEqual([2, 4]);
    expect(calls[1]?.inputs.x?.data).toBe(calls[0]?.outputs[0]?.data);
    expect(calls[1]?.attrs).toMatchObject({ axis: 1 });
  });

  it("keeps the numbers that were put in from outside", () => {
    const { calls, given } = tracer.trace(() => void tf.neg([1, 2, 3]));
    expect([...Array.from(given.get(calls[0]?.inputs.x?.data ?? {})?.values ?? [])]).toEqual([1, 2, 3]);
  });

  it("does not compute convolutions, only their shapes", () => {
    const { calls, result } = tracer.trace(() =>
      tf.conv2d(tf.ones<tf.Rank.R4>([1, 4, 4, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 5]), 1, "same").dataSync(),
    );
    expect(calls[0]?.outputs[0]?.shape).toEqual([1, 4, 4, 5]);
    // Sums of ones, had it been computed.
    expect(new Set(result)).toEqual(new Set([0]));
  });

  it("sees gradients too", () => {
    const { calls } = tracer.trace(() => {
      tf.grad((w) => tf.sum(tf.conv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 1]), w as tf.Tensor4D, 1, "same")))(tf.ones([3, 3, 1, 2]));
    });
    expect(calls.map(({ kernel }) => kernel)).toContain("Conv2DBackpropFilter");
  });

  it("gives the former backend back, with no tensor left, even after an error", async () => {
    await tf.setBackend("wasm");
    const before = tf.memory().numTensors;
    expect(() =>
      tracer.trace(() => {
        tf.ones([2]);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect([tf.getBackend(), tf.memory().numTensors]).toEqual(["wasm", before]);
  });
});

describe("missingKernels", () => {
  it("names what a backend lacks, and where it is needed", () => {
    const { calls } = tracer.trace(({ label }) => {
      label("contraction");
      tf.einsum("ij,jk->ik", tf.ones([2, 3]), tf.ones([3, 2]));
    });
    const einsum = tf.getKernel("Einsum", "wasm");
    tf.unregisterKernel("Einsum", "wasm");
    expect(missingKernels(calls, "wasm")).toEqual([{ kernel: "Einsum", labels: ["contraction"] }]);
    tf.registerKernel(einsum);
  });

  it("finds nothing missing on WebAssembly in a convolution's and an embedding's gradient", () => {
    const { calls } = tracer.trace(() => {
      tf.grad((w) =>
        tf.sum(
          tf.depthwiseConv2d(tf.conv2d(tf.ones<tf.Rank.R4>([1, 5, 5, 1]), w as tf.Tensor4D, 1, "same"), tf.ones<tf.Rank.R4>([3, 3, 2, 1]), 1, "same"),
        ),
      )(tf.ones([3, 3, 1, 2]));
      tf.grad((table) => tf.sum(tf.gather(table, tf.tensor1d([0, 1], "int32"))))(tf.ones([4, 2]));
    });
    expect(missingKernels(calls, "wasm")).toEqual([]);
  });
});
