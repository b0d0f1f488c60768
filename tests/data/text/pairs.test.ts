import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteTokens, learnPairs, mostDifferent } from "../../../src/data/text/pairs.ts";
import { createTokenizer } from "../../../src/data/text/tokenizer.ts";
import { splitWords } from "../../../src/data/text/words.ts";
import { rng } from "../../../src/tensor/random.ts";

const rhyme = `a sailor went to sea sea sea
to see what he could see see see
but all that he could see see see
was the bottom of the deep blue sea sea sea
`;
const pairsOf = (text: string, merges: number) => createTokenizer({ kind: "pairs", merges: learnPairs(text, merges), size: byteTokens + merges });

/** Texts of all scripts, with spaces and line ends among them. */
const texts = fc
  .array(fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("the ", " ", "\n", "sea", "éé", "船", "👩‍👧", "﻿", "a".repeat(90))))
  .map((parts) => parts.join(""));

/** Merges by counting everything again each time: slow, and hard to get wrong. */
function learnSlowly(text: string, merges: number): number[] {
  let words = splitWords(text).map((word) => [...new TextEncoder().encode(word)]);
  const learned: number[] = [];
  for (let token = byteTokens; token < byteTokens + merges; token++) {
    const counts = new Map<string, number>();
    for (const word of words)
      word.slice(1).forEach((right, i) => {
        const key = `${word[i]} ${right}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      });
    const ranked = [...counts].map(([key, count]) => ({ pair: key.split(" ").map(Number) as [number, number], count }));
    ranked.sort((a, b) => b.count - a.count || a.pair[0] - b.pair[0] || a.pair[1] - b.pair[1]);
    const best = ranked[0];
    if (!best || best.count < 2) break;
    const [left, right] = best.pair;
    learned.push(left, right);
    words = words.map((word) => {
      const merged: number[] = [];
      for (let i = 0; i < word.length; i++) {
        if (word[i] === left && word[i + 1] === right) {
          merged.push(token);
          i++;
        } else merged.push(word[i] as number);
      }
      return merged;
    });
  }
  return learned;
}

describe("byte pairs", () => {
  it("merge as figure 12.8 does: first the beginning of sea and see, then an e and the space after it", () => {
    const { names } = pairsOf(rhyme, 22);
    expect(names.slice(byteTokens, byteTokens + 2)).toEqual(["se", "e "]);
    expect(names.slice(byteTokens)).toEqual(expect.arrayContaining(["sea ", "see ", "could "]));
  });

  it("are those that counting all again would find, ties too", () => {
    fc.assert(
      fc.property(fc.oneof(texts, fc.string({ unit: fc.constantFrom("a", "b", "c", " ", "é"), maxLength: 120 })), fc.nat(40), (text, merges) => {
        expect([...learnPairs(text, merges)]).toEqual(learnSlowly(text, merges));
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  it("are refused, in words, where too many words are different, and learned where as many are the same", () => {
    const random = rng(1, "words");
    const word = () => Array.from({ length: 60 }, () => String.fromCharCode(97 + random.int(26))).join("");
    const different = Array.from({ length: Math.ceil(mostDifferent / 60) }, word).join(" ");
    expect(() => learnPairs(different, 1)).toThrow(/different words .* more than 2 MiB.*Choose characters or bytes/);
    expect(learnPairs("the sea ".repeat(mostDifferent / 4), 1)).toHaveLength(2);
  });

  it("end where no pair stands there twice", () => expect(learnPairs("abc", 10)).toHaveLength(0));
});

describe("a tokenizer", () => {
  it("of pairs or bytes gives any text back, whatever it was learned from", () => {
    fc.assert(
      fc.property(texts, texts, fc.nat(60), (learnedFrom, text, merges) => {
        for (const tokenizer of [pairsOf(learnedFrom, merges), createTokenizer({ kind: "bytes" })]) {
          const tokens = tokenizer.encode(text);
          expect(tokenizer.decode(tokens)).toBe(text);
          expect(tokens.every((token) => token >= 0 && token < tokenizer.size)).toBe(true);
        }
      }),
      { seed: 6, numRuns: 150 },
    );
  });

  it("cuts words so that they join to the text again, none of them long", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const words = splitWords(text);
        expect(words.join("")).toBe(text);
        expect(words.every((word) => [...word].length <= 65)).toBe(true);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("of pairs needs fewer tokens the more it has learned", () => {
    const counts = [0, 10, 40].map((merges) => pairsOf(rhyme, merges).encode(rhyme).length);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts[2]).toBeLessThan(rhyme.length / 2);
  });

  it("of characters leaves out those it has no token for, and tells them", () => {
    const tokenizer = createTokenizer({ kind: "characters", characters: ["a", "b", "船"] });
    expect(tokenizer.decode(tokenizer.encode("ab?船!?"))).toBe("ab船");
    expect(tokenizer.unknown("ab?船!?")).toEqual(["?", "!"]);
  });

  it("has special tokens after all others, which no text gives by itself", () => {
    const tokenizer = createTokenizer({ kind: "pairs", merges: learnPairs(rhyme, 5), size: 300, specials: ["<|end|>"] });
    expect(tokenizer.special("<|end|>")).toBe(300);
    expect([tokenizer.size, tokenizer.names.length]).toEqual([301, 301]);
    expect(tokenizer.encode("sea<|end|>").every((token) => token < 256 + 5)).toBe(true);
    expect(tokenizer.decode([...tokenizer.encode("sea"), 300, ...tokenizer.encode("see")])).toBe("sea<|end|>see");
  });

  it("calls bytes that are no character by their number", () => {
    const { names, encode } = createTokenizer({ kind: "bytes" });
    expect([...encode("é")].map((token) => names[token])).toEqual(["⟨c3⟩", "⟨a9⟩"]);
  });
});
