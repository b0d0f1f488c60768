import * as tf from "@tensorflow/tfjs-core";
import type { ApplyContext } from "../layers/contract.ts";
import { onTape as runOnTape } from "../tensor/derivative.ts";
import { nodeDraws } from "./draws.ts";
import { NodeFailure, reasonOf } from "./failure.ts";
import type { Feed, RunArguments, RunResult, Scheduled, Step } from "./plan.ts";

/** What a run needs of a plan. */
export interface Layout {
  readonly slotCount: number;
  readonly feeds: readonly (Feed & { readonly slot: number })[];
  readonly schedules: readonly (Scheduled & { readonly slot: number })[];
  readonly steps: readonly Step[];
  /** `copy` where the tensor is the caller's own or is given out a second time. */
  readonly outputs: readonly { readonly slot: number; readonly copy: boolean }[];
  /** Some step takes a gradient itself: a tape must be on. */
  readonly differentiates: boolean;
}

type Slots = (tf.Tensor | undefined)[];
type Named = Readonly<Record<string, tf.Tensor>>;

/** Executes a plan once; who owns which tensor is said at `Plan`. */
export function runPlan(layout: Layout, args: RunArguments): RunResult {
  const updates = new Map<number, tf.Tensor>();
  const taped = tf.engine().isTapeOn();
  const onTape = taped || layout.differentiates;
  const run = () => {
    const slots: Slots = new Array(layout.slotCount);
    for (const { key, path, port, slot } of layout.feeds) {
      const fed = args.feeds[key];
      if (fed === undefined) throw new NodeFailure(path, `nothing was fed to its output "${port}".`);
      slots[slot] = fed;
    }
    for (const { key, slot, at } of layout.schedules) slots[slot] = args.feeds[key] ?? tf.scalar(at(args.reached ?? Number.POSITIVE_INFINITY));
    for (const step of layout.steps) {
      const outputs = onTape ? runStep(step, slots, args, updates) : tf.tidy(() => runStep(step, slots, args, updates));
      for (const { port, slot } of step.outputs) slots[slot] = outputs[port];
      if (onTape) continue;
      for (const slot of step.release) slots[slot]?.dispose();
    }
    return layout.outputs.map(({ slot, copy }) => {
      const tensor = slots[slot] as tf.Tensor;
      return copy ? tf.clone(tensor) : tensor;
    });
  };
  try {
    return { outputs: taped ? run() : tf.tidy(onTape ? () => runOnTape(run) : run), updates };
  } catch (thrown) {
    for (const update of updates.values()) update.dispose();
    throw thrown;
  }
}

/** Runs one node. Every needed output is a tensor of its own, so that releasing one slot never empties another. */
function runStep(step: Step, slots: Slots, args: RunArguments, updates: Map<number, tf.Tensor>): Named {
  const { node } = step;
  const x: Record<string, tf.Tensor | readonly tf.Tensor[] | undefined> = {};
  const given = new Set<tf.Tensor>();
  for (const { port, slots: from, many } of step.inputs) {
    const tensors = from.map((slot) => slots[slot] as tf.Tensor);
    for (const tensor of tensors) given.add(tensor);
    x[port] = many ? tensors : tensors[0];
  }
  const w: Record<string, tf.Tensor> = {};
  for (const { weight, variable } of step.weights) {
    const tensor = args.weights[variable] as tf.Tensor;
    given.add(tensor);
    w[weight] = tensor;
  }
  const { training, batch } = args;
  let produced: Named;
  try {
    const context: ApplyContext = {
      training,
      get step() {
        args.onStepRead?.();
        return args.step;
      },
      batch,
      rng: args.draws ? args.draws(node.path) : nodeDraws(args.seed, node.path, args.step),
      update(weight, value) {
        const variable = step.weights.find((entry) => entry.weight === weight)?.variable;
        if (variable === undefined) throw new Error(`it has no weight "${weight}" to update.`);
        updates.get(variable)?.dispose();
        updates.set(variable, tf.keep(tf.clone(value)));
      },
    };
    produced = (args.apply ? args.apply(step, x, w, context) : node.layer.apply?.(x, w, node.params, context)) ?? {};
  } catch (thrown) {
    throw new NodeFailure(node.path, reasonOf(thrown), { cause: thrown });
  }
  const outputs: Record<string, tf.Tensor> = {};
  for (const { port } of step.outputs) {
    const tensor = produced[port];
    if (tensor === undefined) throw new NodeFailure(node.path, `it gave nothing at its output "${port}".`);
    outputs[port] = given.has(tensor) ? tf.clone(tensor) : tensor;
    given.add(tensor);
  }
  args.inspect?.(node, outputs);
  return outputs;
}
