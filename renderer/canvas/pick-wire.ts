import { useDocument } from "../stores/document.ts";
import { canvasPoint } from "./controller.ts";
import { inNextFrame } from "./next-frame.ts";
import { setCanvas, useCanvas } from "./store.ts";
import type { Point } from "./wire-path.ts";

/** Wires that are part of one long line have nothing of their own for the pointer to meet: which one it means is worked out from where it is. */

type Find = (at: Point, reach: number) => string | undefined;
let find: Find | undefined;

/** Pixels of the screen that the pointer may be off a wire, as for the others. */
const reach = 9;

/** The plain wires that are there. Returns how to take them back. */
export function offerWires(how: Find): () => void {
  find = how;
  return () => {
    if (find === how) find = undefined;
  };
}

interface At {
  readonly clientX: number;
  readonly clientY: number;
  readonly target: EventTarget | null;
}

/** The plain wire under the pointer, where nothing lies above it. */
function wireAt({ clientX, clientY, target }: At): string | undefined {
  if (!find || !(target instanceof Element) || !target.classList.contains("react-flow__pane")) return undefined;
  const [x, y] = canvasPoint({ x: clientX, y: clientY });
  return find({ x, y }, reach / useCanvas.getState().zoom);
}

/** The wire that was raised from here: others are not ours to lower. */
let raised: string | undefined;

export function hoverWire(event: (At & { readonly buttons: number }) | undefined): void {
  const wire = event && event.buttons === 0 ? wireAt(event) : undefined;
  if (wire === raised) return;
  if (wire !== undefined || useCanvas.getState().hovered === raised) setCanvas({ hovered: wire });
  raised = wire;
}

/** Selects the plain wire under the pointer, if there is one: after React Flow has let go of what was selected before. */
export function pickWire(event: At): boolean {
  const wire = wireAt(event);
  if (wire === undefined) return false;
  inNextFrame(() => useDocument.getState().select([], [wire]));
  return true;
}
