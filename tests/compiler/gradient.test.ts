import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { compile, type Program } from "../../src/compiler/compile.ts";
import type { GraphNode } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { registry } from "../../src/layers/registry.ts";
import { derivative, onTape } from "../../src/tensor/derivative.ts";
import { rng } from "../../src/tensor/random.ts";
import { gradientsOf } from "../../src/training/step.ts";
import { spreadValues } from "../layers/support/bound.ts";
import { builtKernels } from "../support/kernels.ts";
import { documentOf, node, trainerOf, numbersOf as weightsOf, wires } from "../training/documents.ts";

/** A chain of layers from x, the gradient of what comes out by x, and its mean square: a loss that holds a gradient. */
function penalty(shape: readonly number[], chain: readonly GraphNode[]): Program {
  const last = chain.map(({ id }, i) => `${i === 0 ? "image.x" : `${chain[i - 1]?.id}.y`} > ${id}.x`);
  const document = documentOf(
    [
      node("image", "input", { shape: [...shape] }),
      ...chain,
      node("slope", "gradient"),
      node("square", "function", { function: "square" }),
      node("loss", "reduce"),
    ],
    wires(...last, `${chain.at(-1)?.id}.y > slope.of`, "image.x > slope.by", "slope.y > square.x", "square.y > loss.x"),
  );
  const checked = checkDocument(document, registry, { dataset: () => undefined, datasetNames: () => [] });
  if (!checked.ok) throw new Error(checked.problems.map(({ message }) => message).join());
  return compile(checked);
}

const of = (type: string, params: GraphNode["params"] = {}) => node(type, type, params);
const image = [6, 6, 2];
const chains: Readonly<Record<string, readonly [readonly number[], readonly GraphNode[]]>> = {
  "dense, tanh": [[3], [of("dense", { units: 4 }), of("tanh"), node("end", "dense", { units: 1 })]],
  "dense, leaky ReLU, sigmoid": [
    [3],
    [of("dense", { units: 5 }), of("leaky-relu", { slope: 0.2 }), of("sigmoid"), node("end", "dense", { units: 1 })],
  ],
  "dense, ReLU, GELU": [[3], [of("dense", { units: 5 }), of("relu"), of("gelu"), node("end", "dense", { units: 1 })]],
  "dense, softmax": [[3], [of("dense", { units: 4 }), of("softmax"), node("end", "dense", { units: 1 })]],
  "layer norm": [[3], [of("dense", { units: 4 }), of("layer-norm"), of("tanh"), node("end", "dense", { units: 1 })]],
  "batch norm": [[3], [of("dense", { units: 4 }), of("batch-norm"), of("tanh"), node("end", "dense", { units: 1 })]],
  convolution: [image, [of("conv2d", { filters: 3, stride: 2 }), of("leaky-relu", { slope: 0.2 }), node("end", "conv2d", { filters: 1 })]],
  "dilated and grouped convolution": [
    image,
    [of("conv2d", { filters: 4, groups: 2, dilation: 2 }), of("tanh"), node("end", "conv2d", { filters: 1, kernel: 6, padding: "valid" })],
  ],
  "transposed convolution": [
    [3, 3, 2],
    [of("conv2d-transpose", { filters: 3 }), of("tanh"), node("end", "conv2d", { filters: 1 })],
  ],
  "instance and group norm": [
    image,
    [of("conv2d", { filters: 4 }), of("instance-norm"), of("group-norm", { groups: 2 }), of("tanh"), node("end", "conv2d", { filters: 1 })],
  ],
  "depthwise convolution": [image, [of("depthwise-conv2d"), of("tanh"), node("end", "conv2d", { filters: 1 })]],
  "average pooling": [image, [of("conv2d", { filters: 3 }), of("tanh"), of("average-pool"), node("end", "conv2d", { filters: 1 })]],
  "max pooling": [image, [of("conv2d", { filters: 3 }), of("tanh"), of("max-pool"), node("end", "conv2d", { filters: 1 })]],
  "max pooling, overlapping": [
    image,
    [of("conv2d", { filters: 2 }), of("tanh"), of("max-pool", { size: 3, stride: 1 }), node("end", "conv2d", { filters: 1 })],
  ],
  "1D convolution": [
    [7, 2],
    [of("conv1d", { filters: 3 }), of("tanh"), node("end", "conv1d", { filters: 1 })],
  ],
  "3D convolution": [
    [3, 3, 3, 1],
    [of("conv3d", { filters: 2, kernel: 2 }), of("tanh"), node("end", "conv3d", { filters: 1, kernel: 2 })],
  ],
  upsampling: [
    [3, 3, 2],
    [of("upsample"), of("conv2d", { filters: 2 }), of("tanh"), node("end", "conv2d", { filters: 1 })],
  ],
};

