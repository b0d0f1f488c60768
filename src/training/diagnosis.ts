import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { FlatNode } from "../graph/types.ts";
import type { Dataset } from "../tensor/dataset.ts";
import type { DataFeeds, Fed } from "./feeds.ts";
import { type Phase, turnAt } from "./phases.ts";
import { disposeSnapshot, type ModelState, returnTo, takeSnapshot } from "./state.ts";
import { gradientsOf } from "./step.ts";
import type { RunFailure } from "./types.ts";

/** What a diagnosis looks at: a trainer's insides, put back to a state that was still sound. */
export interface Patient {
  readonly program: Program;
  readonly phases: readonly Phase[];
  readonly data: DataFeeds;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly state: ModelState;
  readonly seed: number;
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
  return { message: "A loss was not finite, but repeating the steps did not show where it came from.", remedy: smallerSteps };
}

/** A data set with NaN or infinite values is found without running anything. */
function faultyData(datasets: ReadonlyMap<string, Dataset>): RunFailure | undefined {
  for (const [path, { info, splits }] of datasets) {
    for (const [split, { count, ports }] of Object.entries(splits)) {
      for (const [port, values] of Object.entries(ports)) {
        const at = values instanceof Float32Array ? values.findIndex((value) => !Number.isFinite(value)) : -1;
        if (at < 0) continue;
        const example = info.whole ? "" : ` in example ${Math.floor(at / (values.length / count)) + 1}`;
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
async function spoiledWeight({ program, state }: Patient): Promise<string | undefined> {
  for (const [i, weight] of state.weights.entries()) if ((await nonFinite(weight)) !== undefined) return program.variables[i]?.path;
  return undefined;
}

/** The first value of a tensor that is not finite. */
async function nonFinite(tensor: tf.Tensor): Promise<number | undefined> {
  return tensor.dtype === "float32" ? (await tensor.data<"float32">()).find((value) => !Number.isFinite(value)) : undefined;
}

/** Runs the step that went wrong, forward with every output kept, then backward with every gradient kept. */
async function examineStep(patient: Patient, spoiled: string | undefined): Promise<RunFailure> {
  const { state, phases, data, seed, program } = patient;
  const { step, weights } = state;
  const turn = turnAt(
    phases.map(({ planned }) => planned),
    step,
  );
  const phase = phases[turn.phase] as Phase;
  const outputs = new Map<string, tf.Tensor>();
  const nodes: FlatNode[] = [];
  const moving = phase.moves.map((index) => weights[index] as tf.Tensor);
  let gradients = new Map<string, tf.Tensor>();
  const keep = (node: FlatNode, produced: Readonly<Record<string, tf.Tensor>>) => {
    nodes.push(node);
    for (const [port, tensor] of Object.entries(produced)) outputs.set(`${node.path}.${port}`, tf.keep(tensor));
  };
  try {
    tf.tidy(() => {
      const fed: Fed = data.training(phase.plan.feeds, step);
      const watched = [...moving];
      const names = phase.moves.map((index) => program.variables[index]?.name ?? "");
      const grads = gradientsOf(() => {
        const result = phase.plan.run({ ...fed, weights, training: true, step, seed, inspect: keep });
        for (const update of result.updates.values()) update.dispose();
        for (const [name, tensor] of outputs) {
          watched.push(tensor);
          names.push(name);
        }
        return result.outputs[0] as tf.Tensor;
      }, watched);
      gradients = new Map(grads.flatMap((gradient, i) => (gradient ? [[names[i] ?? "", tf.keep(gradient)] as const] : [])));
    });
    for (const node of nodes) {
      for (const port of node.outputs) {
        const tensor = outputs.get(`${node.path}.${port}`);
        const value = tensor && (await nonFinite(tensor));
        if (value !== undefined)
          return {
            message: `"${node.path}" gave ${value} in step ${step + 1}; everything before it was finite.`,
            node: node.path,
            remedy: smallerSteps,
          };
      }
    }
    const culprit = await gradientCulprit(program, nodes, gradients);
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
    tf.dispose([...outputs.values(), ...gradients.values()]);
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
