import { z } from "zod";
import type { Layer } from "./contract.ts";

/** What the inspector's form, the generic tests and the documentation need of a parameter, read off the layer's zod schema. */
interface Field {
  readonly name: string;
  /** The label: the schema's title, or the name in words with a capital. */
  readonly title: string;
  readonly help: string;
}
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}
export type ParamField = Field &
  (
    | ({ readonly kind: "int" | "real"; readonly default: number } & Bounds)
    | { readonly kind: "choice"; readonly options: readonly string[]; readonly default: string }
    | { readonly kind: "flag"; readonly default: boolean }
    | { readonly kind: "text"; readonly default: string; readonly maxLength?: number }
    /** A list of whole numbers; `minItems` to `maxItems` of them, each from `min` to `max`. */
    | ({ readonly kind: "ints"; readonly default: readonly number[]; readonly minItems?: number; readonly maxItems?: number } & Bounds)
    /** One whole number for all of `axes` axes, or a list with one for each. */
    | ({ readonly kind: "extent"; readonly default: number | readonly number[]; readonly axes: number } & Bounds)
  );

/** The part of JSON Schema that the kinds of src/layers/params.ts come out as. */
const bounds = { minimum: z.number().optional(), maximum: z.number().optional() };
const shown = { title: z.string().optional(), description: z.string().default("") };
const whole = z.object({ type: z.literal("integer"), ...bounds });
const list = z.object({ type: z.literal("array"), items: whole, minItems: z.int().optional(), maxItems: z.int().optional() });
const property = z.union([
  z.object({ type: z.literal("integer"), default: z.number(), ...bounds, ...shown }),
  z.object({ type: z.literal("number"), default: z.number(), ...bounds, ...shown }),
  z.object({ type: z.literal("boolean"), default: z.boolean(), ...shown }),
  z.object({ type: z.literal("string"), enum: z.array(z.string()), default: z.string(), ...shown }),
  z.object({ type: z.literal("string"), maxLength: z.int().optional(), default: z.string(), ...shown }),
  list.extend({ default: z.array(z.number()), ...shown }),
  z.object({ anyOf: z.tuple([whole, list]), default: z.union([z.number(), z.array(z.number())]), ...shown }),
]);

const known = new WeakMap<Layer, readonly ParamField[]>();

/**
 * The parameters of a layer in the order in which it declares them.
 * @throws Error if a layer has a kind of parameter that src/layers/params.ts does not make: a bug in the layer.
 */
export function describeParams(layer: Layer): readonly ParamField[] {
  const before = known.get(layer);
  if (before) return before;
  const schema = z.toJSONSchema(layer.params, { io: "input" });
  const fields = Object.entries(schema.properties ?? {}).map(([name, json]) => {
    const parsed = property.safeParse(json);
    if (!parsed.success) throw new Error(`${layer.type}: the parameter "${name}" is of a kind that cannot be shown.`);
    return field(name, parsed.data);
  });
  known.set(layer, fields);
  return fields;
}

function field(name: string, at: z.output<typeof property>): ParamField {
  const base = { name, title: at.title ?? inWords(name), help: at.description };
  if ("anyOf" in at) {
    const [one, each] = at.anyOf;
    return { ...base, kind: "extent", default: at.default, axes: each.maxItems ?? 1, ...range(one) };
  }
  switch (at.type) {
    case "integer":
      return { ...base, kind: "int", default: at.default, ...range(at) };
    case "number":
      return { ...base, kind: "real", default: at.default, ...range(at) };
    case "boolean":
      return { ...base, kind: "flag", default: at.default };
    case "string":
      return "enum" in at
        ? { ...base, kind: "choice", default: at.default, options: at.enum }
        : { ...base, kind: "text", default: at.default, ...given({ maxLength: at.maxLength }) };
    case "array":
      return { ...base, kind: "ints", default: at.default, ...range(at.items), ...given({ minItems: at.minItems, maxItems: at.maxItems }) };
  }
  at satisfies never;
  throw new Error(`The parameter "${name}" is of a kind that cannot be shown.`);
}

const range = (at: { minimum?: number | undefined; maximum?: number | undefined }): Bounds => given({ min: at.minimum, max: at.maximum });

type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
/** Without the entries that are undefined. */
const given = <T extends object>(at: T): Given<T> => Object.fromEntries(Object.entries(at).filter(([, value]) => value !== undefined)) as Given<T>;

/** `logVariance` → `Log variance`. */
const inWords = (name: string): string => {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};
