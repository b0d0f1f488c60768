import type { HeldMemory } from "../../src/training/types.ts";
import { formatCount } from "./format.ts";

/** What the desk's figure of memory counts, in words. */
export const memoryHelp = ({ tensors, whole }: HeldMemory): string =>
  whole
    ? `All that training holds in WebAssembly's memory: ${formatCount(tensors)} tensors (weights, the optimiser's, earlier states) and the stretch in which the compiled step computes. Data sets lie beside it.`
    : `The bytes of ${formatCount(tensors)} tensors between two steps. What the graphics driver keeps beside them, and needs within a step, cannot be seen from here.`;
