import { here, rects, reveal, wires } from "../canvas/controller.ts";
import { setCanvas, useCanvas } from "../canvas/store.ts";
import { connect } from "../editor/connect.ts";
import { canvasNode, edgeId, shownGraph } from "../editor/graph.ts";
import { nameEnd, nextOutput, wireChoices } from "../editor/keyboard-wire.ts";
import { type Direction, first, neighbour } from "../editor/navigate.ts";
import { grid, move } from "../editor/place.ts";
import { inspected } from "../inspector/inspected.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { useInterface } from "../stores/interface.ts";
import { announce } from "../ui/announce.tsx";
import { leaveBlock, openBlock, selectedBlock } from "./blocks.ts";
import type { Command } from "./registry.ts";
import { describeSelection } from "./selection.ts";

/** The canvas by keyboard alone: walking, moving, wiring, opening, leaving. */

const cursor = (): string | undefined => useDocument.getState().selection.nodes.at(-1);

/** Walks to the next node; while a wire is on its way, to the next input it may end at. */
function walk(direction: Direction, extend = false): void {
  if (useCanvas.getState().wire) {
    chooseInput(direction === "left" || direction === "up" ? -1 : 1);
    return;
  }
  const all = rects();
  const from = cursor();
  const next = from === undefined ? first(all) : neighbour(all, wires(), from, direction);
  if (next === undefined) return;
  const { selection, select } = useDocument.getState();
  select(extend ? [...selection.nodes.filter((id) => id !== next), next] : [next]);
  reveal(next);
  announce(describeSelection());
}

const steps: Readonly<Record<Direction, readonly [number, number]>> = { left: [-grid, 0], right: [grid, 0], up: [0, -grid], down: [0, grid] };

/** Moves the selection by one step of the grid; steps that follow one another are undone together. */
function nudge(direction: Direction): void {
  const state = useDocument.getState();
  const ids = state.selection.nodes;
  if (ids.length === 0) return;
  const [dx, dy] = steps[direction];
  const places = new Map([...rects(ids)].map(([id, rect]) => [id, [rect.x + dx, rect.y + dy] as const]));
  state.edit(`Move ${ids.length === 1 ? (ids[0] ?? "") : `${ids.length} nodes`}`, (document) => move(document, openGraph(state), places), {
    merge: `nudge ${ids.join(" ")}`,
  });
}

/** Begins a wire at the node's output; again: at its next output. */
function startWire(): void {
  const where = here();
  const node = cursor();
  const from = node === undefined ? undefined : nextOutput(where, node, useCanvas.getState().wire?.from);
  if (node === undefined || from === undefined) {
    announce("This node has no output.");
    return;
  }
  const choices = wireChoices(where, from, rects());
  if (choices.length === 0) {
    setCanvas({ wire: undefined });
    announce(`Nothing can take ${nameEnd(where, from)}.`);
    useInterface
      .getState()
      .notify({ tone: "info", text: `No input of this graph can take ${from}. Add a layer with / and it is wired to the selection.` });
    return;
  }
  setCanvas({ wire: { from, choices, index: 0 } });
  sayChoice(`Wire from ${nameEnd(where, from)}. `);
}

function chooseInput(by: 1 | -1): void {
  const { wire } = useCanvas.getState();
  if (!wire) return;
  setCanvas({ wire: { ...wire, index: (wire.index + by + wire.choices.length) % wire.choices.length } });
  sayChoice("");
}

function sayChoice(before: string): void {
  const { wire } = useCanvas.getState();
  const choice = wire?.choices[wire.index];
  if (!wire || !choice) return;
  const replaces = choice.verdict.ok && choice.verdict.replaces ? ` It takes the place of ${choice.verdict.replaces.from}.` : "";
  announce(`${before}To ${nameEnd(here(), choice.to)}, ${wire.index + 1} of ${wire.choices.length}.${replaces} Enter connects, Escape cancels.`);
  reveal(canvasNode(choice.to));
}

