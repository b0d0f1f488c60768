import { LEAKY_RELU, RELU, RELU6 } from "./assembly/product-opcodes.ts";

/** An activation that a product applies as it stores its results. */
export interface Activation {
  readonly code: number;
  /** Of the negative side of a leaky ReLU. */
  readonly slope: number;
}

/** @returns undefined for one that products do not know */
export function activationOf(name: string | null | undefined, slope = 0.2): Activation | undefined {
  if (name === undefined || name === null || name === "linear") return { code: 0, slope: 0 };
  if (name === "relu") return { code: RELU, slope: 0 };
  if (name === "relu6") return { code: RELU6, slope: 0 };
  return name === "leakyrelu" ? { code: LEAKY_RELU, slope } : undefined;
}
