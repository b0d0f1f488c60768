import * as tf from "@tensorflow/tfjs-core";
import type { Optimiser as OptimiserSpec } from "../document/schema.ts";
import type { WeightSpec } from "../layers/contract.ts";
import type { Constraint, SlotSpec } from "./constraints.ts";

/**
 * Gradient descent in the forms of the field, as pure formulas: weight, gradient and slots in, weight and slots out.
 * They give the numbers of `torch.optim` for the same settings; sources stand at each rule.
 * Slots are plain tensors that start at zero, so that a checkpoint can hold them.
 */

interface Rule {
  readonly slots: readonly string[];
  /** Numbers that change from update to update, the same for all weights. `t` is 1 at the first update. */
  factors(rate: number, t: number): readonly number[];
  /** `factors` are those numbers as scalar tensors; `decay` is this weight's weight decay, 0 if it is exempt. */
  update(at: {
    readonly weight: tf.Tensor;
    readonly gradient: tf.Tensor;
    readonly slots: readonly tf.Tensor[];
    readonly factors: readonly tf.Tensor[];
    readonly decay: number;
  }): { readonly weight: tf.Tensor; readonly slots: readonly tf.Tensor[] };
}

type SpecOf<T extends OptimiserSpec["type"]> = Extract<OptimiserSpec, { readonly type: T }>;
type Factor = number | tf.Tensor | undefined;

/** L2 regularisation: the gradient of (λ/2)·‖w‖² joins the loss's own. */
const withDecay = (weight: tf.Tensor, gradient: tf.Tensor, decay: number): tf.Tensor =>
  decay === 0 ? gradient : tf.add(gradient, tf.mul(weight, decay));

/** β·old + scale·fresh. */
const blend = (old: tf.Tensor, beta: number, fresh: tf.Tensor, scale: number): tf.Tensor =>
  tf.add(tf.mul(old, beta), scale === 1 ? fresh : tf.mul(fresh, scale));

/** w − rate·direction. */
const descend = (weight: tf.Tensor, direction: tf.Tensor, rate: Factor): tf.Tensor => tf.sub(weight, tf.mul(direction, rate ?? 0));

/**
 * g ← g + λw;  v ← μv + g;  w ← w − α·v, or with Nesterov w ← w − α·(g + μv)
 * (book eqs. 6.11, 6.12; Sutskever et al. 2013 in the form of torch.optim.SGD).
 */
function sgd({ momentum = 0, nesterov = false }: SpecOf<"sgd">): Rule {
  return {
    slots: momentum === 0 ? [] : ["velocity"],
    factors: (rate) => [rate],
    update({ weight, gradient, slots: [velocity], factors: [rate], decay }) {
      const g = withDecay(weight, gradient, decay);
      if (velocity === undefined) return { weight: descend(weight, g, rate), slots: [] };
      const v = blend(velocity, momentum, g, 1);
      return { weight: descend(weight, nesterov ? blend(v, momentum, g, 1) : v, rate), slots: [v] };
    },
  };
}

/**
 * s ← ρs + (1 − ρ)g²;  d = g/(√s + ε);  with momentum b ← μb + d;  w ← w − α·d or α·b
 * (Hinton's lecture 6e, in the form of torch.optim.RMSprop).
 */
function rmsprop({ rho = 0.9, momentum = 0, epsilon = 1e-8 }: SpecOf<"rmsprop">): Rule {
  return {
    slots: momentum === 0 ? ["square"] : ["square", "velocity"],
    factors: (rate) => [rate],
    update({ weight, gradient, slots: [square, velocity], factors: [rate], decay }) {
      const g = withDecay(weight, gradient, decay);
      const s = blend(square as tf.Tensor, rho, tf.square(g), 1 - rho);
      const d = tf.div(g, tf.add(tf.sqrt(s), epsilon));
      if (velocity === undefined) return { weight: descend(weight, d, rate), slots: [s] };
      const b = blend(velocity, momentum, d, 1);
      return { weight: descend(weight, b, rate), slots: [s, b] };
    },
  };
}

/**
 * m ← β₁m + (1 − β₁)g;  v ← β₂v + (1 − β₂)g²;  w ← w − α·m̂/(√v̂ + ε),  m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)
 * (book eqs. 6.15–6.17; arXiv:1412.6980). The corrections are put into the rate and ε, which saves two passes:
 * α·m̂/(√v̂ + ε) = α·c/(1 − β₁ᵗ) · m/(√v + c·ε) with c = √(1 − β₂ᵗ).
 * Decoupled decay (AdamW, arXiv:1711.05101): w ← w − α·λ·w beside it, instead of λw in the gradient.
 */
