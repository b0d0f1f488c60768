import type { TracedType } from "../../backends/trace.ts";
import { NodeFailure } from "../../compiler/failure.ts";
import { type Extent, isBatch } from "../extent.ts";
import type { ExportedFile, ExportFormat, ExportProblem } from "../formats.ts";
import { Refusal } from "../refusal.ts";
import { recordProgram } from "../run-program.ts";
import { generator } from "../version.ts";
import type { StoredTensor } from "./graph-def.ts";
import { type Endpoint, type Translated, translate } from "./translate.ts";

/** Largest file of weights; browsers keep files of this size in their cache. */
const shardBytes = 4 * 1024 * 1024;

/** A model for TensorFlow.js: `tf.loadGraphModel("…/model.json")` runs it without any Netloom code. */
export const tfjsFormat: ExportFormat = {
  id: "tfjs",
  title: "TensorFlow.js",
  about: "model.json and its weights: runs in any web page or in Node with tf.loadGraphModel, without Netloom.",
  async write(request) {
    try {
      const translated = translate(await recordProgram(request), request.weights);
      return { ok: true, files: filesOf(translated, request.document.name), notes: notesOf(translated) };
    } catch (error) {
      return { ok: false, problems: [problemOf(error)] };
    }
  },
};

function problemOf(error: unknown): ExportProblem {
  if (error instanceof Refusal) return error.node ? { node: error.node, message: error.message } : { message: error.message };
  if (error instanceof NodeFailure) return { node: error.path, message: error.message };
  throw error;
}

function filesOf({ graph, inputs, outputs }: Translated, name: string): ExportedFile[] {
  const bytes = joined(graph.stored.map(bytesOf));
  const shards = Math.max(1, Math.ceil(bytes.length / shardBytes));
  const paths = Array.from({ length: shards }, (_, i) => `group1-shard${i + 1}of${shards}.bin`);
  const signature = (ends: readonly Endpoint[]) =>
    Object.fromEntries(ends.map(({ name, dtype, tensorShape }) => [name, { name: `${name}:0`, dtype, tensorShape }]));
  const model = {
    format: "graph-model",
    generatedBy: generator,
    convertedBy: generator,
    signature: { inputs: signature(inputs), outputs: signature(outputs) },
    userDefinedMetadata: { name, netloom: generator.replace("Netloom ", "") },
    modelTopology: { node: graph.nodes, library: {}, versions: { producer: 1087 } },
    weightsManifest: [{ paths, weights: graph.stored.map(({ name, shape, dtype }) => ({ name, shape, dtype })) }],
  };
  return [
    { name: "model.json", bytes: new TextEncoder().encode(JSON.stringify(model)) },
    ...paths.map((path, i) => ({ name: path, bytes: bytes.slice(i * shardBytes, (i + 1) * shardBytes) })),
  ];
}

const arrays: Readonly<Record<TracedType, (values: ArrayLike<number>) => ArrayBufferView>> = {
  float32: (values) => Float32Array.from(values),
  int32: (values) => Int32Array.from(values),
  bool: (values) => Uint8Array.from(values),
};

function bytesOf({ dtype, values }: StoredTensor): Uint8Array {
  const { buffer, byteOffset, byteLength } = arrays[dtype](values);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const sizes = (shape: readonly Extent[]) =>
  `[${shape.map((extent) => (typeof extent === "number" ? extent : isBatch(extent) ? "batch" : "…")).join(", ")}]`;
const describe = ({ name, shape, dtype }: Endpoint) => `${name} ${sizes(shape)}${dtype === "DT_INT32" ? " int32" : ""}`;

function notesOf({ inputs, outputs }: Translated): string[] {
  return [
    'Load it with tf.loadGraphModel("model.json"); model.json and the .bin files belong in one folder.',
    `Inputs: ${inputs.map(describe).join("; ")}.`,
    `Outputs: ${outputs.map(describe).join("; ")}.`,
    ...inputs.flatMap(({ name, draw }) =>
      draw === undefined ? [] : [`${name} takes random numbers: ${draw === "normal" ? "standard normal" : "uniform from 0 to 1"}.`],
    ),
  ];
}
