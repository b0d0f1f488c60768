import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lastStep, stagesOf } from "../../src/graph/stages.ts";
import { turnAt, updatesOf } from "../../src/training/turns.ts";

const turns = (phases: Parameters<typeof turnAt>[0], steps: number) =>
  Array.from({ length: steps }, (_, step) => turnAt(phases, step).phase).join("");

describe("phases", () => {
  it("take turns of their own lengths over the whole run", () => {
    expect(turns([{ steps: 2 }, { steps: 1 }], 8)).toBe("00100100");
  });

  it("take turns only between their beginning and their end", () => {
    expect(
      turns(
        [
          { steps: 1, end: 3 },
          { steps: 2, begin: 3 },
          { steps: 1, begin: 3 },
        ],
        10,
      ),
    ).toBe("0001121121");
    expect(turns([{ steps: 1 }, { steps: 1, begin: 2, end: 6 }], 8)).toBe("00010100");
  });

  it("count each phase's updates without a gap, wherever stages cut its turns", () => {
    const phase = fc.record({ steps: fc.integer({ min: 1, max: 4 }), begin: fc.nat(12), length: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 4 }), (drawn) => {
        // The last never ends: every step has a phase.
        const phases = [...drawn.map(({ steps, begin, length }) => ({ steps, begin, end: begin + length })), { steps: 1 }];
        const made = phases.map(() => 0);
        for (let step = 0; step < 60; step++) {
          const { phase, update } = turnAt(phases, step);
          const { begin = 0, end = Infinity } = phases[phase] as { begin?: number; end?: number };
          expect(step >= begin && step < end).toBe(true);
          expect(update).toBe(made[phase]);
          made[phase] = update + 1;
        }
        for (const [i, updates] of updatesOf(phases, 60).entries()) expect(updates).toBeGreaterThanOrEqual(made[i] ?? 0);
      }),
    );
  });

  it("end the run with the last of them", () => {
    expect(
      lastStep([
        { steps: 1, end: 5 },
        { steps: 3, begin: 5, end: 9 },
      ]),
    ).toBe(9);
    expect(lastStep([{ steps: 1 }])).toBe(Number.POSITIVE_INFINITY);
    expect(stagesOf([{ steps: 1, begin: 4 }]).map(({ from, cycle }) => [from, cycle])).toEqual([
      [0, 0],
      [4, 1],
    ]);
    expect(() => turnAt([{ steps: 1, begin: 4 }], 3)).toThrow("No phase");
  });
});
