import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../src/compiler/compile.ts";
import { nodeDraws } from "../../src/compiler/draws.ts";
import { gather } from "../../src/data/batches.ts";
import { type ExportedFile, type ExportRequest, type ExportWeight, exportFormats } from "../../src/export/formats.ts";
import { outputsOf } from "../../src/export/outputs.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { rng } from "../../src/tensor/random.ts";
import { decodeSafetensors } from "../../src/tensor/safetensors.ts";
import { concreteShape, elementsPerExample } from "../../src/tensor/types.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import type { EngineApi, ExportOutcome } from "../engine/api.ts";
import type { WorkerBackends } from "./backends.ts";
import type { WorkerData } from "./data-client.ts";
import { prepareDocument } from "./prepare.ts";

/** Examples on which an export is compared with the original. */
const compared = 32;
const drawSeed = 9;

/** The worker's share of exports: write the files, load them again, compare. */
export function createWorkerExports(data: WorkerData, backends: WorkerBackends): Pick<EngineApi, "exportFormats" | "exportModel"> {
  return {
    exportFormats: async () => exportFormats.map(({ id, title, about }) => ({ id, title, about })),
    async exportModel({ format: id, document: text, checkpoint }): Promise<ExportOutcome> {
      const format = exportFormats.find((one) => one.id === id);
      const prepared = prepareDocument(text, data);
      if (!prepared.ok) return { ok: false, problems: [prepared] };
      if (format === undefined) return { ok: false, problems: [{ message: `There is no format "${id}".` }] };
      await backends.ready();
      const { document, checked } = prepared;
      const seed = document.training?.seed ?? 1;
      const weights: ReadonlyMap<string, ExportWeight> = checkpoint
        ? new Map(Object.entries(decodeCheckpoint(checkpoint).weights))
        : new Map(
            compile(checked).variables.map(({ name, spec }) => [name, { shape: spec.shape, data: initialise(spec, rng(seed, "weights", name)) }]),
          );
      const request: ExportRequest = { document, checked, weights };
      const result = await format.write(request);
      if (!result.ok) return result;
      const proof = await proofs[id]?.(request, result.files, data).catch((error: unknown) => reasonNote(error));
      return {
        ok: true,
        files: result.files.map(({ name, bytes }) => [name, bytes] as const),
        notes: typeof proof === "string" ? [...result.notes, proof] : result.notes,
        ...(typeof proof === "object" && proof),
      };
    },
  };
}

const reasonNote = (error: unknown): string =>
  `What was written could not be compared with the original here: ${error instanceof Error ? error.message : String(error)}`;

interface Proof {
  readonly difference: number;
  readonly examples: number;
}

/** How an export of each format is loaded again; a format without one is not compared. */
const proofs: Readonly<Record<string, (request: ExportRequest, files: readonly ExportedFile[], data: WorkerData) => Promise<Proof | undefined>>> = {
  tfjs: compareGraphModel,
  netloom: async ({ weights }, files) => {
    const file = files.find(({ name }) => name.endsWith(".safetensors"));
    if (file === undefined) return undefined;
    const { tensors } = decodeSafetensors(file.bytes);
    let difference = 0;
    for (const [name, weight] of weights) {
      const stored = tensors[name];
      weight.data.forEach((value, i) => {
        difference = Math.max(difference, Math.abs(value - Number(stored?.data[i] ?? Number.NaN)));
      });
    }
    return { difference, examples: 0 };
  },
};

