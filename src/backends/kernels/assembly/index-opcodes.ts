/** Rows by their indices; see gather.ts. */
export const GATHER = 320;
export const ONE_HOT = 321;
export const GATHER_ND = 322;
/** Sums of rows with the same index; see scatter.ts. */
export const SEGMENT_SUM = 330;
export const SCATTER = 331;