const batch = 3;
const at = { training: true, step: 0, seed: 1, batch };

/** Numbers of a case, the same on every backend: x, and every weight drawn away from kinks. */
function numbersOf({ variables }: Program, shape: readonly number[]) {
  const x = spreadValues([batch, ...shape], "x").data as Float32Array;
  const weights = variables.map(({ spec, name }) => {
    const start = initialise(spec, rng(3, name));
    return spec.trainable === false ? start : start.map((value, i) => value + 0.1 * Math.sin(i + 1));
  });
  return { x, weights };
}

type Numbers = ReturnType<typeof numbersOf>;

/** The loss, the gradient node's output, and the loss's gradients by x and by every trainable weight. */
function run(program: Program, shape: readonly number[], { x, weights }: Numbers) {
  const before = tf.memory().numTensors;
  const plan = program.plan([
    { path: "loss", port: "y" },
    { path: "slope", port: "y" },
  ]);
  const read = tf.tidy(() => {
    const fed = tf.tensor(x, [batch, ...shape]);
    const held = program.variables.map(({ spec }, i) => tf.tensor(weights[i] as Float32Array, [...spec.shape]));
    const moving = held.filter((_, i) => program.variables[i]?.spec.trainable !== false);
    let outputs: tf.Tensor[] = [];
    const gradients = gradientsOf(() => {
      const result = plan.run({ ...at, weights: held, feeds: { "image.x": fed } });
      for (const update of result.updates.values()) update.dispose();
      outputs = result.outputs.map((output) => tf.keep(output));
      return outputs[0] as tf.Tensor;
    }, [fed, ...moving]);
    const [loss = [], slope = []] = outputs.map((output) => [...output.dataSync()]);
    tf.dispose(outputs);
    return { loss: loss[0] as number, slope, gradients: gradients.map((one) => (one ? [...one.dataSync()] : [])) };
  });
  expect(tf.memory().numTensors).toBe(before);
  return read;
}

/** Central difference of the loss, outside of any tape, as in evaluation: along one direction through x and all weights. */
function difference(program: Program, shape: readonly number[], { x, weights }: Numbers, direction: (i: number, at: number) => number, h: number) {
  const plan = program.plan([{ path: "loss", port: "y" }]);
  const value = (sign: number) =>
    tf.tidy(() => {
      const fed = tf.tensor(
        x.map((one, k) => one + sign * h * direction(0, k)),
        [batch, ...shape],
      );
      let moved = 0;
      const held = program.variables.map(({ spec }, i) => {
        const data = weights[i] as Float32Array;
        if (spec.trainable === false) return tf.tensor(data, [...spec.shape]);
        moved++;
        const place = moved;
        return tf.tensor(
          data.map((one, k) => one + sign * h * direction(place, k)),
          [...spec.shape],
        );
      });
      const { outputs, updates } = plan.run({ ...at, weights: held, feeds: { "image.x": fed } });
      for (const update of updates.values()) update.dispose();
      return (outputs[0] as tf.Tensor).dataSync()[0] as number;
    });
  const before = tf.memory().numTensors;
  const slope = (value(1) - value(-1)) / (2 * h);
  expect(tf.memory().numTensors).toBe(before);
  return slope;
}

/** Clouds → critic → slope by the points → (|slope| − 1)², beside a classification: what WGAN-GP adds to a loss. */
const penalised = documentOf(
  [
    node("points", "dataset", { name: "clouds" }),
    node("critic", "dense", { units: 8 }),
    node("bend", "leaky-relu", { slope: 0.2 }),
    node("end", "dense", { units: 2 }),
    node("classes", "loss.cross-entropy"),
    node("slope", "gradient"),
    node("square", "function", { function: "square" }),
    node("sum", "reduce", { kind: "sum", axes: [1] }),
    node("norm", "function", { function: "sqrt" }),
    node("one", "constant", { value: 1 }),
    node("excess", "subtract"),
    node("squared", "function", { function: "square" }),
    node("mean", "reduce"),
    node("total", "add"),
  ],
  wires(
    "points.x > critic.x",
    "critic.y > bend.x",
    "bend.y > end.x",
    "end.y > classes.x",
    "points.label > classes.label",
    "end.y > slope.of",
    "points.x > slope.by",
    "slope.y > square.x",
    "square.y > sum.x",
    "sum.y > norm.x",
    "norm.y > excess.a",
    "one.y > excess.b",
    "excess.y > squared.x",
    "squared.y > mean.x",
    "classes.loss > total.x",
    "mean.y > total.x",
  ),
  { seed: 3, batch: 10, phases: [{ minimise: "total", optimiser: { type: "adam", rate: 0.01 } }] },
);

