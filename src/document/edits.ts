import type { Edge, GraphNode, NetloomDocument, ParamValue } from "./schema.ts";

/**
 * Edits are data: problems carry them as remedies, commands are made of them. `applyEdit` is pure and total:
 * an edit that does not fit the document (its node is gone) leaves it as it is.
 * `graph` names where: `""` the main graph, else a block's definition.
 */
export type Edit =
  | { readonly kind: "set-params"; readonly graph: string; readonly node: string; readonly params: Readonly<Record<string, ParamValue | undefined>> }
  | { readonly kind: "add"; readonly graph: string; readonly nodes: readonly GraphNode[]; readonly edges: readonly Edge[] }
  | { readonly kind: "remove"; readonly graph: string; readonly nodes: readonly string[]; readonly edges: readonly Edge[] }
  /** A new node in the middle of the wires that arrive at `to` ("node.port"); its first input and output ports are named. */
  | {
      readonly kind: "insert";
      readonly graph: string;
      readonly to: string;
      readonly node: GraphNode;
      readonly input: string;
      readonly output: string;
    }
  | {
      readonly kind: "connect";
      readonly graph: string;
      readonly edge: Edge /** Take away what arrives at the port now. */;
      readonly replace: boolean;
    };

export declare function applyEdit(document: NetloomDocument, edit: Edit): NetloomDocument;
