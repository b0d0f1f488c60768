import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../src/compiler/compile.ts";
import { CannotGenerate } from "../../src/generation/generator.ts";
import { createWriter, type Writer, type Written } from "../../src/generation/writer.ts";
import { nextToken } from "../../src/graph/next-token.ts";
import { trainingDefaults } from "../../src/graph/training.ts";
import { datasetOptions } from "../../src/layers/data/dataset.ts";
import { initialise } from "../../src/layers/initialise.ts";
import type { TextCoding } from "../../src/tensor/dataset.ts";
import { rng } from "../../src/tensor/random.ts";
import { decodeCheckpoint } from "../../src/training/checkpoint.ts";
import type { NamedWeights } from "../../src/training/state.ts";
import type { EngineApi, WritingRequest } from "../engine/api.ts";
import type { WorkerBackends } from "./backends.ts";
import type { WorkerData } from "./data-client.ts";
import { prepareDocument } from "./prepare.ts";

/** The worker's share of writing: one text at a time, by a network that stays ready for the next one. */
export interface WorkerWriting extends Pick<EngineApi, "write" | "stopWriting"> {
  /** Ends what is being written and frees the network. */
  release(): Promise<void>;
}

/** What a text stopped before it began comes to. */
const nothing: Written = { text: "", tokens: 0, seconds: 0, unknown: [], early: true };

/** A document that cannot be asked for a text, in words. */
class Refused extends Error {
  constructor(
    message: string,
    readonly node?: string,
  ) {
    super(message);
  }
}

/** The same for codings that give the same tokens. */
const codingKey = (coding: TextCoding): string =>
  JSON.stringify(coding, (_, value: unknown) => (value instanceof Int32Array ? Array.from(value) : value));

export function createWorkerWriting(data: WorkerData, backends: WorkerBackends): WorkerWriting {
  let ready: { readonly key: string; readonly writer: Writer } | undefined;
  /** Raised by every request, stop and release: a text whose number it no longer is ends. */
  let turn = 0;
  /** What is being written, or was. */
  let current: Promise<unknown> = Promise.resolve();

  const dispose = () => {
    ready?.writer.dispose();
    ready = undefined;
  };

  const writerFor = async ({ key, document: text, checkpoint }: WritingRequest): Promise<Writer> => {
    const prepared = prepareDocument(text, data);
    if (!prepared.ok) throw new Refused(prepared.message, prepared.node);
    const { document, checked } = prepared;
    const next = nextToken(checked);
    if (!next) throw new Refused("This document does not say which token of a text comes next.");
    const { seed = trainingDefaults.seed, batch = trainingDefaults.batch } = document.training ?? {};
    // As training would choose, so that a paused run finds its backend as it was.
    await backends.ready(checked.totals.multiplyAdds * batch);
    const params = checked.nodes[checked.byPath.get(next.data) ?? -1]?.params ?? {};
    const { coding } = await data.load({ name: String(params.name), options: datasetOptions(params), validation: 0, seed });
    if (!coding) throw new Refused("A prompt cannot be turned into tokens of this data set: it is no text.", next.data);
    // The file of a person's text may be another by now, and with it what its tokens stand for.
    const whole = `${tf.getBackend()} ${key} ${codingKey(coding)}`;
    if (ready?.key === whole) return ready.writer;
    dispose();
    const program = compile(checked);
    const weights: NamedWeights = checkpoint
      ? decodeCheckpoint(checkpoint).weights
      : Object.fromEntries(
          program.variables.map(({ name, spec }) => [
            name,
            { dtype: "F32" as const, shape: spec.shape, data: initialise(spec, rng(seed, "weights", name)) },
          ]),
        );
    const writer = await createWriter({ program, next, weights, coding });
    ready = { key: whole, writer };
    return writer;
  };

  const writing: WorkerWriting = {
    async write(request, onEvent) {
      const mine = ++turn;
      const stopped = () => mine !== turn;
      const before = current.catch(() => undefined);
      const work = (async () => {
        await before;
        if (stopped()) return nothing;
        const writer = await writerFor(request);
        const { context, cached, obstacles, wholeSeconds, stepSeconds } = writer;
        onEvent({ kind: "ready", facts: { context, cached, obstacles, wholeSeconds, ...(stepSeconds !== undefined && { stepSeconds }) } });
        return writer.write(request, {
          stopped,
          onPieces: (from, pieces) => onEvent({ kind: "pieces", from, pieces }),
        });
      })();
      current = work;
      try {
        return { ok: true, ...(await work) };
      } catch (error) {
        dispose();
        const message = error instanceof Error ? error.message : String(error);
        const node = error instanceof Refused || error instanceof CannotGenerate ? error.node : undefined;
        return { ok: false, message, ...(node !== undefined && { node }) };
      }
    },
    async stopWriting() {
      turn++;
    },
    async release() {
      turn++;
      await current.catch(() => undefined);
      dispose();
    },
  };
  return writing;
}