function endWire(): void {
  const { wire } = useCanvas.getState();
  const choice = wire?.choices[wire.index];
  setCanvas({ wire: undefined });
  if (!wire || !choice) return;
  const where = here();
  useDocument.getState().edit(`Connect ${wire.from} to ${choice.to}`, (document) => connect({ ...where, document }, wire.from, choice.to));
  announce(`Connected ${wire.from} to ${choice.to}.`);
}

/** Enter: end the wire, open the block, or go to the node's settings. */
function enter(): void {
  const block = selectedBlock();
  if (useCanvas.getState().wire) endWire();
  else if (block !== undefined) openBlock(block);
  else if (cursor() !== undefined) focusInspector();
  else walk("right");
}

/** Puts the focus into the inspector's first field, once it shows what is selected. */
export function focusInspector(frames = 30): void {
  useInterface.getState().fold("right", false);
  requestAnimationFrame(() => {
    const inspector = document.querySelector<HTMLElement>("[data-inspector]");
    const state = useDocument.getState();
    if (frames > 0 && inspector?.dataset.shows !== inspected({ selection: state.selection, graph: openGraph(state) })) {
      focusInspector(frames - 1);
      return;
    }
    const field =
      inspector?.querySelector<HTMLElement>("[data-params] :is(input, button, textarea)") ?? inspector?.querySelector<HTMLElement>("input, button");
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  });
}

/** Escape: give up the wire, the selection, the block — one at a time. */
function giveUp(): void {
  const state = useDocument.getState();
  if (useCanvas.getState().wire) {
    setCanvas({ wire: undefined });
    announce("Wire given up.");
  } else if (state.selection.nodes.length + state.selection.edges.length > 0) state.select([]);
  else if (state.trail.length > 0) leaveBlock();
}

/** Selects the node's wires one after the other, so that Delete can take one away. */
function nextWire(): void {
  const { document, graph } = here();
  const { selection, select } = useDocument.getState();
  const node = cursor() ?? canvasNode(selection.edges[0]?.split("->")[0] ?? "");
  const all = shownGraph(document, graph)
    .edges.filter((edge) => canvasNode(edge.from) === node || canvasNode(edge.to) === node)
    .map(edgeId);
  if (all.length === 0) return;
  const next = all[(all.indexOf(selection.edges[0] ?? "") + 1) % all.length];
  if (next === undefined) return;
  select([], [next]);
  announce(`Wire from ${next.replace("->", " to ")} selected.`);
}

const arrows = { left: "ArrowLeft", right: "ArrowRight", up: "ArrowUp", down: "ArrowDown" } as const;
const directions: readonly Direction[] = ["left", "right", "up", "down"];
const along: Readonly<Record<Direction, string>> = {
  left: "Go back along the wire",
  right: "Go on along the wire",
  up: "Go to the node above",
  down: "Go to the node below",
};

const key = (id: string, title: string, keys: string, run: () => void): Command => ({
  id,
  title,
  group: "On the canvas",
  keys,
  scope: "canvas",
  hidden: true,
  run,
});

export const canvasCommands: readonly Command[] = [
  ...directions.map((to) => key(`canvas.${to}`, along[to], arrows[to], () => walk(to))),
  ...directions.map((to) => key(`canvas.move-${to}`, `Move the selection ${to}`, `Shift+${arrows[to]}`, () => nudge(to))),
  ...(["left", "right"] as const).map((to) =>
    key(`canvas.extend-${to}`, `Add the node to the ${to} to the selection`, `Alt+${arrows[to]}`, () => walk(to, true)),
  ),
  key("canvas.enter", "Open block, or edit the node's settings (Esc comes back)", "Enter", enter),
  key("canvas.escape", "Give up the wire, clear the selection, leave the block", "Escape", giveUp),
  key("canvas.connect", "Connect: begin a wire at the node's output", "C", startWire),
  key("canvas.next-wire", "Select the node's next wire", "W", nextWire),
];
