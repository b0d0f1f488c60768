import type { GraphNode } from "../../src/document/schema.ts";
import type { NodeView } from "../../src/graph/types.ts";
import { formatCount } from "../editor/format.ts";
import { type NodeInfo, nodeTitle, noView } from "../editor/node-info.ts";

/** How tall a card will be, and where its ports, before it has been drawn in full: the measures of node.css. */

const border = 1;
const line = { title: 20, summary: 17, port: 20 } as const;
/** What a line of the title or the summary may take, and what a letter takes there on average. */
const room = 149;
const letter = { title: 7, summary: 5.96, small: 5.9 } as const;
/** The line of figures, and what another one adds where they have no room beside each other. */
const cost = { line: 27, more: 17, room: 177, gap: 8 } as const;
const preview = 190;

/** Lines of a text that is broken between words, and within those that are longer than a line. */
function lines(text: string, width: number, each: number): number {
  let count = 1;
  let used = 0;
  for (const word of text.split(" ")) {
    const long = word.length * each;
    if (used > 0 && used + each + long > width) {
      count += 1;
      used = 0;
    } else if (used > 0) used += each;
    used += long;
    while (used > width) {
      count += 1;
      used -= width;
    }
  }
  return count;
}
const isRows = (info: NodeInfo): boolean => info.inputs.length > 1 || info.outputs.length > 1;

/** Above the rows of ports: title and summary. */
function headHeight(node: GraphNode, info: NodeInfo, view: NodeView): number {
  const summary = info.summary === "" ? node.id : `${node.id} · ${info.summary}`;
  const field = info.layer?.window && view.receptiveField ? 22 + view.receptiveField.join("×").length * letter.small : 0;
  const title = lines(nodeTitle(node, info), room - field, letter.title);
  return border + 9 + title * line.title + 1 + lines(summary, room, letter.summary) * line.summary + 8;
}

function costHeight({ parameters, multiplyAdds }: NodeView): number {
  if (parameters === 0 && multiplyAdds === 0) return 0;
  if (parameters === 0 || multiplyAdds === 0) return cost.line;
  const letters = `${formatCount(parameters)} params${formatCount(multiplyAdds)} mult-adds`.length;
  return letters * letter.small + cost.gap > cost.room ? cost.line + cost.more : cost.line;
}

export function cardHeight(node: GraphNode, info: NodeInfo, view: NodeView): number {
  const rows = isRows(info) ? Math.max(info.inputs.length, info.outputs.length) * line.port + 6 : 0;
  return headHeight(node, info, view) + rows + costHeight(view) + (info.layer?.role === "preview" ? preview : 0) + border;
}

/** The middle of a port, from the card's top. */
export function portHeight(node: GraphNode, info: NodeInfo, side: "inputs" | "outputs", port: string): number {
  if (!isRows(info)) return border + 19;
  const row = Math.max(
    0,
    info[side].findIndex(({ name }) => name === port),
  );
  return headHeight(node, info, noView) + (row + 0.5) * line.port;
}
