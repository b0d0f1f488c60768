import { relu } from "./activation/relu.ts";
import type { Layer } from "./contract.ts";
import { conv2d } from "./conv/conv2d.ts";
import { dataset } from "./data/dataset.ts";
import { dense } from "./dense/dense.ts";
import { flatten } from "./dense/flatten.ts";
import { accuracy } from "./loss/accuracy.ts";
import { crossEntropy } from "./loss/cross-entropy.ts";
import { maxPool } from "./sampling/max-pool.ts";

/** Every layer there is: adding one means its file and its line here. Order within a family is the palette's. */
const catalogue: readonly Layer[] = [
  dataset,
  dense,
  flatten,
  conv2d,
  maxPool,
  relu,
  crossEntropy,
  accuracy,
  //
];

export type Registry = ReadonlyMap<string, Layer>;

/** Layers by type. */
export const registry: Registry = new Map(catalogue.map((layer) => [layer.type, layer]));
