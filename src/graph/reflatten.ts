import type { NetloomDocument } from "../document/schema.ts";
import type { Registry } from "../layers/registry.ts";
import type { Flat } from "./flatten.ts";
import { type ParamReader, scopeOf } from "./params.ts";
import type { FlatNode } from "./types.ts";

const noScope = scopeOf({});

/**
 * The flat graph after an edit that only moved nodes or set parameters of layers of the main graph: the common case
 * while somebody types or drags. Everything else is taken over from before. Undefined if the edit did more.
 */
export function reflatten(
  before: { readonly document: NetloomDocument; readonly flat: Flat },
  document: NetloomDocument,
  registry: Registry,
  readParams: ParamReader,
): Flat | undefined {
  const old = before.document;
  const { flat } = before;
  if (document.blocks !== old.blocks || document.edges !== old.edges || document.nodes.length !== old.nodes.length) return undefined;
  let nodes: FlatNode[] | undefined;
  for (let i = 0; i < document.nodes.length; i++) {
    const node = document.nodes[i];
    const previous = old.nodes[i];
    if (node === previous || !node || !previous) continue;
    if (node.id !== previous.id || node.type !== previous.type || node.shared !== previous.shared || node.direction !== previous.direction)
      return undefined;
    if (node.params === previous.params) continue;
    const index = flat.byPath.get(node.id);
    const layer = registry.get(node.type);
    const flatNode = index === undefined ? undefined : flat.nodes[index];
    if (node.direction === "inverse") return undefined;
    if (index === undefined || !layer || !flatNode || flat.problems.some(({ place }) => place.graph === "" && place.node === node.id))
      return undefined;
    const { params, faults, unknown, outputs } = readParams(node, layer, noScope);
    if (faults.length > 0 || unknown.length > 0 || outputs.join() !== flatNode.outputs.join()) return undefined;
    nodes ??= [...flat.nodes];
    nodes[index] = { ...flatNode, params };
  }
  return nodes ? { ...flat, nodes } : flat;
}
