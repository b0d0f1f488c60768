import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { type BackendMeasure, chooseBackend, estimateStep, measureBackends, rankBackends } from "../../src/backends/choose.ts";
import { builtKernels } from "../support/kernels.ts";

beforeAll(() => prepareBackend("cpu"));
afterAll(() => prepareBackend("cpu"));

const measured = (name: BackendMeasure["name"], small: number, large: number): BackendMeasure => ({
  name,
  ok: true,
  small: { milliseconds: small, multiplyAdds: 1e5 },
  large: { milliseconds: large, multiplyAdds: 1e8 },
});

describe("choosing a backend", () => {
  it("measures what works, says in words what does not, and leaves no tensor", async () => {
    const before = tf.memory().numTensors;
    const measures = await measureBackends(["webgpu", "webgl", "wasm"], { kernels: builtKernels });
    expect(measures.map(({ name, ok }) => [name, ok])).toEqual([
      ["webgpu", false],
      ["webgl", false],
      ["wasm", true],
    ]);
    expect(measures[0]).toMatchObject({ reason: expect.stringMatching(/WebGPU is not available here/) });
    expect(estimateStep(measures[2] as BackendMeasure)).toBeGreaterThan(0);
    expect(chooseBackend(measures)).toBe("wasm");
    expect(tf.memory().numTensors).toBe(before);
  });

  it("takes the processor for small networks and the graphics card for large ones", () => {
    const measures = [measured("webgpu", 10, 15), measured("wasm", 2, 60)];
    expect(chooseBackend(measures, 1e4)).toBe("wasm");
    expect(chooseBackend(measures, 1e8)).toBe("webgpu");
  });

  it("ranks a graphics card that is software by what it does, not by its name", () => {
    const measures = [measured("webgpu", 250, 5000), measured("webgl", 31, 2366), measured("wasm", 2, 110)];
    expect(rankBackends(measures).map(({ name }) => name)).toEqual(["wasm", "webgl", "webgpu"]);
  });

  it("chooses none where none works", () => {
    expect(chooseBackend([{ name: "webgl", ok: false, reason: "no" }])).toBeUndefined();
  });
});
