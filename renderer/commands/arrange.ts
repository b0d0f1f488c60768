import {
  AlignCenterHorizontal,
  AlignCenterVertical,
  AlignEndHorizontal,
  AlignEndVertical,
  AlignHorizontalDistributeCenter,
  AlignStartHorizontal,
  AlignStartVertical,
  AlignVerticalDistributeCenter,
  type LucideIcon,
  Workflow,
} from "lucide-react";
import { afterDraw, fitAll, here, rects, wires } from "../canvas/controller.ts";
import { type Alignment, type Axis, align, distribute, layOut } from "../editor/arrange.ts";
import { plural } from "../editor/format.ts";
import { move } from "../editor/place.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import type { Command } from "./registry.ts";

const chosen = (): readonly string[] => useDocument.getState().selection.nodes;
const atLeast = (count: number) => () => chosen().length >= count;

function moveTo(label: string, places: ReadonlyMap<string, readonly [number, number]>): void {
  const state = useDocument.getState();
  state.edit(label, (document) => move(document, openGraph(state), places));
}

export const alignSelection = (how: Alignment): void => moveTo(`Align ${plural(chosen().length, "node")}`, align(rects(chosen()), how));
export const distributeSelection = (axis: Axis): void => moveTo(`Distribute ${plural(chosen().length, "node")}`, distribute(rects(chosen()), axis));

/** Lays out the selection if it is more than one node, else the whole graph. */
export async function layOutGraph(): Promise<void> {
  const { graph } = here();
  const some = chosen().length > 1;
  const places = await layOut(rects(some ? chosen() : undefined), wires());
  if (here().graph !== graph) return;
  moveTo(some ? `Lay out ${plural(chosen().length, "node")}` : "Lay out the graph", places);
  if (!some) afterDraw(fitAll);
}

const alignment = (how: Alignment, title: string, keys: string, icon: LucideIcon): Command => ({
  id: `arrange.align-${how}`,
  title,
  group: "Arrange",
  keys,
  icon,
  enabled: atLeast(2),
  run: () => alignSelection(how),
});
const distribution = (axis: Axis, title: string, keys: string, icon: LucideIcon): Command => ({
  id: `arrange.distribute-${axis}`,
  title,
  group: "Arrange",
  keys,
  icon,
  enabled: atLeast(3),
  run: () => distributeSelection(axis),
});

export const arrangeCommands: readonly Command[] = [
  {
    id: "arrange.layout",
    title: "Lay out automatically",
    group: "Arrange",
    keys: "Mod+Shift+L",
    icon: Workflow,
    aliases: ["auto-layout", "tidy", "dagre"],
    enabled: () => rects().size > 1,
    run: () => void layOutGraph(),
  },
  alignment("left", "Align left edges", "Alt+A", AlignStartVertical),
  alignment("centre", "Align centres", "Alt+H", AlignCenterVertical),
  alignment("right", "Align right edges", "Alt+D", AlignEndVertical),
  alignment("top", "Align top edges", "Alt+W", AlignStartHorizontal),
  alignment("middle", "Align middles", "Alt+V", AlignCenterHorizontal),
  alignment("bottom", "Align bottom edges", "Alt+S", AlignEndHorizontal),
  distribution("horizontally", "Distribute horizontally", "Alt+Shift+H", AlignHorizontalDistributeCenter),
  distribution("vertically", "Distribute vertically", "Alt+Shift+V", AlignVerticalDistributeCenter),
];
