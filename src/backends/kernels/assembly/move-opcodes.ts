/** Copies a run of bytes: from, offset, to, offset, bytes. */
export const COPY = 300;
/** Copies along strides; see strided.ts. */
export const COPY_STRIDED = 301;
/** Puts a border around a tensor; see pad.ts. */
export const PAD = 302;
export const MIRROR_PAD = 303;
/** Sets words of four bytes: to, words, value. */
export const FILL = 304;

/** How the innermost axis of COPY_STRIDED is walked. */
export const RUN = 0;
export const REPEAT = 1;
export const SCATTERED = 2;
export const TRANSPOSED = 3;
export const SCATTERED_BYTES = 4;
