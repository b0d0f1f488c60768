import "../../src/tensor/gradients.ts";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import type { Plan, RunArguments } from "../../src/compiler/plan.ts";
import { dense } from "../../src/layers/dense/dense.ts";
import { broken, checkedGraph, identity, jitter, mean, runs, shown, source, square, sum } from "./graph.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors - before, "tensors left behind").toBe(0);
});

const still = { training: false, step: 0, seed: 1, batch: 2, weights: [] } as const;

/** Runs a plan on x = [[1, 2, 3], [4, 5, 6]] and reads everything back. */
function numbers(plan: Plan, args: Partial<RunArguments> = {}): number[][] {
  return tf.tidy(() => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const { outputs, updates } = plan.run({ ...still, feeds: { "in.x": x }, ...args });
    for (const update of updates.values()) update.dispose();
    return outputs.map((output) => [...output.dataSync()]);
  });
}

describe("a program", () => {
  it("lists each variable once, shared ones under their shared name", () => {
    const program = compile(
      checkedGraph([
        { id: "in", layer: source },
        { id: "a", layer: dense, params: { units: 3 }, inputs: { x: "in.x" }, shared: "twin" },
        { id: "b", layer: dense, params: { units: 3 }, inputs: { x: "a.y" }, shared: "twin" },
        { id: "c", layer: dense, params: { units: 3, bias: false }, inputs: { x: "b.y" } },
      ]),
    );
    expect(program.variables.map((variable) => variable.name)).toEqual(["twin/kernel", "twin/bias", "c/kernel"]);
    expect(program.variables[0]?.path).toBe("a");
    expect(program.variableIndex.get("c/kernel")).toBe(2);
  });

  it("computes what the layers compute, with weights bound by position", () => {
    const program = compile(
      checkedGraph([
        { id: "in", layer: source },
        { id: "a", layer: dense, params: { units: 3 }, inputs: { x: "in.x" }, shared: "twin" },
        { id: "b", layer: dense, params: { units: 3 }, inputs: { x: "a.y" }, shared: "twin" },
      ]),
    );
    tf.tidy(() => {
      const kernel = tf.tensor2d([0, 1, 0, 0, 0, 1, 1, 0, 0], [3, 3]);
      const bias = tf.tensor1d([10, 20, 30]);
      const [y] = numbers(program.plan([{ path: "b", port: "y" }]), { weights: [kernel, bias] });
      // x·K rotates to [x3, x1, x2]; twice, with the bias once rotated and once plain.
      expect(y).toEqual([2 + 30 + 10, 3 + 10 + 20, 1 + 20 + 30, 5 + 40, 6 + 30, 4 + 50]);
    });
  });

  it("drops nodes that the targets do not need", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "used", layer: square, inputs: { x: "in.x" } },
      { id: "dead", layer: square, inputs: { x: "used.y" } },
      { id: "loss", layer: mean, inputs: { x: "used.y" } },
    ]);
    const plan = compile(graph).plan([{ path: "loss", port: "loss" }]);
    runs.square = 0;
    numbers(plan);
    expect(runs.square).toBe(1);
    expect(plan.steps.map((step) => step.node.path)).toEqual(["used", "loss"]);
    expect(plan.feeds.map((feed) => feed.key)).toEqual(["in.x"]);
  });

  it("reads what arrives at a node that computes nothing", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "sum", layer: sum, inputs: { xs: ["in.x", "in.x"] } },
      { id: "look", layer: shown, inputs: { x: "sum.y" } },
    ]);
    expect(numbers(compile(graph).plan([{ path: "look", port: "x" }]))).toEqual([[2, 4, 6, 8, 10, 12]]);
  });

  it("gives lists to ports of many wires and nothing to open optional ports", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "plain", layer: sum, inputs: { xs: ["in.x", "in.x", "in.x"] } },
      { id: "more", layer: sum, inputs: { xs: ["in.x"], extra: "plain.y" } },
    ]);
    const plan = compile(graph).plan([
      { path: "plain", port: "y" },
      { path: "more", port: "y" },
    ]);
    expect(numbers(plan).map((values) => values[0])).toEqual([3, 4]);
  });
});

