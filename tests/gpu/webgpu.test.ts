import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { tryWebgpu, webgpuOptions } from "../support/dawn.ts";
import { templateText } from "../support/templates.ts";
import { layerFaults, prepareAgainstReference, runningLayers } from "./catalogue.ts";
import { replayFaults } from "./training.ts";

const refusal = await tryWebgpu();
if (refusal !== undefined) console.log(`WebGPU is not tested: ${refusal}`);
const bundled = async (name: string) => new Uint8Array(readFileSync(`src/data/files/${name}`));

describe.skipIf(refusal !== undefined)("WebGPU in Node", () => {
  beforeAll(() => prepareAgainstReference("webgpu", webgpuOptions));

  it.each(runningLayers)("gives what the reference gives, forward and backward, and leaves no tensor behind: %s", async (type) => {
    expect(await layerFaults(type, "webgpu")).toEqual([]);
  });

  it("adds any number of tensors, though a shader may read only a few", async () => {
    await tf.setBackend("webgpu");
    const before = tf.engine().backend.numDataIds();
    for (const count of [1, 2, 7, 8, 13, 14, 60]) {
      const sum = tf.tidy(() => tf.addN(Array.from({ length: count }, (_, i) => tf.fill([2], i + 1))));
      expect([...(await sum.data())], `${count} tensors`).toEqual([1, 1].map((one) => (one * count * (count + 1)) / 2));
      sum.dispose();
    }
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });

  it.each(["moons-mlp", "mnist1d-conv"])("repeats the recorded steps of %s with the numbers of ordinary ones", async (id) => {
    await tf.setBackend("webgpu");
    expect(await replayFaults(templateText(id), bundled, 4, 8)).toEqual([]);
  });
});
