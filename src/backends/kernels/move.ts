import type { CastAttrs, ReshapeAttrs } from "@tensorflow/tfjs-core";
import type { Lowering } from "./emit.ts";
import { defineLowering } from "./lowering.ts";

/** The same numbers under another shape. */
const reshape = defineLowering<"x", ReshapeAttrs>(({ x }, { shape }) => ({ ...x, shape }));

const identity = defineLowering<"x", object>(({ x }) => x);

/** Only the cast to the same type costs nothing. */
const cast = defineLowering<"x", CastAttrs>(({ x }, { dtype }) => (x.dtype === dtype ? x : undefined));

export const moveLowerings: Readonly<Record<string, Lowering>> = { Reshape: reshape, Identity: identity, Cast: cast };
