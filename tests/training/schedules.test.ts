import { describe, expect, it } from "vitest";
import { learningRate } from "../../src/training/schedules.ts";

const rates = (schedule: Parameters<typeof learningRate>[1], steps: readonly number[], total = 100) =>
  steps.map((step) => learningRate(0.1, schedule, step, total));

describe("the learning rate", () => {
  it("stays where it is without a schedule, and with a constant one", () => {
    expect(rates(undefined, [0, 50, 1e6])).toEqual([0.1, 0.1, 0.1]);
    expect(rates({ type: "constant" }, [0, 50, 1e6])).toEqual([0.1, 0.1, 0.1]);
  });

  it("grows linearly to the full rate while warming up, under every schedule", () => {
    for (const type of [{ type: "constant" }, { type: "cosine" }, { type: "step", every: 10, factor: 0.5 }] as const) {
      const warm = rates({ ...type, warmup: 4 }, [0, 1, 2, 3, 4]);
      [0.025, 0.05, 0.075, 0.1, 0.1].forEach((rate, i) => {
        expect(warm[i]).toBeCloseTo(rate, 12);
      });
    }
  });

  it("drops by its factor at each step of a staircase", () => {
    const stairs = rates({ type: "step", every: 10, factor: 0.5 }, [0, 9, 10, 19, 20, 35]);
    [0.1, 0.1, 0.05, 0.05, 0.025, 0.0125].forEach((rate, i) => {
      expect(stairs[i]).toBeCloseTo(rate, 12);
    });
  });

  it("follows half a cosine down to its floor and stays there", () => {
    const [start, middle, end, after] = rates({ type: "cosine", floor: 0.02 }, [0, 50, 100, 150]);
    expect(start).toBeCloseTo(0.1, 12);
    expect(middle).toBeCloseTo(0.06, 12);
    expect(end).toBeCloseTo(0.02, 12);
    expect(after).toBeCloseTo(0.02, 12);
  });

  it("ends a cosine where it says, or with the run", () => {
    expect(rates({ type: "cosine", steps: 20, warmup: 10 }, [15])[0]).toBeCloseTo(0.05, 12);
    expect(rates({ type: "cosine" }, [25], 50)[0]).toBeCloseTo(0.05, 12);
  });
});