/** Loads the graph model the way a page of its own would, and runs both on the same held-out examples. */
async function compareGraphModel({ document, checked, weights }: ExportRequest, files: readonly ExportedFile[], data: WorkerData): Promise<Proof> {
  const program = compile(checked);
  const wanted = outputsOf(checked);
  const plan = program.plan(wanted.map(({ target }) => target));
  const examples = await exampleFeeds(document, checked, plan.feeds, data);
  const model = await loadGraphModel("http://netloom.invalid/model.json", { fetchFunc: async (address) => fileResponse(files, String(address)) });
  const feeds = Object.fromEntries(examples.feeds.map(({ key, values, shape, dtype }) => [key, tf.tensor(values, shape, dtype)]));
  const tensors = program.variables.map(({ name }) => {
    const weight = weights.get(name);
    return tf.tensor(weight?.data ?? [], [...(weight?.shape ?? [])], "float32");
  });
  const made: tf.Tensor[] = [];
  try {
    const ours = plan.run({ feeds, weights: tensors, training: false, step: 0, seed: drawSeed, batch: examples.count }).outputs;
    made.push(...ours);
    const given = Object.fromEntries(
      model.inputs.map(({ name, shape }) => {
        const feed = Object.entries(feeds).find(([key]) => key === name || key.endsWith(`.${name}`))?.[1];
        if (feed !== undefined) return [name, feed];
        // Random numbers: those that the program itself drew.
        const node = name.replace(/\/random$/, "");
        const sizes = (shape ?? []).map((size) => (size < 0 ? examples.count : size));
        const uniform = checked.nodes[checked.byPath.get(node) ?? -1]?.params.distribution === "uniform";
        const draws = nodeDraws(drawSeed, node, 0);
        const drawn = uniform ? draws.uniform(sizes) : draws.normal(sizes);
        made.push(drawn);
        return [name, drawn];
      }),
    );
    const names = wanted.map(({ name }) => model.outputs.find((output) => output.name.startsWith(name))?.name ?? name);
    const theirs = [model.execute(given, names)].flat();
    made.push(...theirs);
    let difference = 0;
    for (const [i, tensor] of ours.entries()) {
      const [mine, other] = await Promise.all([tensor.data(), (theirs[i] as tf.Tensor).data()]);
      mine.forEach((value, k) => {
        difference = Math.max(difference, Math.abs(value - Number(other[k])));
      });
    }
    if (Number.isNaN(difference)) throw new Error("its outputs are not numbers.");
    return { difference, examples: examples.whole ? 1 : examples.count };
  } finally {
    tf.dispose([made, tensors, Object.values(feeds)]);
    model.dispose();
  }
}

interface ExampleFeeds {
  readonly count: number;
  /** The data are one object: a graph. */
  readonly whole: boolean;
  readonly feeds: readonly {
    readonly key: string;
    readonly values: Float32Array | Int32Array;
    readonly shape: number[];
    readonly dtype: "float32" | "int32";
  }[];
}

/** Held-out examples for the feeds of a data-set node; random numbers for those of an input node. */
async function exampleFeeds(
  document: ExportRequest["document"],
  checked: ExportRequest["checked"],
  feeds: ReturnType<ReturnType<typeof compile>["plan"]>["feeds"],
  data: WorkerData,
): Promise<ExampleFeeds> {
  const planned = trainingPlan(document, checked);
  const known = planned.ok ? planned.plan.datasets : [];
  const seed = planned.ok ? planned.plan.seed : 1;
  const sets = new Map<string, Awaited<ReturnType<WorkerData["load"]>>>();
  for (const { path, name, options, validation } of known) {
    if (feeds.some((feed) => feed.path === path)) sets.set(path, await data.load({ name, options, validation, seed }));
  }
  const graphs = [...sets.values()].some(({ splits }) => splits.train.graphs);
  if (graphs) throw new Error("models over graphs of many sizes cannot be compared yet.");
  const collections = [...sets.values()].filter((set) => !set.info.whole);
  const count = Math.min(compared, ...collections.map((set) => set.splits.test.count || set.splits.train.count));
  return {
    count,
    whole: sets.size > 0 && collections.length === 0,
    feeds: feeds.map(({ key, path, port, type }) => {
      const shape = concreteShape(type.shape, { batch: count });
      const set = sets.get(path);
      const split = set && (set.splits.test.count > 0 ? set.splits.test : set.splits.train);
      const whole = split && set.info.whole ? split.ports[port] : undefined;
      if (whole) return { key, values: whole, shape, dtype: type.dtype };
      const rows = Int32Array.from({ length: count }, (_, i) => i);
      if (split) return { key, values: gather(split, port, elementsPerExample(type.shape), rows), shape, dtype: type.dtype };
      const draw = rng(3, key);
      const size = tf.util.sizeFromShape(shape);
      const values =
        type.dtype === "int32"
          ? Int32Array.from({ length: size }, () => draw.int(type.classes ?? 2))
          : Float32Array.from({ length: size }, () => draw.normal());
      return { key, values, shape, dtype: type.dtype };
    }),
  };
}

/** What a server would answer, from the files themselves. */
function fileResponse(files: readonly ExportedFile[], address: string): Response {
  const file = files.find(({ name }) => name === address.split("/").at(-1));
  if (file === undefined) return new Response(null, { status: 404 });
  const type = file.name.endsWith(".json") ? "application/json" : "application/octet-stream";
  return new Response(file.bytes.slice(), { headers: { "content-type": type } });
}
