import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../../src/compiler/compile.ts";
import { createInferEnv } from "../../src/data/catalogue.ts";
import { readDocument } from "../../src/document/read.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { nextToken } from "../../src/graph/next-token.ts";
import { registry } from "../../src/layers/registry.ts";
import { rng } from "../../src/tensor/random.ts";

export type Node = readonly [id: string, type: string, params?: Readonly<Record<string, unknown>>];

/** A chain of nodes from a text's tokens to logits, with skips from one node to a later one; its weights drawn at random. */
export function chain(nodes: readonly Node[], { length = 8, seed = 1, skips = [] as readonly (readonly [string, string])[] } = {}) {
  const all: readonly Node[] = [["text", "dataset", { name: "moby-dick", length }], ...nodes, ["next", "output"]];
  const port = (type: string) => (type === "dataset" ? "x" : "y");
  const edges = all.slice(1).map(([id], i) => ({ from: `${all[i]?.[0]}.${port(all[i]?.[1] ?? "")}`, to: `${id}.x` }));
  const more = skips.map(([from, to]) => ({ from: `${from}.y`, to: `${to}.x` }));
  const document = { netloom: 1, name: "test", nodes: all.map(([id, type, params]) => ({ id, type, params })), edges: [...edges, ...more] };
  const read = readDocument(JSON.stringify(document));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const checked = checkDocument(read.document, registry, createInferEnv());
  const program = compile(checked);
  const weights = program.variables.map(({ name, spec }) => {
    const values = rng(seed, name).fillNormal(new Float32Array(spec.shape.reduce((n, size) => n * size, 1)));
    return tf.tensor(
      values.map((value) => 0.4 * value),
      [...spec.shape],
    );
  });
  return { document: read.document, checked, program, weights, next: nextToken(checked), dispose: () => tf.dispose(weights) };
}

/** A small transformer over 75 characters. */
export function transformer({ width = 8, heads = 2, layers = 2, attention = {}, positions = "learned", ...options } = {} as Size) {
  const nodes: Node[] = [
    ["tokens", "embedding", { vocabulary: 75, width }],
    ["positions", "positional-encoding", { kind: positions }],
  ];
  const skips: (readonly [string, string])[] = [];
  let before = "positions";
  for (let i = 0; i < layers; i++) {
    nodes.push([`norm${i}`, "layer-norm"], [`attention${i}`, "attention", { heads, causal: true, ...attention }], [`add${i}`, "add"]);
    nodes.push([`wide${i}`, "dense", { units: 2 * width }], [`gelu${i}`, "gelu"], [`narrow${i}`, "dense", { units: width }], [`sum${i}`, "add"]);
    skips.push([before, `add${i}`], [`add${i}`, `sum${i}`]);
    before = `sum${i}`;
  }
  nodes.push(["logits", "dense", { units: 75 }]);
  return chain(nodes, { ...options, skips });
}
interface Size {
  readonly width?: number;
  readonly heads?: number;
  readonly layers?: number;
  readonly attention?: Readonly<Record<string, unknown>>;
  readonly positions?: string;
  readonly length?: number;
  readonly seed?: number;
}
