import fc from "fast-check";
import { expect, it } from "vitest";
import { mostProbable } from "../../src/generation/distribution.ts";

it("gives the most probable tokens as a sort of the whole vocabulary would, equal ones by number", () => {
  // Few different values: ties are frequent.
  const vocabulary = fc.array(
    fc.integer({ min: 0, max: 6 }).map((tenths) => tenths / 10),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(vocabulary, fc.nat({ max: 70 }), (values, count) => {
      const probabilities = Float64Array.from(values);
      const sorted = [...values.keys()].sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b);
      expect(mostProbable(probabilities, count)).toEqual(sorted.slice(0, count));
    }),
    { seed: 1 },
  );
});
