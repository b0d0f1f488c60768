import { Component, CornerLeftUp, PackageOpen, SquareArrowOutUpRight } from "lucide-react";
import { blockOf, groupIntoBlock, unpackBlock } from "../../src/document/blocks.ts";
import { afterDraw, here, reveal } from "../canvas/controller.ts";
import { plural } from "../editor/format.ts";
import { indexOf, shownGraph } from "../editor/graph.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { notify, useInterface } from "../stores/interface.ts";
import type { Command } from "./registry.ts";
import { hasNodes, selectedNodes } from "./selection.ts";

/** The block that the one selected node is an instance of. */
export function selectedBlock(): string | undefined {
  const ids = selectedNodes();
  const { document, graph } = here();
  const node = ids.length === 1 ? indexOf(shownGraph(document, graph)).nodes.get(ids[0] ?? "") : undefined;
  const name = node && blockOf(node);
  return name !== undefined && document.blocks?.[name] ? name : undefined;
}

/** Makes a block of the selection and selects its one instance. */
export function groupSelection(): void {
  const state = useDocument.getState();
  const ids = selectedNodes();
  const grouped = groupIntoBlock(state.document, openGraph(state), ids, "block");
  if (!grouped) return;
  state.edit(`Group ${plural(ids.length, "node")} into a block`, () => grouped.document);
  state.select([grouped.node]);
  afterDraw(() => reveal(grouped.node));
  notify({
    tone: "good",
    text: "The selection is a block now. Give it a name, or open it with Enter.",
    action: { label: "Show blocks", run: () => useInterface.getState().showTab("blocks") },
  });
}

/** Puts the inside of the selected instance in its place. */
export function unpackSelection(): void {
  const state = useDocument.getState();
  const [id] = selectedNodes();
  const unpacked = id === undefined ? undefined : unpackBlock(state.document, openGraph(state), id);
  if (!unpacked) {
    notify({
      tone: "bad",
      text: "This block cannot be unpacked: it runs backwards, its repeat is no plain number, or it holds more than 2,000 nodes.",
    });
    return;
  }
  state.edit(`Unpack ${selectedBlock() ?? "block"}`, () => unpacked.document);
  state.select(unpacked.nodes);
}

export function openBlock(name: string): void {
  useDocument.getState().enter(name);
}

/** Back to the graph that holds the open block's instance, with that instance selected. */
export function leaveBlock(): void {
  const state = useDocument.getState();
  const left = state.trail.at(-1);
  state.leave(state.trail.length - 1);
  const { document, graph } = here();
  const instance = shownGraph(document, graph).nodes.find((node) => blockOf(node) === left);
  if (instance === undefined) return;
  useDocument.getState().select([instance.id]);
  afterDraw(() => reveal(instance.id));
}

export const blockCommands: readonly Command[] = [
  {
    id: "blocks.group",
    title: "Group into a block",
    group: "Blocks",
    keys: "Mod+G",
    icon: Component,
    aliases: ["subgraph", "composite", "extract"],
    enabled: hasNodes,
    run: groupSelection,
  },
  {
    id: "blocks.open",
    title: "Open block",
    group: "Blocks",
    keys: "Mod+Enter",
    icon: SquareArrowOutUpRight,
    enabled: () => selectedBlock() !== undefined,
    run: () => {
      const name = selectedBlock();
      if (name !== undefined) openBlock(name);
    },
  },
  {
    id: "blocks.leave",
    title: "Leave block",
    group: "Blocks",
    keys: "Mod+ArrowUp",
    scope: "canvas",
    icon: CornerLeftUp,
    enabled: () => useDocument.getState().trail.length > 0,
    run: leaveBlock,
  },
  {
    id: "blocks.unpack",
    title: "Unpack block",
    group: "Blocks",
    keys: "Mod+Shift+G",
    icon: PackageOpen,
    aliases: ["ungroup", "expand"],
    enabled: () => selectedBlock() !== undefined,
    run: unpackSelection,
  },
];
