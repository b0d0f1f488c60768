import "../tensor/gradients.ts";
import * as tf from "@tensorflow/tfjs-core";
import type { Program } from "../compiler/compile.ts";
import type { TrainingPlan } from "../graph/training.ts";
import { concreteShape } from "../tensor/types.ts";
import { clipByGlobalNorm } from "./clipping.ts";
import { createPhases, type Phase } from "./phases.ts";
import { gradientsOf } from "./step.ts";

/** Two examples: what a layer does with a batch shows, and little is computed. */
const batch = 2;
/** Of every other named axis: nodes and edges of a union of graphs. */
const others = 4;

/**
 * One update of every phase on zeros: every kernel that a run's steps will call, forward and backward, is called on the backend in use.
 * @param label told the path of the node whose kernels come next; empty for those of the optimiser
 */
export function rehearse(program: Program, plan: TrainingPlan, label: (path: string) => void): void {
  const phases = createPhases(program, plan, 1);
  try {
    for (const phase of phases) tf.tidy(() => rehearsePhase(program, phase, label));
  } finally {
    for (const { optimiser } of phases) optimiser.dispose();
  }
}

function rehearsePhase(program: Program, { plan, moves, optimiser, planned }: Phase, label: (path: string) => void): void {
  const feeds = Object.fromEntries(
    plan.feeds.map(({ key, type: { shape, dtype } }) => {
      const sizes = shape.map((dim) => [dim, dim === "batch" ? batch : others] as const);
      return [key, tf.zeros(concreteShape(shape, Object.fromEntries(sizes)), dtype)];
    }),
  );
  const weights: tf.Tensor[] = [];
  for (const index of plan.variables) weights[index] = tf.zeros([...(program.variables[index]?.spec.shape ?? [])]);
  const moving = moves.map((index) => weights[index] as tf.Tensor);
  const gradients = gradientsOf(() => {
    let next = 0;
    let taped = 0;
    const labelNext = () => label(plan.steps[next]?.node.path ?? "");
    labelNext();
    const { outputs, updates } = plan.run({
      feeds,
      weights,
      training: true,
      step: 0,
      seed: 0,
      batch,
      inspect({ path }) {
        // What a kernel's gradient needs belongs to the node that called the kernel.
        const tape = tf.engine().state.activeTape ?? [];
        for (; taped < tape.length; taped++) labelGradient(tape[taped] as TapeNode, () => label(path));
        next++;
        labelNext();
      },
    });
    tf.dispose([...updates.values()]);
    return outputs[0] as tf.Tensor;
  }, moving);
  label("");
  const clipped = planned.clipNorm === undefined ? gradients : clipByGlobalNorm(gradients, planned.clipNorm).gradients;
  const scalars = optimiser.factors(1, 1).map((factor) => tf.scalar(factor));
  optimiser.update(moving, clipped, scalars);
}

type TapeNode = NonNullable<ReturnType<typeof tf.engine>["state"]["activeTape"]>[number];

function labelGradient(node: TapeNode, label: () => void): void {
  const { gradient } = node;
  if (gradient === undefined) return;
  node.gradient = (dys) => {
    label();
    return gradient(dys);
  };
}
