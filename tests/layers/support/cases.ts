import fc from "fast-check";
import { type InferEnv, isProblem, type Layer, type Params, type PortValues } from "../../../src/layers/contract.ts";
import { describeParams, type ParamField } from "../../../src/layers/describe.ts";
import type { DatasetInfo } from "../../../src/tensor/dataset.ts";
import { type Dim, f32, i32, type TensorType } from "../../../src/tensor/types.ts";

/** A layer set up to run: parameters, and types with nothing symbolic in them. */
export interface Case {
  readonly params: Params;
  readonly inputs: PortValues<TensorType>;
  readonly training: boolean;
  readonly range?: readonly [number, number];
}

const digits: DatasetInfo = {
  name: "digits",
  title: "MNIST-1D",
  about: "Stands in for the real one.",
  ports: { x: f32(40, 1), label: i32([], 10) },
  counts: { train: 4000, validation: 0, test: 1000 },
};
const club: DatasetInfo = {
  name: "club",
  title: "A graph",
  about: "One object, not a collection.",
  ports: { x: f32(34, 34), edges: i32([156, 2], 34) },
  counts: { train: 1, validation: 0, test: 0 },
  whole: true,
};
const known = new Map([digits, club].map((info) => [info.name, info]));
export const env: InferEnv = { dataset: (name) => known.get(name), datasetNames: () => [...known.keys()] };

type Mapping = (dim: Dim) => number;

function mapType(type: TensorType, mapping: Mapping): TensorType {
  const shape = type.shape.map(mapping);
  return type.dtype === "float32" ? f32(...shape) : i32(shape, type.classes === undefined ? undefined : mapping(type.classes));
}
const mapInputs = (inputs: Layer["examples"][number]["inputs"], mapping: Mapping): PortValues<TensorType> =>
  Object.fromEntries(
    Object.entries(inputs).map(([port, value]) => [
      port,
      Array.isArray(value) ? value.map((type: TensorType) => mapType(type, mapping)) : mapType(value as TensorType, mapping),
    ]),
  );

const symbol = (dim: Dim): number => (typeof dim === "number" ? dim : dim === "batch" ? 3 : 4);

/** Every example the layer gives, in training and in evaluation. */
export const exampleCases = (layer: Layer): Case[] =>
  layer.examples.flatMap(({ params, inputs, range }) =>
    [true, false].map((training) => ({
      params: layer.params.parse(params ?? {}),
      inputs: mapInputs(inputs, symbol),
      training,
      ...(range && { range }),
    })),
  );

/** Small values of a parameter, all within its schema. */
export function paramValues(field: ParamField): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case "int":
      return fc.oneof(fc.constant(field.default), fc.integer({ min: field.min ?? -3, max: Math.min(field.max ?? 6, (field.min ?? 0) + 4) }));
    case "real":
      return fc.oneof(
        fc.constant(field.default),
        fc
          .double({ min: Math.max(field.min ?? -2, -2), max: Math.min(field.max ?? 2, 2), noNaN: true })
          .map((value) => (value === 0 ? 0 : value))
          .filter((value) => value === 0 || Math.abs(value) > 1e-3),
      );
    case "choice":
      return fc.constantFrom(...field.options);
    case "flag":
      return fc.boolean();
    case "text":
      return fc.oneof(fc.constant(field.default), fc.string({ maxLength: Math.min(field.maxLength ?? 20, 20) }));
    case "ints":
      return fc.array(fc.integer({ min: field.min ?? 0, max: Math.min(field.max ?? 5, 5) }), {
        minLength: field.minItems ?? 0,
        maxLength: Math.min(field.maxItems ?? 4, 4),
      });
    case "extent": {
      const one = fc.integer({ min: field.min ?? 1, max: Math.min(field.max ?? 4, 4) });
      return fc.oneof(one, fc.array(one, { minLength: field.axes, maxLength: field.axes }));
    }
  }
}

/** Any parameters that the schema allows, of small size. */
export const anyParams = (layer: Layer): fc.Arbitrary<Params> =>
  fc.record(Object.fromEntries(describeParams(layer).map((field) => [field.name, paramValues(field)]))).map((params) => layer.params.parse(params));

/**
 * Variations of a layer's examples: sizes are drawn anew (equal ones stay equal, so that ports keep fitting together), and
 * each parameter is the example's or another. Only cases that `infer` accepts.
 */
export function variedCases(layer: Layer): fc.Arbitrary<Case> {
  const numbers = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 8, maxLength: 8 });
  return fc
    .record({
      example: fc.constantFrom(...layer.examples),
      numbers,
      keep: fc.nat({ max: 2 }),
      changes: anyParams(layer),
      changed: fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
      training: fc.boolean(),
    })
    .map(({ example, numbers, keep, changes, changed, training }): Case => {
      const drawn = new Map<Dim, number>();
      const mapping: Mapping = (dim) => {
        if (keep === 0 && typeof dim === "number") return dim;
        if (!drawn.has(dim)) drawn.set(dim, numbers[drawn.size % numbers.length] as number);
        return drawn.get(dim) as number;
      };
      const inputs = mapInputs(example.inputs, mapping);
      const picked = Object.entries(changes).filter((_, i) => changed[i % changed.length]);
      const { range } = example;
      return { params: layer.params.parse({ ...example.params, ...Object.fromEntries(picked) }), inputs, training, ...(range && { range }) };
    })
    .filter(({ params, inputs }) => !isProblem(layer.infer(inputs, params, env)));
}

const dims = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 9 }) }, { weight: 1, arbitrary: fc.constantFrom<Dim>("batch", "tokens") });

/** Types that the checker would let through to a port: any sizes, allowed number of axes and element type. */
function anyType(port: Layer["inputs"][string]): fc.Arbitrary<TensorType> {
  const ranks = port.rank === undefined ? [0, 1, 2, 3, 4, 5] : [port.rank].flat();
  const dtypes = port.dtype ? [port.dtype] : (["float32", "int32"] as const);
  const shape = fc.constantFrom(...ranks).chain((rank) => fc.array(dims, { minLength: rank, maxLength: rank }));
  const batched = shape.chain((sizes) => fc.boolean().map((first) => (first && sizes.length > 0 ? (["batch", ...sizes.slice(1)] as Dim[]) : sizes)));
  return fc
    .record({ shape: batched, dtype: fc.constantFrom(...dtypes), classes: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined }) })
    .map(({ shape, dtype, classes }) => (dtype === "float32" ? f32(...shape) : i32(shape, classes)));
}

/** Whatever may arrive at the layer's ports, fitting together or not. */
export function anyInputs(layer: Layer): fc.Arbitrary<PortValues<TensorType>> {
  const ports = Object.entries(layer.inputs).map(([name, port]) => {
    const type = anyType(port);
    if (port.many) return [name, fc.array(type, { minLength: port.optional ? 0 : 1, maxLength: 4 })] as const;
    return [name, port.optional ? fc.option(type, { nil: undefined }) : type] as const;
  });
  return fc.record(Object.fromEntries<fc.Arbitrary<TensorType | readonly TensorType[] | undefined>>(ports));
}
