import { beforeAll, describe, expect, it } from "vitest";
import "../../src/tensor/gradients.ts";
import { prepareBackend } from "../../src/backends/backends.ts";
import { compile } from "../../src/compiler/compile.ts";
import { planProgram } from "../../src/compiler/program/plan.ts";
import { loadShapes } from "../../src/compiler/shapes.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import { createPhases } from "../../src/training/phases.ts";
import { wishOf } from "../../src/training/recorded-step.ts";
import { recordShapes } from "../../src/training/symbolic-step.ts";
import { openTemplate } from "../support/templates.ts";
import { clouds, documentOf, node, wires } from "../training/documents.ts";

beforeAll(async () => {
  await prepareBackend("cpu");
  await loadShapes();
});

const never = () => {
  throw new Error("Nothing is computed here.");
};

/** Bytes that a step of a document's first phase needs beside weights and slots. */
function stepBytes(document: NetloomDocument, checked: ReturnType<typeof checkDocument>, recompute: boolean, batch?: number): number {
  const planned = trainingPlan(document, checked);
  if (!planned.ok) throw new Error(planned.problems[0]?.message);
  const program = compile(checked);
  const [phase] = createPhases(program, planned.plan, 1);
  const recorded = phase && recordShapes(phase, { weights: program.variables.map(({ spec }) => spec), batch: batch ?? planned.plan.batch });
  phase?.optimiser.dispose();
  if (recorded === undefined) throw new Error("The step was not recorded.");
  return planProgram(recorded.recording, wishOf(recorded, recompute), never).layout.bytes;
}

/** A chain of dense layers, equally wide but for the last. */
function chain(depth: number, units: number) {
  const layers = Array.from({ length: depth }, (_, i) => node(`dense${i}`, "dense", { units: i + 1 === depth ? 2 : units }));
  const document = documentOf(
    [node("data", "dataset", { name: "clouds" }), ...layers, node("loss", "loss.cross-entropy")],
    wires(
      "data.x > dense0.x",
      ...layers.slice(1).map((_, i) => `dense${i}.y > dense${i + 1}.x`),
      `dense${depth - 1}.y > loss.x`,
      "data.label > loss.label",
    ),
    { batch: 2, phases: [{ minimise: "loss", optimiser: { type: "adam", rate: 0.001 } }] },
  );
  const { info } = clouds();
  return { document, checked: checkDocument(document, registry, { dataset: () => info, datasetNames: () => [info.name] }) };
}

describe("the memory of a program", () => {
  it("holds few gradients at a time: a weight moves as soon as its gradient is known", () => {
    const { document, checked } = chain(12, 256);
    const gradient = 256 * 256 * 4;
    expect(stepBytes(document, checked, false)).toBeLessThan(3 * gradient);
  });

  it("is less than half where activations are recomputed, in deep networks", () => {
    for (const id of ["tiny-gpt", "moons-flow", "spirals-residual"]) {
      const { document, checked } = openTemplate(id);
      expect(stepBytes(document, checked, true)).toBeLessThan(stepBytes(document, checked, false) / 2);
    }
  });

  it("is never more with recomputation than without", () => {
    for (const id of ["digits-cnn", "mnist1d-conv", "karate-gcn", "digits-vae"]) {
      const { document, checked } = openTemplate(id);
      expect(stepBytes(document, checked, true)).toBeLessThanOrEqual(stepBytes(document, checked, false));
    }
  });
});
