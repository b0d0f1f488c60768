import { convLowerings } from "./conv.ts";
import { depthwiseLowerings } from "./conv-depthwise.ts";
import type { Lowering } from "./emit.ts";
import { matMulLowerings } from "./product.ts";

/** Matrix products and convolutions. */
export const productLowerings: Readonly<Record<string, Lowering>> = { ...matMulLowerings, ...convLowerings, ...depthwiseLowerings };
