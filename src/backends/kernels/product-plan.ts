/** A batch of matrix products: out[i] (rows × columns) = Σ over terms. */
export interface ProductSize {
  readonly matrices: number;
  readonly rows: number;
  readonly columns: number;
  readonly terms: number;
}

/** Into how many parts a product is cut; each combination is a chunk. */
export interface ProductPlan {
  /** Matrices a chunk does. */
  readonly group: number;
  readonly rowBlocks: number;
  readonly columnBlocks: number;
  /** More than one if partial sums are to be added afterwards. */
  readonly termBlocks: number;
  readonly termsEach: number;
}

/** What one thread does in a microsecond: multiply–adds, and bytes it reads or writes. */
const speed = { madds: 20_000, bytes: 10_000 };
const chunkMicroseconds = 20;
const mostChunks = 32;

/** Parts worth sharing among threads for so much work: 1 below some ten microseconds. */
export function chunksFor(madds: number, bytes: number): number {
  const time = Math.max(madds / speed.madds, bytes / speed.bytes);
  return Math.min(mostChunks, Math.max(1, Math.round(time / chunkMicroseconds)));
}

/**
 * Cuts a product by its shape alone. Rows are cut as long as packing B again for each block costs little beside the products;
 * then columns; long sums of small results are cut into partial sums.
 * @param partialSums whether the sums may be cut
 * @param least rows and columns of a block
 */
export function planProduct(
  { matrices, rows, columns, terms }: ProductSize,
  partialSums: boolean,
  [leastRows, leastColumns]: readonly [number, number],
): ProductPlan {
  const chunks = chunksFor(matrices * rows * columns * terms, 4 * matrices * (rows * columns + terms * (rows + columns)));
  const whole = { group: 1, rowBlocks: 1, columnBlocks: 1, termBlocks: 1, termsEach: terms };
  if (matrices >= chunks) return { ...whole, group: Math.ceil(matrices / chunks) };
  const each = Math.ceil(chunks / matrices);
  const long = partialSums && terms >= 1024 && rows * columns <= Math.min(2 ** 16, 16 * terms);
  const termsEach = long ? Math.ceil(terms / Math.min(each, Math.floor(terms / 512))) : terms;
  const termBlocks = long ? Math.ceil(terms / termsEach) : 1;
  const rowBlocks = Math.min(Math.ceil(each / termBlocks), Math.max(1, Math.floor(rows / leastRows)));
  const columnBlocks = Math.min(Math.ceil(each / termBlocks / rowBlocks), Math.max(1, Math.floor(columns / leastColumns)));
  return { group: 1, rowBlocks, columnBlocks, termBlocks, termsEach };
}
