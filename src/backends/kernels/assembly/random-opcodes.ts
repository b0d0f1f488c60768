/** Draws of several streams; see random.ts. */
export const DRAW = 360;
/** Pairs of random bits become pairs of normal numbers: where they lie, pairs. */
export const NORMAL = 361;
