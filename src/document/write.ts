import type { NetloomDocument } from "./schema.ts";

/**
 * A document as text: indented, but each node, wire, port and phase on a line of its own, so that a version-control
 * diff shows what changed and a person can read it.
 */
export function writeDocument(document: NetloomDocument): string {
  return `${print(document, 0, false)}\n`;
}

/** Lines that are printed in one go. */
const most = 200;

/** Prints a large document's new nodes and wires ahead, a few hundred at a time: `writeDocument` has then only to put the lines together. */
export function* printAhead({ nodes, edges, blocks }: NetloomDocument): Generator<void> {
  let fresh = 0;
  for (const graph of [{ nodes, edges }, ...Object.values(blocks ?? {})])
    for (const item of [...graph.nodes, ...graph.edges]) {
      if (printed.has(item)) continue;
      line(item);
      fresh += 1;
      if (fresh % most === 0) yield;
    }
}

const oneLine = new Set(["nodes", "edges", "inputs", "outputs", "phases", "figures"]);

function print(value: unknown, depth: number, compact: boolean): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  if (compact || (Array.isArray(value) && value.every((item) => typeof item !== "object" || item === null))) return inline(value);
  const indent = "  ".repeat(depth + 1);
  const items = Array.isArray(value)
    ? value.map((item) => indent + print(item, depth + 1, false))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(
          ([key, item]) =>
            `${indent}${JSON.stringify(key)}: ${oneLine.has(key) && Array.isArray(item) ? lines(item, depth + 1) : print(item, depth + 1, false)}`,
        );
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join(",\n")}\n${"  ".repeat(depth)}${close}`;
}

const lines = (items: readonly unknown[], depth: number): string =>
  items.length === 0 ? "[]" : `[\n${items.map((item) => "  ".repeat(depth + 1) + line(item)).join(",\n")}\n${"  ".repeat(depth)}]`;

/** Nodes and wires never change: an autosave every few seconds prints those that are new. */
const printed = new WeakMap<object, string>();
function line(item: unknown): string {
  if (typeof item !== "object" || item === null) return inline(item);
  let text = printed.get(item);
  if (text === undefined) printed.set(item, (text = inline(item)));
  return text;
}

/** One line, with a space after colons and commas. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const items = Object.entries(value).filter(([, item]) => item !== undefined);
  return items.length === 0 ? "{}" : `{ ${items.map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`).join(", ")} }`;
}
