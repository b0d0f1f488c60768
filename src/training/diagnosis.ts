import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { Plan } from "../compiler/plan.ts";
import type { FlatNode } from "../graph/types.ts";
import type { Dataset } from "../tensor/dataset.ts";
import { evaluationSeed } from "./evaluation.ts";
import type { DataFeeds } from "./feeds.ts";
import type { Phase } from "./phases.ts";
import { createRecord, nonFinite } from "./record.ts";
import { disposeSnapshot, type ModelState, returnTo, takeSnapshot } from "./state.ts";
import { gradientsOf } from "./step.ts";
import { turnAt } from "./turns.ts";
import type { RunFailure } from "./types.ts";

/** What a diagnosis looks at: a trainer's insides, put back to a state that was still sound. */
export interface Patient {
  readonly program: Program;
  readonly phases: readonly Phase[];
  readonly data: DataFeeds;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly state: ModelState;
  readonly seed: number;
  /** Losses and metrics, as they are evaluated. */
  readonly figures: Plan | undefined;
  /** The step up to which the run had come. */
  readonly until: number;
  trainStep(): void;
  /** Losses of the latest steps. */
  readLosses(): Promise<Readonly<Record<string, number>>>;
}

const smallerSteps = "Lower the learning rate, clip the gradients, or normalise what goes into this node.";

/**
 * Finds where the first number that is not finite came from: repeats the steps since the state was sound, which gives the same
 * numbers again, until one step spoils its losses or its weights; then goes through that step node by node.
 * Leaves the state as it was before that step.
 */
export async function diagnose(patient: Patient): Promise<RunFailure> {
  const { state, phases, datasets } = patient;
  const faulty = faultyData(datasets);
  if (faulty) return faulty;
  const spoiled = await spoiledWeight(patient);
  if (spoiled !== undefined) return { message: `The weights of "${spoiled}" were not finite to begin with.`, node: spoiled };
  while (state.step < patient.until) {
    const before = takeSnapshot(state, phases);
    patient.trainStep();
    const losses = await patient.readLosses();
    const weight = await spoiledWeight(patient);
    const sound = weight === undefined && Object.values(losses).every(Number.isFinite);
    if (!sound) returnTo(before, state, phases);
    disposeSnapshot(before);
    if (!sound) return examineStep(patient, weight);
  }
  return (
    (await examineEvaluation(patient)) ?? {
      message: "A number was not finite, but repeating the steps did not show where it came from.",
      remedy: smallerSteps,
    }
  );
}

/** For networks so large that no earlier state is kept: says where numbers are not finite now. */
export async function diagnosePresent(patient: Pick<Patient, "program" | "datasets" | "state">): Promise<RunFailure> {
  const faulty = faultyData(patient.datasets);
  if (faulty) return faulty;
  const spoiled = await spoiledWeight(patient);
  const where = "The network is too large to keep an earlier state, so that where it began cannot be found.";
  if (spoiled === undefined) return { message: `A loss is no longer finite. ${where}`, remedy: smallerSteps };
  return { message: `The weights of "${spoiled}" are no longer finite. ${where}`, node: spoiled, remedy: smallerSteps };
}

/** Goes through held-out examples node by node: a state may be sound for what it was trained on and for nothing else. */
async function examineEvaluation({ figures, data, state, seed }: Patient): Promise<RunFailure | undefined> {
  for (const split of ["validation", "test"] as const) {
    for (let i = 0; figures !== undefined && i < data.evaluations(split); i++) {
      const record = createRecord(tf.clone);
      try {
        tf.tidy(() => {
          const fed = data.evaluation(figures.feeds, split, i);
          figures.run({
            ...fed,
            weights: state.weights,
            training: false,
            step: i,
            reached: state.step,
            seed: evaluationSeed(seed),
            inspect: record.add,
          });
        });
        const found = await record.firstNonFinite();
        if (found)
          return {
            message: `"${found.node}" gave ${found.value} for ${split} examples, though it did not in training.`,
            node: found.node,
            remedy: "Look for values in these examples that are far from those of the training examples.",
          };
      } finally {
        record.dispose();
      }
    }
  }
  return undefined;
}

