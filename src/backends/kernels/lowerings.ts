import { elementwiseLowerings } from "./elementwise.ts";
import type { Lowering } from "./emit.ts";
import { moveLowerings } from "./move.ts";
import { productLowerings } from "./products.ts";
import { reduceLowerings } from "./reduce.ts";

/** By tfjs's names of kernels. */
export const lowerings: Readonly<Record<string, Lowering>> = { ...elementwiseLowerings, ...reduceLowerings, ...moveLowerings, ...productLowerings };
