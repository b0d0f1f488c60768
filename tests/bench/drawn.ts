import { bothWays } from "../../src/data/graphs/edges.ts";
import type { Dataset, SplitData } from "../../src/tensor/dataset.ts";
import { rng } from "../../src/tensor/random.ts";
import { f32, i32 } from "../../src/tensor/types.ts";

/** The data set that a name like `communities-1000` or `tokens-128` stands for: drawn, since no bundled one comes in sizes. */
export function drawnDataset(name: string): Dataset | undefined {
  const [, kind, size] = /^(communities|tokens)-(\d+)$/.exec(name) ?? [];
  if (size === undefined) return undefined;
  return kind === "tokens" ? tokens(name, Number(size)) : communities(name, Number(size));
}

const classes = 8;
const features = 64;
/** Neighbours of a node, on average, and the share of them in its own community. */
const neighbours = 8;
const share = 0.75;

/** A graph with communities as classes: nodes know their neighbours and a noisy hint at their class; a tenth are labelled. */
function communities(name: string, nodes: number): Dataset {
  const random = rng(1, name);
  const label = Int32Array.from({ length: nodes }, (_, i) => i % classes);
  const pairs = new Int32Array(nodes * neighbours);
  for (let at = 0; at < pairs.length; at += 2) {
    const a = random.int(nodes);
    const inside = random.int(Math.floor(nodes / classes)) * classes + (a % classes);
    const b = random.uniform() < share ? inside : random.int(nodes);
    pairs[at] = a;
    pairs[at + 1] = b;
  }
  const edges = bothWays(pairs);
  const x = random.fillNormal(new Float32Array(nodes * features));
  for (let i = 0; i < nodes; i++) x[i * features + (i % classes)] = 1 + (x[i * features + (i % classes)] ?? 0);
  const split = (training: boolean): SplitData => ({
    count: 1,
    ports: { x, edges, label, mask: Float32Array.from({ length: nodes }, (_, i) => ((i % 10 === 0) === training ? 1 : 0)) },
  });
  return {
    info: {
      name,
      title: "Communities",
      about: "Drawn for `npm run bench`.",
      ports: { x: f32(nodes, features), edges: i32([edges.length / 2, 2], nodes), label: i32([nodes], classes), mask: f32(nodes) },
      counts: { train: 1, validation: 0, test: 1 },
      whole: true,
    },
    splits: { train: split(true), validation: { count: 0, ports: {} }, test: split(false) },
    hash: name,
  };
}

const vocabulary = 75;

/** Sequences of random characters, each labelled with the next. */
function tokens(name: string, length: number): Dataset {
  const random = rng(1, name);
  const count = 64;
  const text = Int32Array.from({ length: count * length + 1 }, () => random.int(vocabulary));
  const train: SplitData = { count, ports: { x: text.slice(0, -1), label: text.slice(1) } };
  const none: SplitData = { count: 0, ports: { x: new Int32Array(), label: new Int32Array() } };
  const port = i32([length], vocabulary);
  return {
    info: {
      name,
      title: "Tokens",
      about: "Drawn for `npm run bench`.",
      ports: { x: port, label: port },
      counts: { train: count, validation: 0, test: 0 },
    },
    splits: { train, validation: none, test: none },
    hash: name,
  };
}
