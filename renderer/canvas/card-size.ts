import type { GraphNode } from "../../src/document/schema.ts";
import type { NodeView } from "../../src/graph/types.ts";
import { type NodeInfo, nodeTitle } from "../editor/node-info.ts";

/** How tall a card will be, and where its ports, before it has been drawn in full: the measures of node.css. */

const border = 1;
const line = { title: 20, summary: 17, port: 20 } as const;
/** Letters that a line holds. */
const letters = { title: 19, summary: 25 } as const;
const cost = 27;
const preview = 190;

const lines = (text: string, room: number): number => Math.max(1, Math.ceil(text.length / room));
const isRows = (info: NodeInfo): boolean => info.inputs.length > 1 || info.outputs.length > 1;

/** Above the rows of ports: title and summary. */
function headHeight(node: GraphNode, info: NodeInfo): number {
  const summary = info.summary === "" ? node.id : `${node.id} · ${info.summary}`;
  return border + 9 + lines(nodeTitle(node, info), letters.title) * line.title + 1 + lines(summary, letters.summary) * line.summary + 8;
}

export function cardHeight(node: GraphNode, info: NodeInfo, view: NodeView): number {
  const rows = isRows(info) ? Math.max(info.inputs.length, info.outputs.length) * line.port + 6 : 0;
  const foot = view.parameters > 0 || view.multiplyAdds > 0 ? cost : 0;
  return headHeight(node, info) + rows + foot + (info.layer?.role === "preview" ? preview : 0) + border;
}

/** The middle of a port, from the card's top. */
export function portHeight(node: GraphNode, info: NodeInfo, side: "inputs" | "outputs", port: string): number {
  if (!isRows(info)) return border + 19;
  const row = Math.max(
    0,
    info[side].findIndex(({ name }) => name === port),
  );
  return headHeight(node, info) + (row + 0.5) * line.port;
}
