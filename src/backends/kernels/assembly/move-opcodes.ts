/** Copies bytes: from, to, bytes. */
export const COPY = 300;
