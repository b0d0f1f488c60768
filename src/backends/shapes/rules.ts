import { convRules } from "./conv.ts";
import { elementwiseRules } from "./elementwise.ts";
import { moveRules } from "./move.ts";
import { reduceRules } from "./reduce.ts";
import type { ShapeRules } from "./rule.ts";

/** By tfjs's names of kernels. */
export const shapeRules: ShapeRules = { ...elementwiseRules, ...reduceRules, ...moveRules, ...convRules };