describe("tensor ownership", () => {
  it("frees intermediate tensors at their last use", () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({ id: `s${i}`, layer: square, inputs: { x: i === 0 ? "in.x" : `s${i - 1}.y` } }));
    const plan = compile(checkedGraph([{ id: "in", layer: source }, ...chain])).plan([{ path: "s19", port: "y" }]);
    let most = 0;
    const x = tf.ones([2, 3]);
    const { outputs } = plan.run({ ...still, feeds: { "in.x": x }, inspect: () => (most = Math.max(most, tf.memory().numTensors - before)) });
    expect(most).toBeLessThanOrEqual(6);
    expect(tf.memory().numTensors - before).toBe(2);
    tf.dispose([x, ...outputs]);
  });

  it("never frees feeds and weights, even where a layer passes its input through", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "same", layer: identity, inputs: { x: "in.x" } },
      { id: "again", layer: identity, inputs: { x: "same.y" } },
      { id: "sum", layer: sum, inputs: { xs: ["again.y", "same.y"] } },
    ]);
    const plan = compile(graph).plan([
      { path: "sum", port: "y" },
      { path: "in", port: "x" },
      { path: "in", port: "x" },
      { path: "same", port: "y" },
    ]);
    const x = tf.ones([2, 3]);
    const { outputs } = plan.run({ ...still, feeds: { "in.x": x } });
    expect(new Set(outputs).size).toBe(4);
    for (const output of outputs) output.dispose();
    expect([...x.dataSync()]).toEqual([1, 1, 1, 1, 1, 1]);
    x.dispose();
  });

  it("keeps what the tape needs until the gradients are there", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "a", layer: dense, params: { units: 2, bias: false }, inputs: { x: "in.x" } },
      { id: "s", layer: square, inputs: { x: "a.y" } },
      { id: "loss", layer: mean, inputs: { x: "s.y" } },
    ]);
    const plan = compile(graph).plan([{ path: "loss", port: "loss" }]);
    tf.tidy(() => {
      const x = tf.ones([2, 3]);
      const kernel = tf.fill([3, 2], 0.1);
      const { grads } = tf
        .engine()
        .gradients(() => plan.run({ ...still, feeds: { "in.x": x }, weights: [kernel] }).outputs[0] as tf.Tensor, [kernel]);
      // d/dk of mean(sin²(a)) with a = Σ k = 0.3, over 2 columns: sin(2a)/2.
      for (const value of (grads[0] as tf.Tensor).dataSync()) expect(value).toBeCloseTo(Math.sin(0.6) / 2, 5);
    });
  });
});

describe("random draws and running values", () => {
  const graph = checkedGraph([
    { id: "in", layer: source },
    { id: "a", layer: jitter, inputs: { x: "in.x" } },
    { id: "b", layer: jitter, inputs: { x: "in.x" } },
  ]);
  const plan = compile(graph).plan([
    { path: "a", port: "y" },
    { path: "b", port: "y" },
  ]);

  it("are the same for the same seed, node and step, and differ otherwise", () => {
    const [a, b] = numbers(plan);
    expect(numbers(plan)).toEqual([a, b]);
    expect(a).not.toEqual(b);
    expect(numbers(plan, { step: 1 })[0]).not.toEqual(a);
    expect(numbers(plan, { seed: 2 })[0]).not.toEqual(a);
  });

  it("come back as updates by variable, for the caller to keep", () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    const { outputs, updates } = plan.run({ ...still, feeds: { "in.x": x } });
    expect([...updates.keys()]).toEqual([0, 1]);
    expect(updates.get(0)?.dataSync()[0]).toBe(3.5);
    for (const tensor of [x, ...outputs, ...updates.values()]) tensor.dispose();
  });
});

describe("a fault", () => {
  it("names the node that threw, and leaves no tensor behind", () => {
    const graph = checkedGraph([
      { id: "in", layer: source },
      { id: "noise", layer: jitter, inputs: { x: "in.x" } },
      { id: "bad", layer: broken, inputs: { x: "noise.y" } },
    ]);
    expect(() => numbers(compile(graph).plan([{ path: "bad", port: "y" }]))).toThrow(/^"bad": .*matMul/);
  });

  it("names a feed that is missing, a node or a port that is not there", () => {
    const program = compile(
      checkedGraph([
        { id: "in", layer: source },
        { id: "s", layer: square, inputs: { x: "in.x" } },
      ]),
    );
    expect(() => numbers(program.plan([{ path: "s", port: "y" }]), { feeds: {} })).toThrow(/"in".*"x"/);
    expect(() => program.plan([{ path: "nowhere", port: "y" }])).toThrow(/"nowhere"/);
    expect(() => program.plan([{ path: "s", port: "z" }])).toThrow(/"s".*"z"/);
  });
});
