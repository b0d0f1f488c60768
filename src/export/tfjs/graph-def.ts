import type { TracedType } from "../../backends/trace.ts";
import { type Extent, isBatch, isFixed } from "../extent.ts";
import { Refusal } from "../refusal.ts";

/** TensorFlow's GraphDef as tfjs's converter writes it in JSON, and a builder for it. */

export type DataType = "DT_FLOAT" | "DT_INT32" | "DT_BOOL";
export const dataTypes: Readonly<Record<TracedType, DataType>> = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" };

export interface TensorShape {
  readonly dim: readonly { readonly size: string }[];
}
type AttrValue =
  | { readonly type: DataType }
  | { readonly b: boolean }
  | { readonly i: string }
  | { readonly f: number }
  /** Text, base64. */
  | { readonly s: string }
  | { readonly shape: TensorShape }
  | { readonly list: { readonly i: readonly string[] } | { readonly s: readonly string[] } }
  | { readonly tensor: { readonly dtype: DataType; readonly tensorShape: TensorShape } };
export type Attrs = Readonly<Record<string, AttrValue>>;

export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Attrs;
}

export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: TracedType;
  readonly values: ArrayLike<number>;
}

export const attr = {
  type: (dtype: TracedType): AttrValue => ({ type: dataTypes[dtype] }),
  flag: (b: boolean): AttrValue => ({ b }),
  int: (value: number): AttrValue => ({ i: String(value) }),
  float: (f: number): AttrValue => ({ f }),
  ints: (values: readonly number[]): AttrValue => ({ list: { i: values.map(String) } }),
  text: (value: string): AttrValue => ({ s: btoa(value) }),
  texts: (values: readonly string[]): AttrValue => ({ list: { s: values.map((value) => btoa(value)) } }),
  shape: (shape: readonly Extent[]): AttrValue => ({ shape: shapeOf(shape) }),
};

/** A size that follows the batch is −1. */
export const shapeOf = (shape: readonly Extent[]): TensorShape => ({
  dim: shape.map((extent) => ({ size: typeof extent === "number" ? String(extent) : "-1" })),
});

/** Grows a graph node by node. Names of tensors are names of nodes, with `:1` and so on for further outputs. */
export class GraphBuilder {
  nodes: NodeDef[] = [];
  stored: StoredTensor[] = [];
  readonly #names = new Set<string>();
  readonly #integers = new Map<string, string>();
  #batch: { readonly tensor: string; readonly axis: number } | string | undefined;

  /** A name that no node has yet, in the letters that TensorFlow allows. */
  name(wanted: string): string {
    const clean = wanted.replace(/[^A-Za-z0-9_./-]/g, "_").replace(/^[^A-Za-z0-9.]/, "n$&");
    let name = clean;
    for (let i = 1; this.#names.has(name); i++) name = `${clean}_${i}`;
    this.#names.add(name);
    return name;
  }

  add(op: string, wanted: string, input: readonly string[], attrs: Attrs = {}): string {
    const name = this.name(wanted);
    this.nodes.push({ name, op, input, attr: attrs });
    return name;
  }

  /** A tensor that is fed. One whose size follows the batch also tells the graph how large the batch is. */
  placeholder(wanted: string, dtype: TracedType, shape: readonly Extent[]): string {
    const name = this.add("Placeholder", wanted, [], { dtype: attr.type(dtype), shape: attr.shape(shape) });
    const axis = shape.findIndex(isBatch);
    if (this.#batch === undefined && axis >= 0) this.#batch = { tensor: name, axis };
    return name;
  }

  /** A tensor that is stored with the graph. */
  store(wanted: string, dtype: TracedType, shape: readonly number[], values: ArrayLike<number>): string {
    const name = this.add("Const", wanted, [], {
      dtype: attr.type(dtype),
      value: { tensor: { dtype: dataTypes[dtype], tensorShape: shapeOf(shape) } },
    });
    this.stored.push({ name, shape, dtype, values });
    return name;
  }

  /** Whole numbers that a node takes as an input: axes, sizes. Equal ones are stored once. */
  integers(values: readonly number[] | number): string {
    const list = typeof values === "number" ? [values] : values;
    const shape = typeof values === "number" ? [] : [list.length];
    const key = `${shape.join()}:${list.join()}`;
    const known = this.#integers.get(key);
    if (known !== undefined) return known;
    const name = this.store("constants/integers", "int32", shape, list);
    this.#integers.set(key, name);
    return name;
  }

  number(value: number, dtype: TracedType = "float32"): string {
    return this.store("constants/number", dtype, [], [value]);
  }

  /** A vector of sizes; those that follow the batch are computed from it. */
  sizes(extents: readonly Extent[]): string {
    if (isFixed(extents)) return this.integers(extents);
    const parts = extents.map((extent) => (typeof extent === "number" ? this.integers(extent) : this.#extent(extent)));
    return this.add("Pack", "batch/sizes", parts, { N: attr.int(parts.length), T: attr.type("int32"), axis: attr.int(0) });
  }

  /** Sizes of which one may be left to be found out, so that most graphs need not compute with sizes. */
  reshapeTo(shape: readonly Extent[]): string {
    const open = shape.filter((extent) => typeof extent !== "number");
    return open.length === 1 ? this.integers(shape.map((extent) => (typeof extent === "number" ? extent : -1))) : this.sizes(shape);
  }

  /** Takes away what no result needs. Inputs stay: the model is fed them all the same. */
  prune(results: readonly string[]): void {
    const byName = new Map(this.nodes.map((node) => [node.name, node]));
    const needed = new Set<string>();
    const open = [...results];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const node = byName.get(name.replace(/:\d+$/, ""));
      if (node === undefined || needed.has(node.name)) continue;
      needed.add(node.name);
      open.push(...node.input);
    }
    this.nodes = this.nodes.filter(({ name, op }) => op === "Placeholder" || needed.has(name));
    this.stored = this.stored.filter(({ name }) => needed.has(name));
  }

  #extent({ times, plus }: { readonly times: number; readonly plus: number }): string {
    const int = { T: attr.type("int32") };
    const scaled = times === 1 ? this.#batchSize() : this.add("Mul", "batch/times", [this.#batchSize(), this.integers(times)], int);
    return plus === 0 ? scaled : this.add("AddV2", "batch/plus", [scaled, this.integers(plus)], int);
  }

  #batchSize(): string {
    if (typeof this.#batch === "string") return this.#batch;
    if (this.#batch === undefined) throw new Refusal("The model has no input that tells how many examples there are.");
    const { tensor, axis } = this.#batch;
    const shape = this.add("Shape", "batch/shape", [tensor], { T: attr.type("float32"), out_type: attr.type("int32") });
    const bounds = [this.integers([axis]), this.integers([axis + 1]), this.integers([1])];
    this.#batch = this.add("StridedSlice", "batch/size", [shape, ...bounds], {
      T: attr.type("int32"),
      Index: attr.type("int32"),
      begin_mask: attr.int(0),
      end_mask: attr.int(0),
      ellipsis_mask: attr.int(0),
      new_axis_mask: attr.int(0),
      shrink_axis_mask: attr.int(1),
    });
    return this.#batch;
  }
}
