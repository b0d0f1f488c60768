/** Sizes of the named axes of a batch. */
export interface Sizes {
  readonly nodes: number;
  readonly edges: number;
}

type Values = Float32Array | Int32Array;

/** A batch of graphs as ports hold it. */
export interface GraphBatch {
  readonly sizes: Sizes;
  readonly ports: Record<string, Values>;
  /** What its means weigh in an evaluation, where that is not its number of examples. */
  readonly weight?: number;
}

/** Rooms are multiples of this, so that batches of other splits mostly need the same. */
export const granule = 16;
export const roundUp = (size: number): number => Math.max(granule, Math.ceil(size / granule) * granule);

/** The room that was planned, doubled until it suffices. */
export function enough(planned: number, needed: number): number {
  let size = planned;
  while (size < needed) size *= 2;
  return size;
}

/** The values with zeros after them, `size` in all. */
export function padded(values: Values, size: number): Values {
  const out = values instanceof Float32Array ? new Float32Array(size) : new Int32Array(size);
  out.set(values);
  return out;
}
