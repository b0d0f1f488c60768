import { z } from "zod";
import { type DatasetOptions, samplings, tokenKinds } from "../../tensor/dataset.ts";
import type { TensorType } from "../../tensor/types.ts";
import { defineLayer, type Params, problem } from "../contract.ts";
import { nearestName } from "../nearest.ts";
import { choice, int, real, text } from "../params.ts";

/** The settings that a data-set node has of its own; those left at their defaults (empty, 0) are absent. */
export function datasetOptions(p: Params): DatasetOptions {
  const { target, length, tokens, vocabulary } = p;
  const sampling = samplings.find((one) => one === p.sampling);
  const numbers = Object.fromEntries(
    (["nodes", "fanout", "hops", "clusters"] as const).flatMap((name) => {
      const value = p[name];
      return typeof value === "number" && value > 0 ? [[name, value] as const] : [];
    }),
  );
  const kind = tokenKinds.find((one) => one === tokens);
  return {
    ...(typeof target === "string" && target !== "" && { target }),
    ...(typeof length === "number" && length > 0 && { length }),
    ...(kind !== undefined && kind !== "characters" && { tokens: kind }),
    ...numbers,
    ...(sampling !== undefined && sampling !== "full" && { sampling }),
    ...(kind === "pairs" && typeof vocabulary === "number" && { vocabulary }),
  };
}

/** Examples from a data set: one output port for each of its columns (`x`, `label`, `mask`, …). */
export const dataset = defineLayer({
  type: "dataset",
  title: "Data set",
  family: "data",
  book: "8.1",
  aliases: ["data", "examples", "csv", "images", "mnist"],
  role: "source",
  params: z.object({
    name: text({ title: "Data", default: "digits", help: "Which data set: a bundled one, or a file of yours." }),
    target: text({ help: "For a table of yours: the column to predict. Guessed if empty." }),
    length: int({ min: 0, max: 4096, default: 0, help: "For a text: tokens of an example. 0: the data set's own choice." }),
    tokens: choice(tokenKinds, {
      help: "For a text: what a token is. Pairs: bytes, of which the most frequent neighbours are merged, again and again.",
    }),
    vocabulary: int({
      min: 257,
      max: 65_536,
      default: 512,
      help: "For a text in pairs: how many different tokens; 256 are the bytes, each more is a merge.",
    }),
    nodes: int({ min: 0, max: 2_000_000, default: 0, help: "For a drawn graph: its nodes. 0: the data set's own choice." }),
    sampling: choice(samplings, {
      help: "For a large graph: all of it in every step, some nodes with drawn neighbours, or parts with few edges between them.",
    }),
    fanout: int({ min: 0, max: 1000, default: 0, help: "Neighbours drawn of each node; 0: the data set's own choice." }),
    hops: int({ min: 0, max: 6, default: 0, help: "How many times on from neighbour to neighbour; 0: the data set's own choice." }),
    clusters: int({ min: 0, max: 100_000, default: 0, help: "Parts that the graph is cut into; 0: one for a thousand nodes." }),
    validation: real({ min: 0, max: 0.5, default: 0, help: "Share of the training examples kept aside for validation, 0 to 0.5." }),
  }),
  inputs: {},
  outputs: (p, env) => Object.keys(env.dataset(p.name, datasetOptions(p))?.ports ?? {}),
  infer(_x, p, env) {
    const { name, target } = p;
    const info = env.dataset(name, datasetOptions(p));
    if (!info) {
      const fault = env.datasetFault?.(name);
      if (fault !== undefined) return problem(`"${name}" cannot be used as data: ${fault}`, { received: name });
      const targets = env.datasetTargets?.(name) ?? [];
      if (targets.length > 0) {
        const nearest = nearestName(target, targets) ?? "";
        return problem(`"${name}" has no column "${target}" to predict.`, {
          expected: targets.join(", "),
          received: target,
          mend: { label: nearest === "" ? "Guess the column" : `Predict ${nearest}`, kind: "set", params: { target: nearest } },
        });
      }
      const nearest = nearestName(name, env.datasetNames());
      return problem(`There is no data set called "${name}".`, {
        expected: env.datasetNames().join(", ") || "a file that is part of this project",
        received: name,
        ...(nearest !== undefined && { mend: { label: `Use ${nearest}`, kind: "set", params: { name: nearest } } }),
      });
    }
    if (info.counts.train === 0 && info.uses?.includes("length"))
      return problem(`"${name}" is too short for examples of ${p.length} tokens.`, {
        received: `${p.length} tokens`,
        expected: "a text that is longer than an example",
        mend: { label: "Use the usual length", kind: "set", params: { length: 0 } },
      });
    const types: Record<string, TensorType> = {};
    for (const [port, { shape, dtype, classes }] of Object.entries(info.ports))
      types[port] = {
        shape: info.whole || typeof shape[0] === "string" ? shape : ["batch", ...shape],
        dtype,
        ...(classes !== undefined && { classes }),
      };
    return types;
  },
  relevant: (p, env) => ["name", "validation", ...(env.dataset(p.name, datasetOptions(p))?.uses ?? []), ...(p.target === "" ? [] : ["target"])],
  summary: ({ name }) => name,
  explain: { summary: "Gives a batch of examples at each step, one port for each column." },
  examples: [{ inputs: {} }],
});
