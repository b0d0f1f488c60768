import { evaluate, type Value, type Values } from "../../src/document/expression.ts";
import type { ParamValue } from "../../src/document/schema.ts";
import type { ParamField } from "../../src/layers/describe.ts";
import { readNumber } from "../ui/number-field.tsx";

/** From what is typed into a parameter's field to the value in the document, and back. */

export type Read =
  | { readonly ok: true /** undefined: the default. */; readonly value: ParamValue | undefined }
  | { readonly ok: false; readonly message: string };

const ok = (value: ParamValue | undefined): Read => ({ ok: true, value });
const fail = (message: string): Read => ({ ok: false, message });

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/**
 * Reads a text for a field. Numbers stay numbers; other text must be arithmetic over `scope` (the enclosing block's
 * parameters) whose value fits. An empty text means the default.
 */
export function readParam(field: ParamField, text: string, scope: Values): Read {
  const trimmed = text.trim();
  if (field.kind === "text")
    return field.maxLength !== undefined && text.length > field.maxLength ? fail(`At most ${field.maxLength} letters.`) : ok(text);
  if (trimmed === "") return ok(undefined);
  switch (field.kind) {
    case "int":
    case "real":
      return readOne(trimmed, field, field.kind === "int", scope);
    case "extent":
      return readList(trimmed, field, scope, [1, field.axes], field.axes);
    case "ints":
      return readList(trimmed, field, scope, [field.minItems ?? 0, field.maxItems ?? 8], undefined);
    case "choice":
      return field.options.includes(trimmed) || typeof scope[trimmed] === "string" ? ok(trimmed) : fail(`One of ${field.options.join(", ")}.`);
    case "flag":
      return trimmed === "true" || trimmed === "false"
        ? ok(trimmed === "true")
        : typeof scope[trimmed] === "boolean"
          ? ok(trimmed)
          : fail("Yes or no.");
  }
  field satisfies never;
  return fail("This cannot be set here.");
}

function readOne(text: string, bounds: Bounds, whole: boolean, scope: Values): Read {
  const range = { ...(bounds.min !== undefined && { min: bounds.min }), ...(bounds.max !== undefined && { max: bounds.max }), whole };
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) {
    const read = readNumber(text, range);
    return typeof read === "number" ? ok(read) : fail(read);
  }
  const computed = evaluate(text, scope);
  if (!computed.ok) return fail(computed.message);
  const read = readNumber(String(computed.value), range);
  return typeof read === "number" ? ok(text) : fail(`${text} is ${computed.value}. ${read}`);
}

/** `3, 5` or `3 × 5`; for an extent one number stands for all axes. */
function readList(text: string, bounds: Bounds, scope: Values, [least, most]: readonly [number, number], axes: number | undefined): Read {
  const parts = text
    .replace(/^\[|\]$/g, "")
    .split(/[,;×]|(?<=\d)\s*x\s*(?=\d)|\s+(?=\d)/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (axes !== undefined && parts.length !== 1 && parts.length !== axes) return fail(`One number, or ${axes}: one for each axis.`);
  if (parts.length < least || parts.length > most)
    return fail(least === most ? `${least} numbers.` : `${least} to ${most} numbers, with commas between.`);
  const values: Value[] = [];
  for (const part of parts) {
    const read = readOne(part, bounds, true, scope);
    if (!read.ok) return read;
    if (read.value !== undefined && !Array.isArray(read.value)) values.push(read.value);
  }
  const [only] = values;
  return axes !== undefined && values.length === 1 ? ok(only) : ok(values);
}

/** What a value looks like in its field. */
export const paramText = (value: ParamValue | undefined): string =>
  value === undefined ? "" : Array.isArray(value) ? value.join(", ") : String(value);

/** What an expression comes to, for the line under the field; undefined for plain numbers. */
export function expressionValue(value: ParamValue | undefined, scope: Values): string | undefined {
  const items = Array.isArray(value) ? value : [value];
  if (!items.some((item) => typeof item === "string")) return undefined;
  const results = items.map((item) => {
    if (typeof item !== "string") return String(item);
    const computed = evaluate(item, scope);
    return computed.ok ? String(Number(computed.value.toPrecision(6))) : "?";
  });
  return `= ${results.join(", ")}`;
}

/** Fields that all layers of a selection have, alike in name and kind. */
export function commonFields(lists: readonly (readonly ParamField[])[]): readonly ParamField[] {
  const [first = [], ...rest] = lists;
  return first.filter((field) => rest.every((list) => list.some((other) => other.name === field.name && other.kind === field.kind)));
}
