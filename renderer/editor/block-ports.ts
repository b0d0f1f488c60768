import { blockOf } from "../../src/document/blocks.ts";
import { changeGraph, nodeOf, portOf } from "../../src/document/edits.ts";
import type { BlockPort, Edge, NetloomDocument } from "../../src/document/schema.ts";

/** A block's own ports and parameters; its instances' wires and values follow. */

export type Side = "in" | "out";
const key = (side: Side): "inputs" | "outputs" => (side === "in" ? "inputs" : "outputs");

export const isName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(text);

/** `wanted`, or with a number behind it that is free. */
export function freshName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  const stem = wanted.replace(/\d+$/, "");
  for (let i = 2; ; i++) if (!taken.includes(`${stem}${i}`)) return `${stem}${i}`;
}

export function addPort(document: NetloomDocument, name: string, side: Side, wanted: string): NetloomDocument {
  return changePorts(document, name, side, (ports) => [
    ...ports,
    {
      name: freshName(
        wanted,
        ports.map((port) => port.name),
      ),
    },
  ]);
}

/** Changes a port without touching its name. */
export const setPort = (document: NetloomDocument, name: string, side: Side, port: string, change: Partial<BlockPort>): NetloomDocument =>
  changePorts(document, name, side, (ports) => ports.map((one) => (one.name === port ? { ...one, ...change } : one)));

/** Renames a port, in the wires inside and at every instance. The same document if the name is taken or not allowed. */
export function renamePort(document: NetloomDocument, name: string, side: Side, port: string, next: string): NetloomDocument {
  const ports = document.blocks?.[name]?.[key(side)] ?? [];
  if (!isName(next) || ports.some((one) => one.name === next) || !ports.some((one) => one.name === port)) return document;
  const renamed = changePorts(document, name, side, (all) => all.map((one) => (one.name === port ? { ...one, name: next } : one)));
  return mapWires(renamed, name, side, port, (edge, end, id) => ({ ...edge, [end]: `${id}.${next}` }));
}

/** Takes a port away with all wires that go through it. */
export function removePort(document: NetloomDocument, name: string, side: Side, port: string): NetloomDocument {
  const removed = changePorts(document, name, side, (ports) => ports.filter((one) => one.name !== port));
  return mapWires(removed, name, side, port, () => undefined);
}

function changePorts(document: NetloomDocument, name: string, side: Side, change: (ports: BlockPort[]) => BlockPort[]): NetloomDocument {
  const block = document.blocks?.[name];
  return block ? { ...document, blocks: { ...document.blocks, [name]: { ...block, [key(side)]: change(block[key(side)]) } } } : document;
}

type WireChange = (edge: Edge, end: "from" | "to", id: string) => Edge | undefined;

/** Changes (or, by undefined, removes) the wires at a block's port: those inside it and those at its instances. */
function mapWires(document: NetloomDocument, block: string, side: Side, port: string, change: WireChange): NetloomDocument {
  const inner: "from" | "to" = side === "in" ? "from" : "to";
  const outer: "from" | "to" = side === "in" ? "to" : "from";
  let shown = document;
  for (const graph of ["", ...Object.keys(document.blocks ?? {})]) {
    shown = changeGraph(shown, graph, ({ nodes, edges }) => {
      const instances = new Set(nodes.filter((node) => blockOf(node) === block).map((node) => node.id));
      const next = edges.flatMap((edge) => {
        const at = (end: "from" | "to", ids: (id: string) => boolean) => ids(nodeOf(edge[end])) && portOf(edge[end]) === port;
        if (graph === block && at(inner, (id) => id === side)) return change(edge, inner, side) ?? [];
        if (at(outer, (id) => instances.has(id))) return change(edge, outer, nodeOf(edge[outer])) ?? [];
        return edge;
      });
      const same = next.length === edges.length && next.every((edge, i) => edge === edges[i]);
      return same ? { nodes, edges } : { nodes, edges: next };
    });
  }
  return shown;
}