function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: SpecOf<"adam"> | SpecOf<"adamw">, decoupled: boolean): Rule {
  return {
    slots: ["mean", "square"],
    factors(rate, t) {
      const correction = Math.sqrt(1 - beta2 ** t);
      return [(rate * correction) / (1 - beta1 ** t), correction * epsilon, rate];
    },
    update({ weight, gradient, slots: [mean, square], factors: [rate, smallest, plainRate], decay }) {
      const g = decoupled ? gradient : withDecay(weight, gradient, decay);
      const m = blend(mean as tf.Tensor, beta1, g, 1 - beta1);
      const v = blend(square as tf.Tensor, beta2, tf.square(g), 1 - beta2);
      const direction = tf.div(m, tf.add(tf.sqrt(v), smallest ?? 0));
      const from = decoupled && decay !== 0 ? descend(weight, tf.mul(weight, decay), plainRate) : weight;
      return { weight: descend(from, direction, rate), slots: [m, v] };
    },
  };
}

function ruleOf(spec: OptimiserSpec): Rule {
  switch (spec.type) {
    case "sgd":
      return sgd(spec);
    case "rmsprop":
      return rmsprop(spec);
    case "adam":
      return adam(spec, false);
    case "adamw":
      return adam(spec, true);
  }
}

/** PyTorch's default for AdamW; none for the others. */
const decayOf = (spec: OptimiserSpec): number => spec.weightDecay ?? (spec.type === "adamw" ? 0.01 : 0);

/** Weights that decay unless told otherwise: kernels, not biases and scales. */
const decays = ({ decay, shape }: WeightSpec): boolean => decay ?? shape.length >= 2;

/** The state of one phase's optimiser: for each of its weights one tensor a slot. */
export interface Optimiser {
  /** The slots that each weight has, by name: `mean`, `square`, then those of its constraints. */
  readonly kept: readonly (readonly SlotSpec[])[];
  /** Slot tensors, `slots[weight][slot]`. They belong to the optimiser. */
  readonly slots: readonly (readonly tf.Tensor[])[];
  /**
   * The numbers that `update` needs as scalar tensors: they are all that changes from one update to the next.
   * @param t number of the update, from 1
   */
  factors(rate: number, t: number): readonly number[];
  /**
   * The weights after one update; the given ones are left as they are. A weight without a gradient comes back itself.
   * Call it inside a tidy: the returned tensors are the caller's to keep.
   */
  update(weights: readonly tf.Tensor[], gradients: readonly (tf.Tensor | undefined)[], factors: readonly tf.Tensor[]): tf.Tensor[];
  /** Replaces the slots; the optimiser owns the tensors from now on. */
  setSlots(slots: readonly (readonly tf.Tensor[])[]): void;
  dispose(): void;
}

/** What is kept of a weight beside itself. */
export const slotsOf = (spec: OptimiserSpec, { shape }: WeightSpec, constraints: readonly Constraint[] = []): SlotSpec[] => [
  ...ruleOf(spec).slots.map((name) => ({ name, shape })),
  ...constraints.flatMap(({ slots }) => slots),
];

/**
 * An optimiser for weights of these kinds, its slots at zero.
 * @param constraints of each weight, applied one after the other when it has moved
 * @param zeros how a slot is made
 */
export function createOptimiser(
  spec: OptimiserSpec,
  specs: readonly WeightSpec[],
  constraints: readonly (readonly Constraint[])[] = [],
  zeros: (shape: readonly number[]) => tf.Tensor = (shape) => tf.zeros([...shape]),
): Optimiser {
  const rule = ruleOf(spec);
  const decay = decayOf(spec);
  const kept = specs.map((kind, i) => slotsOf(spec, kind, constraints[i]));
  let slots = kept.map((list) => list.map(({ shape }) => tf.keep(zeros(shape))));
  const replace = (next: readonly (readonly tf.Tensor[])[]) => {
    const held = new Set(next.flat());
    for (const tensor of slots.flat()) if (!held.has(tensor)) tensor.dispose();
    slots = next.map((list) => list.map((tensor) => tf.keep(tensor)));
  };
  return {
    kept,
    get slots() {
      return slots;
    },
    factors: rule.factors,
    update(weights, gradients, factors) {
      const next: (readonly tf.Tensor[])[] = [];
      const updated = weights.map((weight, i) => {
        const gradient = gradients[i];
        const own = slots[i] ?? [];
        const kind = specs[i];
        if (gradient === undefined || kind === undefined) {
          next.push(own);
          return weight;
        }
        const result = rule.update({ weight, gradient, slots: own, factors, decay: decays(kind) ? decay : 0 });
        let { weight: bounded } = result;
        const all = [...result.slots];
        for (const constraint of constraints[i] ?? []) {
          const after = constraint.apply(bounded, own.slice(all.length, all.length + constraint.slots.length));
          bounded = after.weight;
          all.push(...after.slots);
        }
        next.push(all);
        return bounded;
      });
      replace(next);
      return updated;
    },
    setSlots: replace,
    dispose() {
      for (const tensor of slots.flat()) tensor.dispose();
      slots = [];
    },
  };
}
