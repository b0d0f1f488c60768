import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { compile } from "../../src/compiler/compile.ts";
import { type KernelCall, sameRecording } from "../../src/compiler/recording.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { initialise } from "../../src/layers/initialise.ts";
import { rng } from "../../src/tensor/random.ts";
import { createFeeds, drawingOf } from "../../src/training/feeds.ts";
import { createPhases } from "../../src/training/phases.ts";
import { recordStep } from "../../src/training/recorded-step.ts";
import { symbolicStep } from "../../src/training/symbolic-step.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate, trainableIds } from "../support/templates.ts";

const brief = ({ name, inputs, types }: KernelCall) =>
  `${name} ${inputs.map(([key, use]) => `${key}=${use?.shape}`)} → ${types.map(({ shape, dtype }) => `${dtype} ${shape}`)}`;

describe("a step recorded from shapes alone is the one that is taken:", () => {
  it.each(trainableIds)("%s", async (id) => {
    await prepareBackend("wasm", { kernels: builtKernels });
    const { document, checked } = openTemplate(id);
    const planned = trainingPlan(document, checked);
    if (!planned.ok) throw new Error(planned.problems[0]?.message);
    const { plan } = planned;
    const datasets = await loadDatasets({ document, checked });
    const data = createFeeds(datasets, drawingOf(datasets, { batch: Math.min(plan.batch, 4), seed: 1 }));
    const program = compile(checked);
    const phases = createPhases(program, plan, 10);
    const weights = program.variables.map(({ spec, name }) => tf.tensor(initialise(spec, rng(1, name)), [...spec.shape]));
    const before = tf.memory().numTensors;
    for (const phase of phases) {
      const symbolic = symbolicStep(phase, { weights, batch: data.batch, sizes: data.sizes });
      const state = { step: 0, weights: weights.map((weight) => tf.keep(weight.clone())) };
      const slots = phase.optimiser.slots.map((list) => list.map((slot) => tf.keep(slot.clone())));
      const { trace, recorded } = recordStep(phase, 0, { data, state, seed: 1 });
      tf.dispose([...trace.losses, ...(trace.norm ? [trace.norm] : [])]);
      tf.dispose(state.weights);
      phase.optimiser.setSlots(slots);
      expect(symbolic === undefined).toBe(recorded === undefined);
      if (symbolic && recorded) {
        expect(symbolic.recording.calls.map(brief)).toEqual(recorded.recording.calls.map(brief));
        expect(symbolic.inputs).toEqual(recorded.inputs);
        expect(symbolic.outputs).toEqual(recorded.outputs);
        expect(symbolic.nodes).toEqual(recorded.nodes);
        expect(symbolic.recording.calls.map(({ kernel: _, ...call }) => call)).toEqual(
          recorded.recording.calls.map(({ kernel: _, ...call }) => call),
        );
        expect(sameRecording(symbolic.recording, recorded.recording)).toBe(true);
      }
      symbolic?.recording.dispose();
      recorded?.recording.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
    for (const { optimiser } of phases) optimiser.dispose();
    tf.dispose(weights);
  });
});
