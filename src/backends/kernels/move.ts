import type { ReshapeAttrs } from "@tensorflow/tfjs-core";
import type { Lowering } from "./emit.ts";
import { defineLowering } from "./lowering.ts";

/** The same numbers under another shape. */
const reshape = defineLowering<"x", ReshapeAttrs>(({ x }, { shape }) => ({ ...x, shape }));

const identity = defineLowering<"x", object>(({ x }) => x);

export const moveLowerings: Readonly<Record<string, Lowering>> = { Reshape: reshape, Identity: identity };
