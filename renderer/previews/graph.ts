import type { PreviewFrame } from "../../src/training/types.ts";
import { tokenColour } from "../theme/theme.ts";
import { forceLayout, type Places } from "./force-layout.ts";
import { classColours } from "./picture.tsx";

type Context = CanvasRenderingContext2D;
type Values = Float32Array | Int32Array;

/** A graph to be drawn: pairs of node numbers, and for each node the class that is shown, the true one, and whether it is marked. */
export interface DrawnGraph {
  readonly edges: Values;
  readonly count: number;
  readonly shown?: ArrayLike<number> | undefined;
  readonly truth?: ArrayLike<number> | undefined;
  readonly marked?: ArrayLike<number> | undefined;
}

/** Nodes that are laid out at most: of a larger graph the first. */
const most = 3000;

/** What a preview's ports show: the class with the largest score of each node. */
export function graphOf({ x, edges, label, mask }: PreviewFrame["ports"]): DrawnGraph {
  const [count = 0, classes = 1] = x.shape;
  const shown = Array.from({ length: count }, (_, node) => largestOf(x.values.subarray(node * classes, (node + 1) * classes)));
  return { edges: edges?.values ?? new Int32Array(), count, shown, truth: label?.values, marked: mask?.values };
}

function largestOf(scores: Values): number {
  if (scores.length === 1) return (scores[0] as number) > 0 ? 1 : 0;
  let best = 0;
  for (let i = 1; i < scores.length; i++) if ((scores[i] as number) > (scores[best] as number)) best = i;
  return best;
}

/** A graph laid out by springs, its nodes coloured by class; a ring marks where prediction and truth differ. */
export function drawGraph(context: Context, { edges, count: all, shown, truth, marked }: DrawnGraph, width: number, height: number): void {
  const { nodes, count, places, inner } = layoutOf(edges, all);
  if (nodes.length === 0) return;
  const at = (axis: 0 | 1) => nodes.map((node) => places[2 * node + axis] as number);
  const [left, top] = [Math.min(...at(0)), Math.min(...at(1))];
  const [across, down] = [Math.max(...at(0)) - left || 1, Math.max(...at(1)) - top || 1];
  const pad = 8;
  const x = (node: number) => pad + (((places[2 * node] as number) - left) / across) * (width - 2 * pad);
  const y = (node: number) => pad + (((places[2 * node + 1] as number) - top) / down) * (height - 2 * pad);
  context.strokeStyle = tokenColour("--edge");
  context.lineWidth = count > 300 ? 0.4 : 0.8;
  context.globalAlpha = inner.length > 8000 ? 0.35 : 0.8;
  context.beginPath();
  for (let e = 0; e < inner.length; e += 2) {
    context.moveTo(x(inner[e] as number), y(inner[e] as number));
    context.lineTo(x(inner[e + 1] as number), y(inner[e + 1] as number));
  }
  context.stroke();
  context.globalAlpha = 1;
  const colours = classColours();
  const radius = count > 1000 ? 1.6 : count > 150 ? 2.6 : 4;
  for (const node of nodes) {
    context.fillStyle = colours[(shown?.[node] ?? 0) % colours.length] ?? "";
    context.beginPath();
    context.arc(x(node), y(node), marked?.[node] === 1 ? radius * 1.6 : radius, 0, 2 * Math.PI);
    context.fill();
    if (truth === undefined || truth[node] === shown?.[node]) continue;
    context.strokeStyle = tokenColour("--bad");
    context.lineWidth = 1.2;
    context.stroke();
  }
}

interface Layout {
  /** Nodes that are drawn. */
  readonly nodes: readonly number[];
  readonly count: number;
  readonly places: Places;
  /** Edges between drawn nodes, each once. */
  readonly inner: readonly number[];
}

const layouts = new Map<string, Layout>();
/** Layouts kept: those of a few previews. */
const keptLayouts = 12;

/** A graph lies the same in every frame: its layout is kept by its edges. */
function layoutOf(edges: Values, all: number): Layout {
  let hash = 0x811c9dc5;
  for (const value of edges) hash = Math.imul(hash ^ value, 0x01000193);
  const key = `${all} ${edges.length} ${hash}`;
  const known = layouts.get(key);
  if (known) return known;
  const count = Math.min(all, most);
  const joined = new Uint8Array(count);
  const inner: number[] = [];
  let padded = false;
  for (let e = 0; e < edges.length; e += 2) {
    const [a = 0, b = 0] = [edges[e], edges[e + 1]];
    if (a === b) padded = true;
    if (a >= b || b >= count) continue;
    joined[a] = 1;
    joined[b] = 1;
    inner.push(a, b);
  }
  // Only padding joins a node with itself; padded batches end in nodes that are nobody's neighbours.
  const nodes = Array.from({ length: count }, (_, i) => i).filter((i) => !padded || joined[i] === 1);
  const layout = { nodes, count, places: forceLayout(inner, count), inner };
  layouts.set(key, layout);
  for (const old of [...layouts.keys()].slice(0, -keptLayouts)) layouts.delete(old);
  return layout;
}
