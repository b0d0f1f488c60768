import type { Edge, ParamValue } from "../document/schema.ts";
import type { Layer } from "../layers/contract.ts";
import type { Registry } from "../layers/registry.ts";
import type { Hindrance } from "./backwards.ts";
import type { LocalOrder } from "./order.ts";
import type { ParamFault } from "./params.ts";
import type { Mend, Place, Problem } from "./types.ts";

/** Every kind of fault a graph can have, in words: one function each, so that all are said in one voice. */

type At = Place & { readonly node: string };
const error = (code: string, place: Place, message: string, more: Partial<Problem> = {}): Problem => ({
  severity: "error",
  code,
  place,
  message,
  ...more,
});
const warning = (code: string, place: Place, message: string, more: Partial<Problem> = {}): Problem => ({
  severity: "warning",
  code,
  place,
  message,
  ...more,
});
const list = (names: readonly string[]): string => (names.length > 0 ? names.join(", ") : "none");
/** As many names as a person reads. */
const firstOf = (names: readonly string[]): string =>
  names.length > 12 ? `${list(names.slice(0, 10))} and ${(names.length - 10).toLocaleString("en")} more` : list(names);

const removeNode = (place: At): Mend => ({
  label: `Remove ${place.node}`,
  edits: [{ kind: "remove", graph: place.graph, nodes: [place.node], edges: [] }],
});
const removeWire = (graph: string, edge: Edge): Mend => ({ label: "Remove the wire", edits: [{ kind: "remove", graph, nodes: [], edges: [edge] }] });
const setParam = (place: At, name: string, value: ParamValue | undefined, label: string): Mend => ({
  label,
  edits: [{ kind: "set-params", graph: place.graph, node: place.node, params: { [name]: value } }],
});

export const danglingWire = (graph: string, edge: Edge): Problem =>
  error("dangling-wire", { graph }, `The wire from ${edge.from} to ${edge.to} ends at a node that is not there.`, { mend: removeWire(graph, edge) });

export const noDerivative = (place: At, path: string, of: string, by: string): Problem =>
  error("no-derivative", { ...place, port: by }, `What arrives at "${of}" does not depend on what arrives at "${by}", so its gradient is zero.`, {
    path,
    expected: `a wire from the port that "${of}" is computed from`,
  });

export const cycle = (graph: string, node: string, members: readonly string[]): Problem =>
  error("cycle", { graph, node }, `${node} is part of a cycle, so no order exists in which to compute it: ${firstOf(members)}.`);

export function unknownType(place: At, path: string, type: string, registry: Registry): Problem {
  const near = nearest(type, [...registry.keys()]);
  const hint = near ? ` Did you mean "${near}"?` : "";
  return error("unknown-type", place, `There is no layer of type "${type}".${hint}`, { path, received: type, mend: removeNode(place) });
}

export const badParameter = (place: At, path: string, layer: Layer, fault: ParamFault): Problem =>
  error("bad-parameter", place, `${layer.title}: ${fault.name}: ${fault.message}`, {
    path,
    received: fault.received,
    mend: setParam(place, fault.name, undefined, `Reset ${fault.name}`),
  });

export const unknownParameter = (place: At, path: string, layer: Layer, name: string): Problem => {
  const near = nearest(name, Object.keys(layer.params.shape));
  return warning("unknown-parameter", place, `${layer.title} has no parameter "${name}".${near ? ` Did you mean "${near}"?` : ""}`, {
    path,
    expected: `one of ${list(Object.keys(layer.params.shape))}`,
    received: name,
    mend: setParam(place, name, undefined, `Remove ${name}`),
  });
};

export const noSuchPort = (place: At, path: string, port: string, ports: readonly string[], order: LocalOrder): Problem => {
  const edge = order.arriving.get(place.node)?.find((arrival) => arrival.port === port)?.edge;
  return error("no-such-port", { ...place, port }, `A wire arrives at ${place.node}.${port}, but there is no such port.`, {
    path,
    expected: list(ports),
    received: port,
    ...(edge && { mend: removeWire(place.graph, edge) }),
  });
};

/** A wire from or to a port that is not there. `given`: the ports there are, at the end that is at fault. */
export function noSuchOutput(place: Place, edge: Edge, given: readonly string[], end: "from" | "to"): Problem {
  const [only] = given;
  const dot = edge[end].indexOf(".");
  const mended = { ...edge, [end]: `${edge[end].slice(0, dot)}.${only}` };
  const mend: Mend =
    only !== undefined && given.length === 1
      ? {
          label: end === "from" ? `Connect ${mended.from}` : `Connect to ${mended.to}`,
          edits: [
            { kind: "remove", graph: place.graph, nodes: [], edges: [edge] },
            { kind: "connect", graph: place.graph, edge: mended, replace: false },
          ],
        }
      : removeWire(place.graph, edge);
  const does = end === "from" ? "begins" : "ends";
  return error("no-such-output", place, `The wire from ${edge.from} to ${edge.to} ${does} at a port that is not there.`, {
    expected: list(given),
    received: edge[end].slice(dot + 1),
    mend,
  });
}