describe("a loss that holds a gradient", () => {
  it.each(Object.entries(chains))("falls as finite differences say, on cpu and wasm: %s", async (_name, [shape, chain]) => {
    await prepareBackend("cpu");
    const program = penalty(shape, chain);
    const numbers = numbersOf(program, shape);
    const here = run(program, shape, numbers);
    expect(Math.hypot(...here.slope)).toBeGreaterThan(1e-3);
    const random = rng(5, "directions");
    const signs = here.gradients.map((list) => list.map(() => (random.uniform() < 0.5 ? -1 : 1)));
    const along = here.gradients.reduce((sum, list, i) => sum + list.reduce((part, one, k) => part + one * (signs[i]?.[k] as number), 0), 0);
    const length = Math.hypot(...here.gradients.flat());
    // A step that crosses a kink is no evidence, so one that agrees is enough.
    const found = [1e-2, 3e-3, 1e-3, 3e-4].map((h) => difference(program, shape, numbers, (i, k) => signs[i]?.[k] ?? 0, h));
    expect(Math.min(...found.map((one) => Math.abs(one - along)))).toBeLessThan(0.01 * length + 1e-4);

    await prepareBackend("wasm", { kernels: builtKernels });
    const there = run(program, shape, numbers);
    const far = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((one, i) => Math.abs(one - (b[i] as number))));
    expect(far(there.slope, here.slope)).toBeLessThan(1e-4);
    expect(far(there.gradients.flat(), here.gradients.flat())).toBeLessThan(1e-4 * Math.max(1, length));
  });

  it("is trained by steps compiled on wasm with the numbers of steps on cpu, and evaluated without a tape", async () => {
    const after: Record<string, number[]>[] = [];
    for (const backend of ["cpu", "wasm"] as const) {
      await prepareBackend(backend, { kernels: builtKernels });
      const trainer = trainerOf(penalised);
      for (let step = 0; step < 4; step++) trainer.trainStep();
      await trainer.evaluate("test", {});
      const before = tf.memory().numTensors;
      for (let step = 4; step < 8; step++) trainer.trainStep();
      const values = await trainer.evaluate("test", {});
      expect(tf.memory().numTensors).toBe(before);
      after.push({ ...(await weightsOf(trainer)), loss: [values?.total ?? Number.NaN] });
      trainer.dispose();
    }
    const [cpu, wasm] = after;
    for (const [name, numbers] of Object.entries(cpu ?? {}))
      for (const [i, one] of numbers.entries()) expect(Math.abs(one - (wasm?.[name]?.[i] as number)), name).toBeLessThan(1e-4);
  });
});

describe("the gradient node", () => {
  it("weighs what is differentiated by what arrives along", () =>
    tf.tidy(() => {
      const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
      const weights = tf.tensor2d([1, 10, 100, 1000], [2, 2]);
      const y = onTape(() => {
        const arrived = tf.clone(x);
        return [derivative(tf.square(arrived), arrived, weights)];
      });
      expect([...(y[0] as tf.Tensor).dataSync()]).toEqual([2, 40, 600, 8000]);
    }));

  it("is differentiated again, and again: the third derivative of x⁵ is 60x²", () =>
    tf.tidy(() => {
      const [y] = onTape(() => {
        const x = tf.clone(tf.tensor1d([0.5, 2]));
        const fifth = tf.mul(x, tf.square(tf.square(x)));
        return [derivative(derivative(derivative(fifth, x), x), x)];
      });
      const [small, large] = (y as tf.Tensor).dataSync();
      expect(small).toBeCloseTo(15, 3);
      expect(large).toBeCloseTo(240, 2);
    }));

  it("says so where one does not depend on the other", () => {
    const lost = documentOf(
      [
        node("a", "input", { shape: [3] }),
        node("b", "input", { shape: [3] }),
        node("dense", "dense"),
        node("slope", "gradient"),
        node("shown", "output"),
      ],
      wires("a.x > dense.x", "dense.y > slope.of", "b.x > slope.by", "slope.y > shown.x"),
    );
    const { problems } = checkDocument(lost, registry, { dataset: () => undefined, datasetNames: () => [] });
    expect(problems.map(({ code, place }) => [code, place.node, place.port])).toEqual([["no-derivative", "slope", "by"]]);
  });
});
