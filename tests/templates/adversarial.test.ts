import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { builtKernels } from "../support/kernels.ts";
import { openTemplate, trainTemplate } from "../support/templates.ts";
import { numbersOf } from "../training/documents.ts";

beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

describe("in a game of two networks", () => {
  it.each(["gan-1d", "lsgan", "wgan-clip", "wgan-gp", "spectral-norm"])(
    "each phase moves the weights that it names and no others: %s",
    async (id) => {
      const trainer = await trainTemplate(openTemplate(id));
      for (const phase of trainer.plan.phases) {
        for (let step = 0; step < phase.steps; step++) {
          const before = await numbersOf(trainer);
          trainer.trainStep();
          const after = await numbersOf(trainer);
          const moved = Object.keys(after).filter((name) => String(after[name]) !== String(before[name]));
          const named = Object.keys(after).filter((name) => phase.update?.includes(name.split("/")[0] ?? ""));
          // A Wasserstein critic's last bias is the same for data and samples, so it stands still.
          expect(moved.length).toBeGreaterThan(named.length / 2);
          expect(named).toEqual(expect.arrayContaining(moved));
        }
      }
      trainer.dispose();
    },
  );

  it("a clipped critic's weights stay within the bound", async () => {
    const clipped = await trainTemplate(openTemplate("wgan-clip"));
    for (let step = 0; step < 3; step++) clipped.trainStep();
    const critic = Object.entries(await numbersOf(clipped)).filter(([name]) => name.startsWith("critic"));
    expect(critic.length).toBeGreaterThan(0);
    for (const [, numbers] of critic) expect(Math.max(...numbers.map(Math.abs))).toBeLessThanOrEqual(0.1 + 1e-6);
    clipped.dispose();
  });
});
