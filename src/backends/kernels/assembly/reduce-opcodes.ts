/** Reduces rows to a number each; words in reduce-rows.ts. */
export const REDUCE_ROWS = 110;
/** Reduces columns to a number each; words in reduce-columns.ts. */
export const REDUCE_COLUMNS = 111;
/** Softmax of rows: rows, length, rows of a chunk, from, to. */
export const SOFTMAX = 112;
/** Indices of the largest or smallest numbers: 1 for smallest, outer, reduced, inner, from, to. */
export const ARG_EXTREME = 114;
/** Running sums: outer, length, inner, exclusive, reverse, from, to. */
export const RUNNING_SUM = 115;

/** What numbers are reduced by. */
export const SUM = 0;
export const MAX = 1;
export const MIN = 2;
export const PROD = 3;

/** Columns that a part of a column reduction works on, at most. */
export const COLUMNS = 512;
