import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import { nonconvexShare } from "../../src/analysis/loss-surface.ts";
import { autocorrelation } from "../../src/analysis/shattered-gradients.ts";
import { createSubject } from "../../src/analysis/subject.ts";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { Analysis, NetloomDocument } from "../../src/document/schema.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";

beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

/** A template's network with its first weights, looked into; fails if a tensor is left behind. */
async function look(id: string, analysis: Analysis, change: (document: NetloomDocument) => NetloomDocument = (document) => document) {
  const template = openTemplate(id);
  const trains = template.checked.nodes.some(({ layer }) => layer.type === "dataset");
  const before = tf.memory().numTensors;
  const subject = createSubject({
    ...template,
    document: change(template.document),
    datasets: trains ? await loadDatasets(template) : new Map(),
    seed: 1,
  });
  try {
    return await analyse(subject, analysis);
  } finally {
    subject.dispose();
    expect(tf.memory().numTensors, "tensors left behind").toBe(before);
  }
}

describe("the variance after each block before training", () => {
  it("is kept by plain layers, doubled by skips, kept by rescaled ones and grows linearly with normalisation", async () => {
    const { figures, findings } = await look("residual-variance", { type: "variance" });
    expect(figures.plain).toBeCloseTo(1, 1);
    expect(figures.residual).toBeCloseTo(2, 1);
    expect(figures.rescaled).toBeCloseTo(1, 1);
    const [curves] = findings;
    const normalised = curves?.kind === "curves" ? curves.curves.find(({ name }) => name === "normalised") : undefined;
    const steps = normalised?.y.slice(1).map((value, i) => value - (normalised.y[i] ?? 0)) ?? [];
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(steps.slice(-14)) / mean(steps.slice(0, 14))).toBeCloseTo(1, 0);
  });

  it("says so where there is no such block", async () => {
    await expect(look("residual-variance", { type: "variance", blocks: ["nowhere"] })).rejects.toThrow('There is no block "nowhere"');
    await expect(look("digits-cnn", { type: "variance" })).rejects.toThrow("no repeated block");
  });
});

describe("the correlation of gradients", () => {
  it("falls to one half sooner in a deep plain net than in a shallow or a residual one", async () => {
    const { figures } = await look("shattered-gradients", {
      type: "gradient-correlation",
      outputs: ["shallow", "deep", "residual"],
      networks: 4,
      points: 129,
    });
    expect(figures.deep).toBeLessThan((figures.shallow ?? 0) / 2);
    expect(figures.deep).toBeLessThan((figures.residual ?? 0) / 2);
  });

  it("of a cosine is a cosine; of a constant it is 1", () => {
    const wave = Array.from({ length: 400 }, (_, i) => Math.cos((2 * Math.PI * i) / 40));
    expect(autocorrelation(wave, 21)[20]).toBeCloseTo(-1, 2);
    expect(autocorrelation(wave, 21)[10]).toBeCloseTo(0, 1);
    expect(autocorrelation([3, 3, 3], 2)).toEqual([1, 1]);
  });

  it("is of one number only", async () => {
    await expect(look("digits-cnn", { type: "gradient-correlation", outputs: ["linear2"] })).rejects.toThrow("more than one number");
  });
});

describe("a slice of the loss", () => {
  it("curves upwards everywhere for a bowl, downwards somewhere everywhere for a saddle", () => {
    const grid = (value: (x: number, y: number) => number) => Array.from({ length: 81 }, (_, i) => value((i % 9) - 4, Math.floor(i / 9) - 4));
    expect(
      nonconvexShare(
        grid((x, y) => x * x + 3 * y * y + x * y),
        9,
      ),
    ).toBe(0);
    expect(
      nonconvexShare(
        grid((x, y) => x * y),
        9,
      ),
    ).toBe(1);
  });

  it("has the loss of the weights themselves in the middle", async () => {
    const { findings } = await look("moons-mlp", { type: "loss-surface", loss: "loss", points: 5, examples: 64 });
    const [surface] = findings;
    if (surface?.kind !== "surface") throw new Error("There is no surface.");
    const { findings: wider } = await look("moons-mlp", { type: "loss-surface", loss: "loss", points: 5, examples: 64, span: 2 });
    expect(surface.values[12]).toBeCloseTo((wider[0]?.kind === "surface" && wider[0].values[12]) || Number.NaN, 5);
    expect(new Set(surface.values).size).toBeGreaterThan(20);
  });
});

describe("pictures of what a network sees", () => {
  it("make a unit answer more than real examples do", async () => {
    const { figures, findings } = await look("digits-cnn", { type: "activation-maximisation", output: "linear2", channels: [3, 7], steps: 60 });
    expect(figures.gain).toBeGreaterThan(1);
    expect(findings[0]).toMatchObject({ kind: "images", shape: [2, 8, 8, 1] });
  });

  it("project what excites a unit back to the pixels that it can see, and to no others", async () => {
    const { findings } = await look("digits-cnn", { type: "deconvolution", output: "relu1", channels: [0, 5], best: 2, examples: 40 });
    const [images] = findings;
    if (images?.kind !== "images") throw new Error("There are no pictures.");
    expect(images).toMatchObject({ shape: [8, 8, 8, 1], across: 4 });
    for (const at of [1, 3, 5, 7]) {
      const touched = [...images.values.subarray(at * 64, (at + 1) * 64)].filter((value) => Math.abs(value - 0.5) > 1e-6);
      expect(touched.length).toBeLessThanOrEqual(9);
    }
  });

  it("compare each unit with the masks of the data; without masks they say so", async () => {
    const { figures, findings } = await look("unet-mini", { type: "dissection", output: "down1/conv2/relu", examples: 8 });
    const table = findings.find((finding) => finding.kind === "table");
    expect(table?.kind === "table" && table.rows).toHaveLength(8);
    expect(figures.best).toBeGreaterThan(0);
    expect(figures.best).toBeLessThan(1);
    await expect(look("digits-cnn", { type: "dissection", output: "relu1" })).rejects.toThrow("class for each pixel");
  });

  it("give back what a layer knows: nearly all of the first one's activations", async () => {
    const { figures, findings } = await look("digits-cnn", { type: "inversion", outputs: ["conv1", "linear1"], examples: 3, steps: 80 });
    expect(figures.conv1).toBeLessThan(0.05);
    expect(findings[0]).toMatchObject({ shape: [9, 8, 8, 1] });
  });

  it("show a layer's maps for one example, and the pixels that a class depends on", async () => {
    const maps = await look("digits-cnn", { type: "feature-maps", output: "relu1", example: 2 });
    expect(maps.findings[0]).toMatchObject({ shape: [16, 8, 8, 1] });
    const { findings } = await look("digits-cnn", { type: "saliency", output: "linear2", examples: 4 });
    expect(findings[0]).toMatchObject({ shape: [8, 8, 8, 1] });
    await expect(look("digits-cnn", { type: "feature-maps", output: "nowhere" })).rejects.toThrow('no output "nowhere"');
  });
});