/** A data set with NaN or infinite values is found without running anything. */
function faultyData(datasets: ReadonlyMap<string, Dataset>): RunFailure | undefined {
  for (const [path, { info, splits }] of datasets) {
    for (const [split, { count, ports }] of Object.entries(splits)) {
      for (const [port, values] of Object.entries(ports)) {
        const at = values instanceof Float32Array ? values.findIndex((value) => !Number.isFinite(value)) : -1;
        if (at < 0) continue;
        const example = info.whole || splits.train.graphs ? "" : ` in example ${Math.floor(at / (values.length / count)) + 1}`;
        return {
          message: `The data set "${info.name}" holds ${values[at]} at its port "${port}"${example} of the ${split} examples.`,
          node: path,
          remedy: "Take these examples out of the file, or fill in what is missing.",
        };
      }
    }
  }
  return undefined;
}

/** Path of the first node with a weight that is not finite. */
async function spoiledWeight({ program, state }: Pick<Patient, "program" | "state">): Promise<string | undefined> {
  for (const [i, weight] of state.weights.entries()) if ((await nonFinite(weight)) !== undefined) return program.variables[i]?.path;
  return undefined;
}

/** Runs the step that went wrong, forward with every output kept, then backward with every gradient kept. */
async function examineStep(patient: Patient, spoiled: string | undefined): Promise<RunFailure> {
  const { state, phases, data, seed, program } = patient;
  const { step, weights } = state;
  const turn = turnAt(
    phases.map(({ planned }) => planned),
    step,
  );
  const { plan, moves } = phases[turn.phase] as Phase;
  const record = createRecord((tensor) => tensor);
  const watched = moves.map((index) => weights[index] as tf.Tensor);
  const names = moves.map((index) => program.variables[index]?.name ?? "");
  const gradients = new Map<string, tf.Tensor>();
  try {
    tf.tidy(() => {
      const fed = data.training(plan.feeds, step);
      const grads = gradientsOf(() => {
        const { outputs, updates } = plan.run({ ...fed, weights, training: true, step, reached: step, seed, inspect: record.add });
        tf.dispose([...updates.values()]);
        for (const [name, tensor] of record.outputs) {
          watched.push(tensor);
          names.push(name);
        }
        return outputs[0] as tf.Tensor;
      }, watched);
      for (const [i, gradient] of grads.entries()) if (gradient) gradients.set(names[i] ?? "", tf.keep(gradient));
    });
    const found = await record.firstNonFinite();
    if (found)
      return {
        message: `"${found.node}" gave ${found.value} in step ${step + 1}; everything before it was finite.`,
        node: found.node,
        remedy: smallerSteps,
      };
    const culprit = await gradientCulprit(program, record.nodes, gradients);
    if (culprit !== undefined)
      return {
        message: `The gradient through "${culprit}" stopped being finite in step ${step + 1}: its output is finite, its slope there is not.`,
        node: culprit,
        remedy: "Keep its input away from where its slope is infinite (a root or a logarithm at 0), or clip it.",
      };
    return {
      message: `The weights of "${spoiled ?? ""}" overflowed in the update of step ${step + 1}.`,
      ...(spoiled !== undefined && { node: spoiled }),
      remedy: "Lower the learning rate or clip the gradients.",
    };
  } finally {
    record.dispose();
    tf.dispose([...gradients.values()]);
  }
}

/** From the loss backwards: the first node that got a finite gradient and passed on one that is not. */
async function gradientCulprit(program: Program, nodes: readonly FlatNode[], gradients: ReadonlyMap<string, tf.Tensor>): Promise<string | undefined> {
  const spoiled = async (name: string) => {
    const gradient = gradients.get(name);
    return gradient !== undefined && (await nonFinite(gradient)) !== undefined;
  };
  for (const node of nodes.toReversed()) {
    const passedOn = [
      ...Object.values(node.inputs).flatMap((wires) => wires.map(({ node: from, port }) => `${program.checked.nodes[from]?.path}.${port}`)),
      ...program.variables.filter(({ weightKey }) => weightKey === node.weightKey).map(({ name }) => name),
    ];
    for (const name of passedOn) if (await spoiled(name)) return node.path;
  }
  return undefined;
}