export const tooLarge = (place: At, path: string, most: number): Problem =>
  error("too-large", place, `The network has more than ${most.toLocaleString("en")} nodes once blocks are expanded. Lower a repeat count.`, { path });

export const unknownBlock = (place: At, path: string, name: string, names: readonly string[]): Problem =>
  error("unknown-block", place, `There is no block named "${name}" in this document.`, {
    path,
    expected: list(names),
    received: name,
    mend: removeNode(place),
  });

export const recursiveBlock = (place: At, path: string, chain: readonly string[]): Problem =>
  error("recursive-block", place, `The block contains itself: ${chain.join(" → ")}.`, { path, mend: removeNode(place) });

export const tooDeep = (place: At, path: string, most: number): Problem =>
  error("too-large", place, `Blocks stand more than ${most} deep in one another. Move what is inside further out.`, { path });

export const tooManyInstances = (place: At, path: string, most: number): Problem =>
  error("too-large", place, `The document has more than ${most.toLocaleString("en")} blocks once they are expanded. Lower a repeat count.`, { path });

export const cannotRepeat = (place: At, path: string): Problem =>
  error("cannot-repeat", place, "The block cannot be repeated: none of its outputs has the name of an input, so one copy cannot feed the next.", {
    path,
    mend: setParam(place, "repeat", undefined, "Repeat it once"),
  });

export const badBlockParameter = (place: At, path: string, name: string, message: string, given: ParamValue): Problem =>
  error("bad-parameter", place, `${name}: ${message}`, {
    path,
    received: JSON.stringify(given),
    mend: setParam(place, name, undefined, `Reset ${name}`),
  });

export const unknownBlockParameter = (place: At, path: string, name: string, names: readonly string[]): Problem =>
  warning("unknown-parameter", place, `The block has no parameter "${name}".`, {
    path,
    expected: list(names),
    received: name,
    mend: setParam(place, name, undefined, `Remove ${name}`),
  });

export const unconnected = (place: At, path: string, port: string, mend: Mend | undefined): Problem =>
  error("unconnected", { ...place, port }, `${port}: nothing is connected.`, { path, ...(mend && { mend }) });

export const tooManyWires = (place: At, path: string, port: string, edges: readonly Edge[]): Problem =>
  error("too-many-wires", { ...place, port }, `${port} takes one wire, but ${edges.length} arrive.`, {
    path,
    mend: { label: "Keep the last wire", edits: [{ kind: "remove", graph: place.graph, nodes: [], edges: edges.slice(0, -1) }] },
  });

export const wrongRank = (place: At, path: string, port: string, help: string, more: Pick<Problem, "expected" | "received" | "mend">): Problem =>
  error("rank", { ...place, port }, `${port} wants a tensor of ${more.expected}. ${help}`, { path, ...more });

export const wrongDtype = (place: At, path: string, port: string, expected: string, received: string, mend: Mend | undefined): Problem =>
  error(
    "dtype",
    { ...place, port },
    `${port} wants ${expected === "int32" ? "whole numbers (int32), such as labels or tokens" : "real numbers (float32)"}.`,
    {
      path,
      expected,
      received,
      ...(mend && { mend }),
    },
  );

export const cannotInvert = (place: At, path: string, title: string, hindrance: Hindrance): Problem =>
  error("no-inverse", place, `${title} cannot run backwards because of ${hindrance.node}: ${hindrance.reason}.`, {
    path,
    expected: "nodes that can be undone, or that read only what is known",
    received: hindrance.node,
    mend: {
      label: "Run it forwards",
      edits: [{ kind: "set-direction", graph: place.graph, node: place.node, direction: "forward" }],
    },
  });

export const sharedMismatch = (place: At, path: string, name: string, other: string): Problem =>
  error("shared-mismatch", place, `It shares the weights "${name}" with ${other}, but needs weights of other shapes.`, { path });

export const unused = (place: At, path: string): Problem => warning("unused", place, `Nothing uses the output of ${place.node}.`, { path });

/** The name that differs by the fewest letters, if it is near at all. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const other of names) {
    const distance = editDistance(name.toLowerCase(), other.toLowerCase(), least);
    if (distance < least) {
      best = other;
      least = distance;
    }
  }
  return best;
}

/** Levenshtein's distance, given up at `most`. */
function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) >= most) return most;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? most;
}
