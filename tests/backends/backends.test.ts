import * as tf from "@tensorflow/tfjs-core";
import { afterAll, describe, expect, it } from "vitest";
import { BackendError, prepareBackend, renewBackend } from "../../src/backends/backends.ts";
import { builtKernels as kernels } from "../support/kernels.ts";

afterAll(() => prepareBackend("cpu"));

describe("prepareBackend", () => {
  it("makes the WebAssembly backend the current one, in Node", async () => {
    await prepareBackend("wasm", { kernels });
    expect(tf.getBackend()).toBe("wasm");
    expect(tf.tidy(() => [...tf.add([1, 2], [3, 4]).dataSync()])).toEqual([4, 6]);
  });

  it("switches between backends and back without fetching anything again", async () => {
    await prepareBackend("cpu");
    expect(tf.getBackend()).toBe("cpu");
    await prepareBackend("wasm");
    expect(tf.getBackend()).toBe("wasm");
  });

  it.each(["webgl", "webgpu"] as const)("says in words that %s is not to be had in Node", async (name) => {
    await expect(prepareBackend(name)).rejects.toThrow(BackendError);
    await expect(prepareBackend(name)).rejects.toThrow(/is not available here: /);
  });

  it("starts a backend anew, with none of its old tensors", async () => {
    await prepareBackend("wasm", { kernels });
    const lost = tf.tensor1d([1, 2, 3]);
    await renewBackend("wasm", { kernels });
    expect(() => lost.dataSync()).toThrow();
    expect(tf.tidy(() => [...tf.square([1, 2, 3]).dataSync()])).toEqual([1, 4, 9]);
  });
});
