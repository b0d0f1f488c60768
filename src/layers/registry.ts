import type { Layer } from "./contract.ts";
import { dense } from "./dense/dense.ts";

/** Every layer there is: adding one means its file and its line here. Order within a family is the palette's. */
const catalogue: readonly Layer[] = [dense];

export type Registry = ReadonlyMap<string, Layer>;

/** Layers by type. */
export const registry: Registry = new Map(catalogue.map((layer) => [layer.type, layer]));
