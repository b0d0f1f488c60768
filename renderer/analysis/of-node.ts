import type { Analysis, NetloomDocument } from "../../src/document/schema.ts";
import type { Checked } from "../../src/graph/types.ts";
import { pathOf } from "../canvas/node-model.ts";
import { selectedNodes } from "../commands/selection.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { analysisTypes, outputsFor } from "./types.ts";

/** The analyses that one output invites: what it sees of an example; what its units respond to, where there is an input that can be altered. */
export function analysesOf(path: string, checked: Checked): readonly Analysis[] {
  const looks: readonly Analysis[] = [
    { type: "feature-maps", output: path },
    { type: "activation-maximisation", output: path },
  ];
  return looks.filter(({ type }) => {
    const [field] = analysisTypes[type].fields;
    if (!field || !outputsFor(field, checked).includes(path)) return false;
    return type === "feature-maps" || alterableInputs(path, checked) === 1;
  });
}

/** The document with some analyses among those it lists, and the place of the first of them. Those that it has already stay as they are. */
export function withAnalyses(document: NetloomDocument, wanted: readonly Analysis[]): { readonly document: NetloomDocument; readonly first: number } {
  const listed = document.analyses ?? [];
  const same = (a: Analysis) => (b: Analysis) => a.type === b.type && a.output === b.output;
  const added = wanted.filter((one) => !listed.some(same(one)));
  const all = [...listed, ...added];
  const [head] = wanted;
  return { document: added.length > 0 ? { ...document, analyses: all } : document, first: head ? all.findIndex(same(head)) : 0 };
}

/** Inputs of real numbers that a node depends on. */
function alterableInputs(path: string, { nodes, facts, byPath }: Checked): number {
  const inputs = new Set<string>();
  const seen = new Set<number>();
  const visit = (index: number, port: string): void => {
    const node = nodes[index];
    if (!node) return;
    // The page's layers know no `apply`: what is fed is told by its type.
    if (node.layer.type === "dataset" || node.layer.type === "input") {
      if (facts[index]?.outputs[port]?.dtype === "float32") inputs.add(`${node.path}.${port}`);
      return;
    }
    if (seen.has(index)) return;
    seen.add(index);
    for (const wire of Object.values(node.inputs).flat()) visit(wire.node, wire.port);
  };
  visit(byPath.get(path) ?? -1, "");
  return inputs.size;
}

/** The analyses of the one node that is selected; none if it is not a layer whose output can be looked at. */
function analysesHere(): readonly Analysis[] {
  const [id, ...more] = selectedNodes();
  if (id === undefined || more.length > 0) return [];
  const state = useDocument.getState();
  return analysesOf(pathOf(state.checked, openGraph(state), id), state.checked);
}

export const canLookInside = (): boolean => analysesHere().length > 0;

/** Puts the analyses of the selected node into the document and opens the first of them. */
export function lookInsideNode(): void {
  const wanted = analysesHere();
  const { document, edit } = useDocument.getState();
  const { document: next, first } = withAnalyses(document, wanted);
  if (next !== document) edit("Look inside a node", () => next);
  openDialog({ kind: "analyses", chosen: first });
}
