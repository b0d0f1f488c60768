import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { CannotGenerate, createGenerator, type Generator } from "../../src/generation/generator.ts";
import type { NextToken } from "../../src/graph/next-token.ts";
import { rng } from "../../src/tensor/random.ts";
import { chain, transformer } from "./documents.ts";

beforeAll(() => tf.setBackend("cpu"));

const ready = (made: ReturnType<typeof chain>, cache = true): Promise<Generator> =>
  createGenerator(made.program, made.next as NextToken, made.weights, cache);

/** Logits after each of some extensions by several rows, chosen at random, well beyond what the network sees at once. */
async function walk(generator: Generator, seed: number, steps: number): Promise<number[][]> {
  const random = rng(seed, "walk");
  const logits = [[...(await generator.begin([[1, 2, 3]]))]];
  let rows = 1;
  for (let step = 0; step < steps; step++) {
    const next = Array.from({ length: 1 + random.int(3) }, () => ({ row: random.int(rows), token: random.int(generator.classes) }));
    rows = next.length;
    logits.push([...(await generator.extend(next))]);
  }
  return logits;
}
const largest = (a: readonly number[][], b: readonly number[][]) =>
  Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - (b[i]?.[j] ?? Number.NaN)))));

describe("what is kept of earlier tokens", () => {
  const networks = fc.record({
    heads: fc.integer({ min: 1, max: 3 }),
    layers: fc.integer({ min: 1, max: 2 }),
    length: fc.integer({ min: 4, max: 9 }),
    positions: fc.constantFrom("learned", "sinusoidal"),
    attention: fc.record({
      relative: fc.nat(3),
      window: fc.nat(3),
      dilation: fc.integer({ min: 1, max: 2 }),
      every: fc.nat(3),
      globals: fc.nat(2),
      bias: fc.boolean(),
    }),
    seed: fc.nat(1000),
  });

  it("gives the logits that computing all anew gives, over several texts that branch and grow beyond the window", async () => {
    await fc.assert(
      fc.asyncProperty(networks, async (network) => {
        const made = transformer({ ...network, width: 4 * network.heads });
        const [kept, anew] = [await ready(made), await ready(made, false)];
        expect([kept.cached, kept.obstacles, anew.cached]).toEqual([true, [], false]);
        expect(largest(await walk(kept, network.seed, 12), await walk(anew, network.seed, 12))).toBeLessThan(1e-3);
        kept.dispose();
        made.dispose();
      }),
      { seed: 3, numRuns: 12 },
    );
  });

  it("is given back: no tensor remains, and none gathers while it writes", async () => {
    const before = tf.memory().numTensors;
    const made = transformer();
    const generator = await ready(made);
    await walk(generator, 1, 20);
    generator.dispose();
    made.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("needs nothing of layers that treat each position by themselves, whatever they are", async () => {
    const made = chain([
      ["tokens", "embedding", { vocabulary: 75, width: 6 }],
      ["drop", "dropout", { rate: 0.5 }],
      ["norm", "layer-norm"],
      ["relu", "relu"],
      ["logits", "dense", { units: 75 }],
    ]);
    const generator = await ready(made);
    expect(generator.obstacles).toEqual([]);
    generator.dispose();
    made.dispose();
  });

  it.each(["rnn", "lstm", "gru"])("is the state of a recurrent layer: %s", async (type) => {
    const made = chain([
      ["tokens", "embedding", { vocabulary: 75, width: 5 }],
      ["memory", type, { units: 6 }],
      ["logits", "dense", { units: 75 }],
    ]);
    const [kept, anew] = [await ready(made), await ready(made, false)];
    expect(kept.obstacles).toEqual([]);
    expect(largest(await walk(kept, 4, 12), await walk(anew, 4, 12))).toBeLessThan(1e-3);
    kept.dispose();
    made.dispose();
  });
});

describe("a network that cannot keep it", () => {
  it("names the layer that prevents it, and computes all anew", async () => {
    const made = chain(
      [
        ["tokens", "embedding", { vocabulary: 75, width: 4 }],
        ["late", "pad", { before: [1, 0], after: [0, 0] }],
        ["cut", "crop", { before: [0, 0], after: [1, 0] }],
        ["logits", "dense", { units: 75 }],
      ],
      { length: 6 },
    );
    expect(made.checked.problems).toEqual([]);
    const generator = await ready(made);
    expect(generator.cached).toBe(false);
    expect(generator.obstacles).toEqual(["late", "cut"]);
    expect(await generator.begin([[5, 6]])).toEqual(await generator.begin([[5, 7]]));
    made.dispose();
  });

  it("because its numbers are none is refused", async () => {
    const made = chain([
      ["tokens", "embedding", { vocabulary: 75, width: 4 }],
      ["logits", "dense", { units: 75 }],
    ]);
    made.weights.push(...made.weights.splice(0).map((weight) => tf.mul(weight, Number.NaN)));
    await expect(ready(made)).rejects.toThrow("not finite");
    made.dispose();
  });

  it("because it looks ahead is refused, with the layer that does", async () => {
    const made = transformer({ attention: { causal: false } });
    await expect(ready(made)).rejects.toMatchObject({ name: CannotGenerate.name, node: "attention0", message: expect.stringContaining("causal") });
    made.dispose();
  });
});

describe("where a document says which token comes next", () => {
  it("is an output with a logit for each token of a text, of its length", () => {
    const made = transformer();
    expect(made.next).toEqual({ output: "next", data: "text", port: "x", length: 8, classes: 75 });
    made.dispose();
    const narrow = chain([["tokens", "embedding", { vocabulary: 75, width: 4 }]]);
    expect(narrow.next).toBeUndefined();
    narrow.dispose();
  });
});
