import "@tensorflow/tfjs-backend-cpu";
import "../../src/tensor/gradients.ts";
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Layer } from "../../src/layers/contract.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { gru } from "../../src/layers/recurrent/gru.ts";
import { lstm } from "../../src/layers/recurrent/lstm.ts";
import { rnn } from "../../src/layers/recurrent/rnn.ts";
import { rng } from "../../src/tensor/random.ts";
import { f32 } from "../../src/tensor/types.ts";
import { bind, distance, normal, out, reorder } from "./laws.ts";
import { apply, type Nested, near, values } from "./support/apply.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const layers: [string, Layer][] = [
  ["rnn", rnn],
  ["lstm", lstm],
  ["gru", gru],
];
interface Reference {
  readonly x: readonly Nested[];
  readonly weights: Readonly<Record<string, Nested>>;
  readonly outputs: Readonly<Record<string, Nested>>;
}
const references: Readonly<Record<string, Reference>> = JSON.parse(readFileSync("tests/layers/reference/recurrent.json", "utf8"));
const flat = (value: Nested): number[] => (typeof value === "number" ? [value] : value.flatMap(flat));

const sizes = fc.record({
  seed: fc.nat(1e6),
  batch: fc.integer({ min: 1, max: 3 }),
  tokens: fc.integer({ min: 2, max: 6 }),
  width: fc.integer({ min: 1, max: 4 }),
  units: fc.integer({ min: 1, max: 4 }),
});
const runs = { seed: 5, numRuns: 20 };

describe.each(layers)("%s", (name, layer) => {
  it("gives what PyTorch gives with the same weights", () => {
    const reference = references[name];
    if (!reference) throw new Error("There are no numbers to compare with.");
    const units = flat(reference.outputs.state ?? []).length / 2;
    const applied = apply(name, { x: reference.x }, { params: { units }, weights: reference.weights });
    for (const [port, wanted] of Object.entries(reference.outputs)) expect(near(values(applied, port), flat(wanted)), port).toBe(true);
  });

  it("knows of later tokens nothing: what comes before a changed one stays as it was", () => {
    fc.assert(
      fc.property(sizes, fc.nat(), ({ seed, batch, tokens, width, units }, at) =>
        tf.tidy(() => {
          const changed = 1 + (at % (tokens - 1));
          const x = normal(seed, batch, tokens, width);
          const other = tf.concat([tf.slice(x, [0, 0, 0], [-1, changed, -1]), normal(seed + 1, batch, tokens - changed, width)], 1);
          const bound = bind(layer, { units }, { x }, seed);
          const head = (input: tf.Tensor) => tf.slice(out(bound.apply({ x: input }), "y"), [0, 0, 0], [-1, changed, -1]);
          expect(distance(head(x), head(other))).toBe(0);
        }),
      ),
      runs,
    );
  });

  it("reads backwards what it would read forwards in the reversed sequence", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, tokens, width, units }) =>
        tf.tidy(() => {
          const x = normal(seed, batch, tokens, width);
          const order = Array.from({ length: tokens }, (_, i) => tokens - 1 - i);
          const backwards = bind(layer, { units, reverse: true }, { x }, seed).apply({ x });
          const forwards = bind(layer, { units }, { x }, seed).apply({ x: reorder(x, order, 1) });
          expect(distance(out(backwards, "y"), reorder(out(forwards, "y"), order, 1))).toBeLessThan(1e-6);
          expect(distance(out(backwards, "state"), out(forwards, "state"))).toBeLessThan(1e-6);
        }),
      ),
      runs,
    );
  });

  it("passes hidden tokens by: the state at the end is that of the sequence without them", () => {
    fc.assert(
      fc.property(sizes, ({ seed, batch, tokens, width, units }) =>
        tf.tidy(() => {
          const x = normal(seed, batch, tokens, width);
          const stream = rng(seed, "mask");
          const row = Array.from({ length: tokens }, (_, i) => (i === 0 ? 1 : stream.int(2)));
          const mask = tf.tensor2d(Array<number[]>(batch).fill(row), [batch, tokens], "int32");
          const kept = row.flatMap((one, i) => (one === 1 ? [i] : []));
          const masked = bind(layer, { units }, { x, mask }, seed).apply({ x, mask });
          const plain = bind(layer, { units }, { x }, seed).apply({ x: reorder(x, kept, 1) });
          expect(distance(out(masked, "state"), out(plain, "state"))).toBeLessThan(1e-5);
        }),
      ),
      runs,
    );
  });

  it("goes on where another left off", () => {
    tf.tidy(() => {
      const x = normal(2, 2, 5, 3);
      const bound = bind(layer, { units: 4 }, { x }, 2);
      const whole = bound.apply({ x });
      const { state: start, cell } = bound.apply({ x: tf.slice(x, [0, 0, 0], [-1, 2, -1]) });
      const rest = bound.apply({ x: tf.slice(x, [0, 2, 0], [-1, -1, -1]), start, cell });
      expect(distance(out(rest, "state"), out(whole, "state"))).toBeLessThan(1e-6);
    });
  });
});

it("an LSTM starts with its forget gates open", () => {
  const p = lstm.params.parse({ units: 2 });
  const bias = lstm.weights?.({ x: f32("batch", 4, 3) }, p).bias;
  if (!bias) throw new Error("There is no bias.");
  expect([...initialise(bias, rng(1, "bias"))]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});
