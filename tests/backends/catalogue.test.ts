import { beforeAll, describe, expect, it } from "vitest";
import { missingKernels } from "../../src/backends/preflight.ts";
import { loadTracer, type Tracer } from "../../src/backends/trace.ts";
import { registry } from "../../src/layers/registry.ts";
import "../../src/tensor/gradients.ts";
import { bind } from "../layers/support/bound.ts";
import { exampleCases } from "../layers/support/cases.ts";
import { forward, gradients } from "../layers/support/gradients.ts";
import { prepareBoth } from "./compare.ts";

let tracer: Tracer;
beforeAll(async () => {
  await prepareBoth();
  tracer = await loadTracer();
});

describe("WebAssembly has every kernel that a layer needs, forward and backward:", () => {
  const layers = [...registry.values()].filter(({ apply }) => apply !== undefined);
  it.each(layers.map((layer) => [layer.type, layer] as const))("%s", (_, layer) => {
    for (const at of exampleCases(layer)) {
      const bound = bind(layer, at);
      const { calls } = tracer.trace(() => {
        forward(bound);
        if (layer.differentiable !== false) gradients(bound);
      });
      expect(missingKernels(calls, "wasm")).toEqual([]);
    }
  });
});
