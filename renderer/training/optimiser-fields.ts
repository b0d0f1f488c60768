import type { Optimiser } from "../../src/document/schema.ts";

/** A number that an optimiser takes, as the form shows it. */
export interface OptimiserField {
  readonly key: "momentum" | "rho" | "beta1" | "beta2" | "epsilon" | "weightDecay";
  readonly label: string;
  readonly help: string;
  /** What holds if the document says nothing. */
  readonly fallback: number;
  readonly max: number;
}

const momentum = (fallback: number): OptimiserField => ({
  key: "momentum",
  label: "Momentum",
  help: "How much of the last step's direction is kept, 0 to 1.",
  fallback,
  max: 0.999999,
});
const beta1: OptimiserField = { key: "beta1", label: "β₁", help: "Decay of the gradients' running mean.", fallback: 0.9, max: 0.999999 };
const beta2: OptimiserField = { key: "beta2", label: "β₂", help: "Decay of the squared gradients' running mean.", fallback: 0.999, max: 0.999999 };
const epsilon: OptimiserField = {
  key: "epsilon",
  label: "ε",
  help: "Keeps the division from blowing up where gradients are tiny.",
  fallback: 1e-8,
  max: 1,
};
const decay = (fallback: number): OptimiserField => ({
  key: "weightDecay",
  label: "Weight decay",
  help: "Pulls weights towards zero at each step; biases and scales are spared.",
  fallback,
  max: 10,
});

/** The fields of each optimiser, beside its rate. A missing kind does not compile. */
export const optimiserFields: { readonly [K in Optimiser["type"]]: { readonly label: string; readonly fields: readonly OptimiserField[] } } = {
  sgd: { label: "SGD", fields: [momentum(0), decay(0)] },
  rmsprop: {
    label: "RMSProp",
    fields: [
      { key: "rho", label: "ρ", help: "Decay of the squared gradients' running mean.", fallback: 0.9, max: 0.999999 },
      momentum(0),
      epsilon,
      decay(0),
    ],
  },
  adam: { label: "Adam", fields: [beta1, beta2, epsilon, decay(0)] },
  adamw: { label: "AdamW", fields: [beta1, beta2, epsilon, decay(0.01)] },
};
