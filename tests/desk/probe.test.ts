import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { followProbe } from "../../renderer/training/probe.ts";
import type { Histogram, ProbeFrame } from "../../src/training/types.ts";

const histogram: Histogram = { low: 0, high: 1, counts: [1], mean: 0, deviation: 0, zeros: 0, finite: 1 };
const frame = (step: number): ProbeFrame => ({ node: "relu", port: "y", step, examples: 10, activations: histogram });

describe("histograms of a selected node", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("are asked for once a second while the run moves, not while it rests, nobody looks, or after that", async () => {
    const now = { step: 3, hidden: false };
    const asked: number[] = [];
    const told: (number | undefined)[] = [];
    const stop = followProbe({
      ask: async () => {
        asked.push(now.step);
        return frame(now.step);
      },
      step: () => now.step,
      tell: (found) => void told.push(found?.step),
      hidden: () => now.hidden,
    });
    await vi.advanceTimersByTimeAsync(10);
    expect(told).toEqual([3]);
    now.step = 7;
    await vi.advanceTimersByTimeAsync(1000);
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toEqual([3, 7]);
    now.step = 9;
    now.hidden = true;
    await vi.advanceTimersByTimeAsync(3000);
    expect(asked).toEqual([3, 7]);
    now.hidden = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([3, 7, 9]);
    stop();
    now.step = 20;
    await vi.advanceTimersByTimeAsync(5000);
    expect(asked).toEqual([3, 7, 9]);
  });

  it("say nothing of a node that the run does not have, and ask less often where asking takes long", async () => {
    const told: unknown[] = [];
    let step = 0;
    const stop = followProbe({
      ask: async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        throw new Error("The worker died.");
      },
      step: () => step++,
      tell: (found) => void told.push(found),
      hidden: () => false,
    });
    await vi.advanceTimersByTimeAsync(400);
    expect(told).toEqual([undefined]);
    await vi.advanceTimersByTimeAsync(3500);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(600);
    expect(told).toHaveLength(2);
    stop();
  });
});
