import { describe, expect, it } from "vitest";
import { createPacer, createSpeedometer } from "../../src/training/pacing.ts";

describe("a pacer", () => {
  it("is due at once, then after its time", async () => {
    let clock = 0;
    const pacer = createPacer({ every: 100, share: 0.5 }, () => clock);
    expect(pacer.due()).toBe(true);
    await pacer.run(async () => {
      clock += 10;
    });
    clock = 99;
    expect(pacer.due()).toBe(false);
    clock = 100;
    expect(pacer.due()).toBe(true);
  });

  it("lets what takes long have no more than its share of the time, even if it fails", async () => {
    let clock = 0;
    const pacer = createPacer({ every: 100, share: 0.1 }, () => clock);
    const failing = pacer.run(async () => {
      clock += 1000;
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    clock = 9999;
    expect(pacer.due()).toBe(false);
    clock = 10_000;
    expect(pacer.due()).toBe(true);
  });
});

describe("a speedometer", () => {
  it("tells the steps per second of the last seconds only, and nothing after a reset", () => {
    let clock = 0;
    const speed = createSpeedometer(() => clock, 1000);
    expect(speed.stepsPerSecond()).toBe(0);
    for (const [at, step] of [
      [0, 0],
      [5000, 10],
      [5500, 110],
      [6000, 210],
    ] as const) {
      clock = at;
      speed.add(step);
    }
    expect(speed.stepsPerSecond()).toBe(200);
    speed.reset();
    expect(speed.stepsPerSecond()).toBe(0);
  });
});
