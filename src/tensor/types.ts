/**
 * What is known about a tensor before anything runs: its sizes, its element type, and for class labels
 * or tokens how many values there are. Layout is channels-last and batch first: `[batch, height, width, channels]`.
 */

/** A size: a number, or the name of one that is only known when the graph runs (`"batch"`). */
export type Dim = number | string;

export type Shape = readonly Dim[];

export type DType = "float32" | "int32";

export interface TensorType {
  readonly shape: Shape;
  readonly dtype: DType;
  /** For int32 labels or tokens: values run from 0 to `classes - 1`. */
  readonly classes?: number;
}

/** A float32 tensor type of the given sizes. */
export const f32 = (...shape: Dim[]): TensorType => ({ shape, dtype: "float32" });

/** An int32 tensor type; `classes` says how many values its elements take. */
export const i32 = (shape: Shape, classes?: number): TensorType =>
  classes === undefined ? { shape, dtype: "int32" } : { shape, dtype: "int32", classes };

/** `[batch, 28, 28, 1]`, as people write it. */
export const formatShape = (shape: Shape): string => `[${shape.join(", ")}]`;

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((dim, i) => dim === b[i]);

/** Equal in shape, element type and number of classes. */
export const sameType = (a: TensorType, b: TensorType): boolean =>
  a === b || (a.dtype === b.dtype && a.classes === b.classes && sameShape(a.shape, b.shape));

/** The product of the sizes, counting every symbolic one as 1: elements *per example*. */
export const elementsPerExample = (shape: Shape): number =>
  shape.reduce<number>((product, dim) => (typeof dim === "number" ? product * dim : product), 1);

/** The name of the first axis where it is of graphs (`nodes`, `edges`): its rows belong to a batch as a whole, not one to an example. */
export const namedAxis = ({ shape: [first] }: TensorType): string | undefined => (typeof first === "string" && first !== "batch" ? first : undefined);

/**
 * Replaces symbolic sizes by numbers.
 * @throws Error if a symbol has no value: a bug in the caller, never a user's fault.
 */
export function concreteShape(shape: Shape, sizes: Readonly<Record<string, number>>): number[] {
  return shape.map((dim) => {
    if (typeof dim === "number") return dim;
    const size = sizes[dim];
    if (size === undefined) throw new Error(`No size is known for "${dim}" in ${formatShape(shape)}.`);
    return size;
  });
}
