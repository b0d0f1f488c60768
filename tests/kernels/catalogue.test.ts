import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Layer } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { bind } from "../layers/support/bound.ts";
import { type Case, exampleCases, variedCases } from "../layers/support/cases.ts";
import { forward, gradients } from "../layers/support/gradients.ts";
import "./compare.ts";

/** All numbers that a layer gives: its outputs, and a gradient for each of its tensors. */
async function numbers(layer: Layer, at: Case, backend: "cpu" | "wasm"): Promise<number[]> {
  await tf.setBackend(backend);
  const bound = bind(layer, at);
  const found = layer.differentiable === false ? [] : gradients(bound);
  return [...Object.values(forward(bound)), ...found].flatMap((values) => [...(values ?? [])]);
}

const running = [...registry.values()].filter(({ apply }) => apply);

it.each(running.map((layer) => [layer.type, layer] as const))(
  "%s gives on the kernels what it gives on tfjs's JavaScript, and the same gradients",
  async (_, layer) => {
    const check = async (at: Case) => {
      const reference = await numbers(layer, at, "cpu");
      const ours = await numbers(layer, at, "wasm");
      const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
      expect(ours.length).toBe(reference.length);
      for (const [i, value] of reference.entries()) expect(Math.abs((ours[i] as number) - value) / scale).toBeLessThan(1e-4);
    };
    for (const at of exampleCases(layer)) await check(at);
    await fc.assert(fc.asyncProperty(variedCases(layer), check), { numRuns: 10, seed: 2 });
  },
);
