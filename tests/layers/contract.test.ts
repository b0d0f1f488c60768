import "../../src/tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { isProblem, type Layer } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { builtKernels } from "../support/kernels.ts";
import { bind, toTensor } from "./support/bound.ts";
import { anyInputs, anyParams, type Case, env, exampleCases, variedCases } from "./support/cases.ts";
import { forward, gradients, wrongGradients } from "./support/gradients.ts";

/** The contract of the catalogue, kept by every layer without a line written for it. Seeds are fixed: a failure repeats. */

const layers = [...registry.values()];
const running = layers.filter((layer) => layer.apply);
const differentiable = running.filter((layer) => layer.differentiable !== false);
const called = (list: readonly Layer[]) => list.map((layer) => [layer.type, layer] as const);

beforeAll(async () => {
  await prepareBackend("wasm", { kernels: builtKernels });
  await prepareBackend("cpu");
});

/** Checks every example, then that many variations. */
function everyCase(layer: Layer, variations: number, check: (at: Case) => void): void {
  for (const at of exampleCases(layer)) check(at);
  fc.assert(fc.property(variedCases(layer), check), { numRuns: variations, seed: 1 });
}

describe("what infer says is what apply does, and no tensor is left behind:", () => {
  it.each(called(running))("%s", (_, layer) => {
    everyCase(layer, 15, (at) => {
      const bound = bind(layer, at);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const free = bound.free.map(({ values }) => toTensor(values));
        const outputs = bound.apply(free);
        expect(Object.fromEntries(Object.entries(outputs).map(([port, { shape, dtype }]) => [port, { shape, dtype }]))).toEqual(
          Object.fromEntries(Object.entries(bound.outputs).map(([port, { shape, dtype }]) => [port, { shape, dtype }])),
        );
        for (const tensor of Object.values(outputs)) expect(tensor.dataSync().every(Number.isFinite), "all finite").toBe(true);
        for (const tensor of free) expect(tensor.isDisposed).toBe(false);
      });
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe("gradients are what finite differences give, and reach every trainable weight:", () => {
  it.each(called(differentiable))("%s", (_, layer) => {
    everyCase(layer, 8, (at) => {
      const bound = bind(layer, at);
      // A surrogate's gradients in training are on purpose not those of what it computes.
      if (!(layer.surrogate && at.training)) expect(wrongGradients(bound)).toEqual([]);
      const found = gradients(bound);
      const unreached = bound.free.filter(({ name }, i) => found[i] === undefined && bound.weights.includes(name));
      expect(unreached.map(({ name }) => name)).toEqual([]);
    });
  });
});

describe("the wasm backend gives what the reference gives, forward and backward:", () => {
  it.each(called(running))("%s", async (_, layer) => {
    const cases = [...exampleCases(layer), ...fc.sample(variedCases(layer), { numRuns: 8, seed: 2 })];
    const results = (): Numbers[] =>
      cases.map((at) => {
        const bound = bind(layer, at);
        const numbers = forward(bound);
        return layer.differentiable === false ? numbers : Object.assign({}, numbers, gradients(bound));
      });
    const expected = results();
    await tf.setBackend("wasm");
    try {
      const held = tf.engine().backend.numDataIds();
      for (const [i, numbers] of results().entries()) expect(distance(numbers, expected[i] ?? {}), JSON.stringify(cases[i])).toBeLessThan(1e-4);
      expect(tf.engine().backend.numDataIds()).toBe(held);
    } finally {
      await tf.setBackend("cpu");
    }
  });
});

type Numbers = Readonly<Record<string, Float32Array | undefined>>;
/** The largest difference, relative to the largest number of the array; infinite where only one side has a gradient. */
function distance(a: Numbers, b: Numbers): number {
  let largest = 0;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const one = a[key];
    const other = b[key];
    if (!one && !other) continue;
    if (!one || !other || one.length !== other.length) return Number.POSITIVE_INFINITY;
    const scale = other.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (let i = 0; i < one.length; i++) largest = Math.max(largest, Math.abs((one[i] as number) - (other[i] as number)) / scale);
  }
  return largest;
}

describe("parameters survive JSON:", () => {
  it.each(called(layers))("%s", (_, layer) => {
    const again = (params: unknown) => layer.params.parse(JSON.parse(JSON.stringify(params)));
    expect(again(layer.params.parse({}))).toEqual(layer.params.parse({}));
    fc.assert(
      fc.property(anyParams(layer), (params) => {
        expect(again(params)).toEqual(params);
      }),
      { numRuns: 20, seed: 3 },
    );
  });
});

describe("infer answers whatever arrives, and what it accepts can be counted:", () => {
  it.each(called(layers))("%s", (_, layer) => {
    fc.assert(
      fc.property(anyInputs(layer), anyParams(layer), (inputs, params) => {
        const outputs = layer.infer(inputs, params, env);
        expect(typeof (layer.summary?.(params) ?? "")).toBe("string");
        if (isProblem(outputs)) {
          expect(outputs.problem).toMatch(/^\S.*[.!]$/);
          return;
        }
        const names = typeof layer.outputs === "function" ? layer.outputs(params, env) : layer.outputs;
        expect(Object.keys(outputs)).toEqual([...names]);
        for (const { shape } of Object.values(outputs)) for (const dim of shape) expect(typeof dim === "string" || isCount(dim), `${dim}`).toBe(true);
        for (const spec of Object.values(layer.weights?.(inputs, params) ?? {}))
          for (const dim of spec?.shape ?? []) expect(isCount(dim), `weight size ${dim}`).toBe(true);
        const cost = layer.cost?.(inputs, outputs, params) ?? 0;
        expect(Number.isFinite(cost) && cost >= 0, `cost ${cost}`).toBe(true);
        for (const { extent, stride } of layer.window?.(params, inputs) ?? []) expect(isCount(extent) && isCount(stride)).toBe(true);
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});

const isCount = (value: number) => Number.isInteger(value) && value >= 1;

describe("a remedy mends what it is offered for:", () => {
  it.each(called(layers))("%s", (_, layer) => {
    fc.assert(
      fc.property(anyInputs(layer), anyParams(layer), (inputs, params) => {
        const before = layer.infer(inputs, params, env);
        if (!isProblem(before) || !before.mend) return;
        const { mend } = before;
        if (mend.kind === "set") {
          const after = layer.infer(inputs, layer.params.parse({ ...params, ...mend.params }), env);
          expect(isProblem(after) && after.problem).not.toBe(before.problem);
          return;
        }
        const inserted = registry.get(mend.type);
        if (!inserted) throw new Error(`There is no layer "${mend.type}" to insert.`);
        const arriving = [inputs[mend.port]].flat();
        const wire = mend.wire ?? 0;
        const type = arriving[wire];
        if (type === undefined) throw new Error(`Nothing arrives at the port "${mend.port}".`);
        const between = inserted.infer({ x: type }, inserted.params.parse(mend.params ?? {}), env);
        if (isProblem(between)) throw new Error(`The inserted ${mend.type} has a problem of its own: ${between.problem}`);
        const value = layer.inputs[mend.port]?.many ? arriving.map((old, i) => (i === wire ? between.y : old)) : between.y;
        const after = layer.infer({ ...inputs, [mend.port]: value } as typeof inputs, params, env);
        if (isProblem(after)) expect([after.problem, after.mend?.kind === "insert" && after.mend.wire]).not.toEqual([before.problem, mend.wire]);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});
