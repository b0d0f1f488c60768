/** Mixtures of two rows and two columns, and their gradients; see resize.ts. */
export const RESIZE = 350;
export const RESIZE_GRAD = 351;
