import * as tf from "@tensorflow/tfjs-core";
import { transfer } from "../compiler/recording.ts";
import { hasShapes, outlineTensor, runOnShapes } from "../compiler/shapes.ts";
import { concreteShape } from "../tensor/types.ts";
import { createOptimiser } from "./optimisers.ts";
import type { Phase } from "./phases.ts";
import { type RecordedStep, recordStep } from "./recorded-step.ts";

/** What a step is taken with, as far as shapes go. */
export interface StepOutline {
  /** One for each variable of the program. */
  readonly weights: readonly { readonly shape: readonly number[] }[];
  /** Examples a step. */
  readonly batch: number;
  /** Sizes of the named axes of a data-set node's ports; only the batch has one if absent. */
  readonly sizes?: (path: string) => Readonly<Record<string, number>>;
}

/**
 * Records a phase's step without taking it: on shapes alone, nothing is computed.
 * @returns undefined if the step cannot be recorded so, because it depends on its number or on numbers that are computed, or fails:
 *   then only taking it tells. The recording's kernels and constants are those of the backend in use.
 */
export function symbolicStep(phase: Phase, outline: StepOutline): RecordedStep | undefined {
  const recorded = recordShapes(phase, outline);
  return recorded && { ...recorded, recording: transfer(recorded.recording) };
}

/** The same for no backend: its kernels compute nothing, and only the numbers of its constants are left of them. */
export function recordShapes(phase: Phase, { weights, batch, sizes = () => ({ batch }) }: StepOutline): RecordedStep | undefined {
  if (!hasShapes()) return undefined;
  return runOnShapes(() => {
    const state = { step: 0, weights: weights.map(({ shape }) => tf.keep(outlineTensor(shape))) };
    const optimiser = createOptimiser(phase.planned.optimiser, phase.specs, phase.constraints, outlineTensor);
    const data = {
      training: (feeds: Phase["plan"]["feeds"]) => ({
        feeds: Object.fromEntries(feeds.map(({ key, path, type }) => [key, outlineTensor(concreteShape(type.shape, sizes(path)), type.dtype)])),
        batch,
      }),
    };
    try {
      const { trace, recorded } = recordStep({ ...phase, optimiser }, 0, { data, state, seed: 0 }, outlineTensor);
      tf.dispose([...trace.losses, ...(trace.norm ? [trace.norm] : [])]);
      recorded?.recording.dispose();
      return recorded;
    } catch {
      return undefined;
    } finally {
      optimiser.dispose();
      tf.dispose(state.weights);
    }
  });
}
