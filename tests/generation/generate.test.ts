import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distribution, draw, softmax } from "../../src/generation/distribution.ts";
import { type GenerateSettings, generate, generateDefaults, type WrittenToken } from "../../src/generation/generate.ts";
import { createLanguageModel, type LanguageModel } from "../../src/generation/language-model.ts";
import { hashText, rng } from "../../src/tensor/random.ts";

/** Logits that depend on the whole text, at random. */
function oracle(classes: number, seed: number, context = 100): LanguageModel {
  const logitsOf = (text: readonly number[]) => [...rng(seed, hashText(text.join())).fillNormal(new Float32Array(classes))].map((x) => 1.5 * x);
  return createLanguageModel({ whole: async (texts) => Float32Array.from(texts.flatMap(logitsOf)) }, { classes, context });
}
const write = (model: LanguageModel, settings: Partial<GenerateSettings>, ends?: (tokens: readonly number[]) => boolean) => {
  const seen: WrittenToken[] = [];
  const onWritten = (from: number, written: readonly WrittenToken[]) => seen.splice(from, seen.length, ...written);
  return generate(model, [0], { ...generateDefaults, ...settings }, { onWritten, stopped: () => false, ...(ends && { ends }) }).then((written) => {
    expect(seen).toEqual(written);
    return written;
  });
};
const tokensOf = (written: readonly WrittenToken[]) => written.map(({ token }) => token);
const scoreOf = (written: readonly WrittenToken[]) => written.reduce((sum, { probability }) => sum + Math.log(probability), 0);
const logits = fc.array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 30 }).map((values) => Float32Array.from(values));

/** The most probable text of a length, of all there are. */
async function bruteForce(model: LanguageModel, length: number): Promise<{ readonly tokens: readonly number[]; readonly score: number }> {
  let best = { tokens: [] as readonly number[], score: Number.NEGATIVE_INFINITY };
  const visit = async (tokens: readonly number[], score: number): Promise<void> => {
    if (tokens.length === length) {
      if (score > best.score) best = { tokens, score };
      return;
    }
    const probabilities = softmax(await model.begin([[0, ...tokens]]));
    for (const [token, probability] of probabilities.entries()) await visit([...tokens, token], score + Math.log(probability));
  };
  await visit([], 0);
  return best;
}

describe("beam search", () => {
  it("wide enough finds the most probable of all texts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 3 }), fc.integer({ min: 1, max: 4 }), fc.nat(1e6), async (classes, length, seed) => {
        const best = await bruteForce(oracle(classes, seed), length);
        const found = await write(oracle(classes, seed), { tokens: length, beam: Math.max(2, classes ** (length - 1)) });
        expect(tokensOf(found)).toEqual(best.tokens);
        expect(scoreOf(found)).toBeCloseTo(best.score, 5);
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  it("finds what taking the best token each time misses", async () => {
    const better = await Promise.all(
      Array.from({ length: 20 }, async (_, seed) => {
        const [greedy, beam] = [await write(oracle(4, seed), { tokens: 5, temperature: 0 }), await write(oracle(4, seed), { tokens: 5, beam: 8 })];
        return scoreOf(beam) > scoreOf(greedy) + 1e-6;
      }),
    );
    expect(better.filter(Boolean).length).toBeGreaterThan(5);
  });

  it("ends with a text that came to an end, once none that goes on is more probable", async () => {
    const written = await write(oracle(3, 7), { tokens: 30, beam: 4 }, (tokens) => tokens.at(-1) === 2);
    expect(tokensOf(written).indexOf(2)).toBe(written.length - 1);
    expect(written.length).toBeLessThan(30);
  });
});

describe("choosing", () => {
  it("at temperature 0 takes the most probable, at others draws what the seed says", async () => {
    const model = oracle(9, 1);
    for (const { token, best } of await write(model, { temperature: 0, tokens: 12 })) expect(token).toBe(best[0]?.token);
    const [one, again, other] = [await write(model, { seed: 5 }), await write(model, { seed: 5 }), await write(model, { seed: 6 })];
    expect(one).toEqual(again);
    expect(tokensOf(one)).not.toEqual(tokensOf(other));
  });

  it("leaves a distribution: the best k at most, the smallest nucleus that reaches p, the order as it was", () => {
    fc.assert(
      fc.property(
        logits,
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.nat(10),
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        (values, temperature, topK, topP) => {
          const before = softmax(values, temperature);
          const after = distribution(values, { temperature, topK, topP });
          const left = [...after.keys()].filter((token) => (after[token] ?? 0) > 0);
          expect(after.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6);
          if (topK > 0) expect(left.length).toBeLessThanOrEqual(topK);
          const least = Math.min(...left.map((token) => before[token] ?? 0));
          for (const token of before.keys()) if (!left.includes(token)) expect(before[token]).toBeLessThanOrEqual(least);
          if (topK === 0 && topP < 1) {
            const mass = left.reduce((sum, token) => sum + (before[token] ?? 0), 0);
            expect(mass).toBeGreaterThanOrEqual(topP - 1e-9);
            expect(mass - least).toBeLessThan(topP + 1e-9);
          }
        },
      ),
      { seed: 4, numRuns: 200 },
    );
  });

  it("leaves the most probable token where the nucleus is to reach nothing", () => {
    expect([...distribution(Float32Array.of(0, 2, 1), { temperature: 1, topK: 0, topP: 0 })]).toEqual([0, 1, 0]);
  });

  it("draws each token as often as it is probable", () => {
    const probabilities = Float64Array.of(0.5, 0, 0.2, 0.3);
    const random = rng(1, "draws");
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 4000; i++) {
      const token = draw(probabilities, random);
      counts[token] = (counts[token] ?? 0) + 1;
    }
    for (const [token, count] of counts.entries()) expect(count / 4000).toBeCloseTo(probabilities[token] ?? 0, 1);
    expect(counts[1]).toBe(0);
  });
});

describe("writing", () => {
  it("ends after so many tokens, at an end, or when it is stopped", async () => {
    expect(await write(oracle(5, 3), { tokens: 7 })).toHaveLength(7);
    const ended = await write(oracle(5, 3), { tokens: 200 }, (tokens) => tokens.at(-1) === 4);
    expect(tokensOf(ended).indexOf(4)).toBe(ended.length - 1);
    let asked = 0;
    const stopped = await generate(oracle(5, 3), [0], generateDefaults, { onWritten: () => undefined, stopped: () => ++asked > 4 });
    expect(stopped).toHaveLength(4);
  });

  it("tells the five most probable tokens with each", async () => {
    for (const { best, token, probability } of await write(oracle(9, 2), { tokens: 5 })) {
      expect(best).toHaveLength(5);
      expect(best.map((one) => one.probability)).toEqual([...best.map((one) => one.probability)].sort((a, b) => b - a));
      if (best.some((one) => one.token === token)) expect(best.find((one) => one.token === token)?.probability).toBe(probability);
    }
  });
});
