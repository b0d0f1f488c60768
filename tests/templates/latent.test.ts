import { describe, expect, it } from "vitest";
import { openTemplate, trainTemplate } from "../support/templates.ts";

/** Chapter 17's documents: what their numbers must obey however well they are trained. */

const figuresOf = async (id: string, steps: number) => {
  const trainer = await trainTemplate(openTemplate(id));
  for (let step = 0; step < steps; step++) trainer.trainStep();
  const figures = await trainer.evaluate("test");
  trainer.dispose();
  return figures ?? {};
};

describe("bounds", () => {
  it("of a variational autoencoder lie below the likelihood that many draws give", async () => {
    const figures = await figuresOf("vae", 40);
    const sum = (figures.reconstruction ?? Number.NaN) + (figures.kl ?? Number.NaN);
    expect(-sum).toBeLessThan(figures.likelihood ?? Number.NaN);
  });

  it("with eight weighed draws lie between the evidence lower bound and the likelihood", async () => {
    const figures = await figuresOf("iwae", 40);
    expect(-(figures.iwae ?? Number.NaN)).toBeLessThan(figures["likelihood-iwae"] ?? Number.NaN);
    expect(-(figures.vae ?? Number.NaN)).toBeLessThan(figures["likelihood-vae"] ?? Number.NaN);
  });

  it("of a mixture touch the likelihood after an E-step, and an M-step lifts them", async () => {
    const figures = await figuresOf("mixture-em", 5);
    expect(figures.gap).toBeCloseTo(0, 4);
    expect(figures.raised ?? Number.NaN).toBeGreaterThanOrEqual((figures.em ?? Number.NaN) - 1e-4);
  });
});
