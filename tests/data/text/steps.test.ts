import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countTokens, mergeSteps } from "../../../src/data/text/steps.ts";

const rhyme =
  "a sailor went to sea sea sea to see what he could see see see but all that he could see see see was the bottom of the deep blue sea sea sea ";

describe("the merges of a text, step by step", () => {
  const steps = mergeSteps(rhyme);

  it("begin as figure 12.8 does: se, then e with its space", () => {
    expect(steps.merges.slice(0, 2)).toEqual([
      { left: "s", right: "e", made: "se", count: 13 },
      { left: "e", right: " ", made: "e ", count: 12 },
    ]);
  });

  it("leave fewer and fewer tokens; different ones grow in number, then fall again until whole words are left", () => {
    expect(steps.lengths).toEqual([...steps.lengths].sort((a, b) => b - a));
    const highest = steps.different.indexOf(Math.max(...steps.different));
    expect(highest).toBeGreaterThan(5);
    expect(highest).toBeLessThan(steps.merges.length);
    expect(steps.at(steps.merges.length).map(({ name }) => name)).toEqual(rhyme.match(/\S+ /g));
  });

  it("always make up the text, with the counts that are told", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "b", " ", "\n"), maxLength: 80 }), fc.nat(20), (text, wanted) => {
        const of = mergeSteps(text);
        const step = Math.min(wanted, of.merges.length);
        const tokens = of.at(step);
        expect(tokens.map(({ name }) => name).join("")).toBe(text);
        expect(tokens).toHaveLength(of.lengths[step] ?? 0);
        const counts = countTokens(tokens);
        expect(counts).toHaveLength(of.different[step] ?? 0);
        expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(tokens.length);
        if (step > 0) expect(tokens.filter(({ fresh }) => fresh)).toHaveLength(of.merges[step - 1]?.count ?? 0);
      }),
      { seed: 8, numRuns: 100 },
    );
  });
});
