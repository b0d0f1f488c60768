/** Windows over images; see pooling.ts and pooling-gradient.ts for their words. */
export const MAX_POOL = 340;
export const AVG_POOL = 341;
export const MAX_POOL_GRAD = 342;
export const AVG_POOL_GRAD = 343;
