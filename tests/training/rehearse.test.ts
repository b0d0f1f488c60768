import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { preflight } from "../../src/backends/preflight.ts";
import { loadTracer } from "../../src/backends/trace.ts";
import { compile } from "../../src/compiler/compile.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import type { Checked } from "../../src/graph/types.ts";
import { registry } from "../../src/layers/registry.ts";
import { rehearse } from "../../src/training/rehearse.ts";
import { documentOf, toyData, toyEnv } from "../support/documents.ts";
import { openTemplate, trainableIds } from "../support/templates.ts";

beforeAll(async () => {
  await prepareBackend("cpu");
  await loadTracer();
});

function rehearsal(checked: Checked, document: Parameters<typeof trainingPlan>[0]) {
  const planned = trainingPlan(document, checked);
  if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join(" "));
  return preflight("cpu", (label) => rehearse(compile(checked), planned.plan, label));
}

const pooled = documentOf(
  [
    toyData,
    { id: "filter", type: "conv2d", params: { filters: 2, kernel: 3 } },
    { id: "squeeze", type: "max-pool", params: { size: 2 } },
    { id: "flat", type: "flatten" },
    { id: "last", type: "dense", params: { units: 10 } },
    { id: "loss", type: "loss.cross-entropy" },
  ],
  [
    ["data.x", "filter.x"],
    ["filter.y", "squeeze.x"],
    ["squeeze.y", "flat.x"],
    ["flat.y", "last.x"],
    ["last.y", "loss.x"],
    ["data.label", "loss.label"],
  ],
  { training: { phases: [{ minimise: "loss", optimiser: { type: "adam", rate: 0.01 } }] } },
);

/** What a backend without one of its kernels is told. */
async function without(kernel: string) {
  const config = tf.getKernel(kernel, "cpu");
  tf.unregisterKernel(kernel, "cpu");
  try {
    return await rehearsal(checkDocument(pooled, registry, toyEnv), pooled);
  } finally {
    tf.registerKernel(config);
  }
}

describe("the preflight of a run", () => {
  it("names the node whose kernel is missing, in its forward pass or in its gradient", async () => {
    expect(await without("MaxPool")).toMatchObject({ node: "squeeze", message: expect.stringContaining("MaxPool") });
    expect(await without("MaxPoolGrad")).toMatchObject({ node: "squeeze", message: expect.stringContaining("MaxPoolGrad") });
    expect(await without("Conv2DBackpropFilter")).toMatchObject({ node: "filter" });
  });

  it("says it of the optimiser where no node needs the kernel", async () => {
    const refusal = await without("Sqrt");
    expect(refusal?.node).toBeUndefined();
    expect(refusal?.message).toMatch(/^The optimiser needs/);
  });

  it.each(trainableIds)("lets %s run, and leaves no tensor behind", async (id) => {
    const { document, checked } = openTemplate(id);
    const before = tf.memory().numTensors;
    expect(await rehearsal(checked, document)).toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });
});
