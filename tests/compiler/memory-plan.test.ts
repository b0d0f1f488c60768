import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planMemory } from "../../src/compiler/program/memory.ts";

const lifetimes = fc.array(
  fc.record({ bytes: fc.integer({ min: 0, max: 5000 }), first: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 0, max: 12 }) }),
  { maxLength: 60 },
);

describe("a memory plan", () => {
  it("never lays two tensors over each other while both are needed", () => {
    fc.assert(
      fc.property(lifetimes, (drawn) => {
        const all = drawn.map(({ bytes, first, length }) => ({ bytes, first, last: first + length }));
        const { offsets, bytes } = planMemory(all);
        for (const [i, a] of all.entries()) {
          const from = offsets[i] as number;
          expect(from % 64).toBe(0);
          expect(from + a.bytes).toBeLessThanOrEqual(bytes);
          for (const [j, b] of all.entries()) {
            if (j <= i || a.last < b.first || b.last < a.first) continue;
            const other = offsets[j] as number;
            expect(from + a.bytes <= other || other + b.bytes <= from || a.bytes === 0 || b.bytes === 0).toBe(true);
          }
        }
      }),
    );
  });

  it("uses a place again as soon as it is free", () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({ bytes: 1024, first: i, last: i + 1 }));
    expect(planMemory(chain).bytes).toBe(2048);
  });
});
