import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { compile } from "../../src/compiler/compile.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import { builtKernels } from "../support/kernels.ts";
import { classifier, documentOf, envOf, node, trainerOf, wires } from "./documents.ts";

/** The classifier, its loss multiplied by a number that grows from 0 to 2 between steps 4 and 12. */
function fading(shape: string) {
  const base = classifier({ phases: [{ minimise: "weighted", optimiser: { type: "sgd", rate: 0.05 } }], seed: 3, batch: 10 });
  const ramp = node("ramp", "schedule", { shape, from: 0, to: 2, begin: 4, length: 8 });
  return documentOf(
    [...base.nodes, ramp, node("weighted", "multiply")],
    [...base.edges, ...wires("loss.loss > weighted.x", "ramp.y > weighted.x")],
    base.training,
  );
}

describe.each(["cpu", "wasm"] as const)("a schedule on %s", (backend) => {
  beforeAll(() => prepareBackend(backend, { kernels: builtKernels }));

  it.each([
    ["linear", (t: number) => 2 * t],
    ["cosine", (t: number) => 1 - Math.cos(Math.PI * t)],
    ["step", (t: number) => (t < 0 ? 0 : 2)],
  ] as const)("follows the steps of the run (%s), in training, evaluation and after the run is resumed", async (shape, value) => {
    const trainer = trainerOf(fading(shape));
    const at = (step: number) => (shape === "step" ? value((step - 4) / 8) : value(Math.min(1, Math.max(0, (step - 4) / 8))));
    let saved: Uint8Array | undefined;
    const later: number[] = [];
    for (let step = 0; step < 15; step++) {
      if (step === 6) saved = await trainer.checkpoint();
      trainer.trainStep();
      const { weighted = Number.NaN, loss = 1 } = await trainer.readLosses();
      expect(weighted / loss).toBeCloseTo(at(step), 5);
      if (step >= 6) later.push(weighted);
      const means = (await trainer.evaluate("test")) ?? {};
      expect((means.weighted ?? 0) / (means.loss ?? 1)).toBeCloseTo(at(step + 1), 5);
    }
    trainer.restore(saved ?? new Uint8Array());
    for (const expected of later) {
      trainer.trainStep();
      expect((await trainer.readLosses()).weighted).toBe(expected);
    }
    trainer.dispose();
  });

  it("is over in a network that is used without a run", () => {
    const program = compile(checkDocument(fading("linear"), registry, envOf()));
    const plan = program.plan([{ path: "ramp", port: "y" }]);
    const value = (reached?: number) =>
      tf.tidy(() => {
        const args = { feeds: {}, weights: [], training: false, step: 0, seed: 0, batch: 1 };
        return plan.run(reached === undefined ? args : { ...args, reached }).outputs[0]?.dataSync()[0];
      });
    expect([value(), value(8), value(0)]).toEqual([2, 1, 0]);
  });
});
