import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { nodeDraws } from "../../src/compiler/draws.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import type { ExportedFile, ExportResult, ExportWeight } from "../../src/export/formats.ts";
import { outputsOf } from "../../src/export/outputs.ts";
import { tfjsFormat } from "../../src/export/tfjs/tfjs.ts";
import type { Checked } from "../../src/graph/types.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { rng } from "../../src/tensor/random.ts";
import { concreteShape, type TensorType } from "../../src/tensor/types.ts";

/** Weights near their start, none at zero, so that every one of them matters. */
export function someWeights(checked: Checked): Map<string, ExportWeight> {
  return new Map(
    compile(checked).variables.map(({ name, spec }) => {
      const start = initialise(spec, rng(1, name));
      const shift = rng(2, name);
      return [name, { shape: spec.shape, data: start.map((value) => value + 0.05 * (shift.uniform() - 0.5)) }];
    }),
  );
}

/** Loads exported files as stock TensorFlow.js loads them from a server. */
export function loadExported(files: readonly ExportedFile[]): ReturnType<typeof loadGraphModel> {
  const fetchFunc = async (address: RequestInfo | URL): Promise<Response> => {
    const name = String(address).split("/").at(-1);
    const file = files.find((one) => one.name === name);
    if (file === undefined) return new Response(null, { status: 404 });
    const type = file.name.endsWith(".json") ? "application/json" : "application/octet-stream";
    return new Response(file.bytes.slice(), { headers: { "content-type": type } });
  };
  return loadGraphModel("http://localhost/exported/model.json", { fetchFunc });
}

export function filesOf(result: ExportResult): readonly ExportedFile[] {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.files;
}

const numbersFor = ({ shape, dtype, classes }: TensorType, batch: number, key: string): tf.Tensor => {
  const sizes = concreteShape(shape, { batch });
  const stream = rng(3, key, batch);
  const values = Array.from({ length: tf.util.sizeFromShape(sizes) }, () => (dtype === "int32" ? stream.int(classes ?? 2) : stream.normal()));
  return tf.tensor(values, sizes, dtype);
};

/** Layers that draw uniform numbers, not normal ones. */
const uniformly: ReadonlySet<string> = new Set(["sample-category", "diffusion-time", "dequantise"]);

/**
 * Exports, loads the files with stock TensorFlow.js on its own JavaScript backend, and compares what both give, for a
 * batch that the export never saw.
 */
export async function expectSameModel(document: NetloomDocument, checked: Checked, batch = 4): Promise<void> {
  const weights = someWeights(checked);
  const model = await loadExported(filesOf(await tfjsFormat.write({ document, checked, weights })));
  const program = compile(checked);
  const wanted = outputsOf(checked);
  const plan = program.plan(wanted.map(({ target }) => target));

  await tf.setBackend("wasm");
  const feeds = Object.fromEntries(plan.feeds.map(({ key, type }) => [key, numbersFor(type, batch, key)]));
  const tensors = program.variables.map(({ name }) => {
    const weight = weights.get(name);
    return tf.tensor(weight?.data ?? [], [...(weight?.shape ?? [])]);
  });
  const ours = plan.run({ feeds, weights: tensors, training: false, step: 0, seed: 9, batch }).outputs;
  const expected = ours.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync() }));

  await tf.setBackend("cpu");
  const given = Object.fromEntries(
    model.inputs.map(({ name, dtype, shape }) => {
      const feed = Object.entries(feeds).find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
      if (feed !== undefined) {
        expect(dtype).toBe(feed.dtype);
        return [name, feed];
      }
      // Random numbers: the same that the program drew.
      const sizes = (shape ?? []).map((size) => (size < 0 ? batch : size));
      const node = name.replace(/\/random$/, "");
      const drawn = checked.nodes[checked.byPath.get(node) ?? -1];
      const { distribution, truncation } = drawn?.params ?? {};
      const isUniform = distribution === "uniform" || Number(truncation) > 0 || uniformly.has(drawn?.layer.type ?? "");
      const draws = nodeDraws(9, node, 0);
      return [name, isUniform ? draws.uniform(sizes) : draws.normal(sizes)];
    }),
  );
  const theirs = model.execute(
    given,
    wanted.map(({ name }) => model.outputs.find((output) => output.name.startsWith(name))?.name ?? name),
  );
  for (const [i, tensor] of [theirs].flat().entries()) {
    expect(tensor.shape).toEqual(expected[i]?.shape);
    const values = Array.from<number>(tensor.dataSync());
    const difference = values.reduce((most, value, k) => Math.max(most, Math.abs(value - Number(expected[i]?.values[k]))), 0);
    // Samplers of untrained networks give large numbers: what counts is the difference beside the largest.
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expect(difference / largest).toBeLessThan(1e-5);
  }
  model.dispose();
  tf.disposeVariables();
}
