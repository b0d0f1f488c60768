import { create } from "zustand";
import type { Verdict } from "../editor/connect.ts";
import type { Point } from "./wire-path.ts";

/** What goes on at the canvas and is nobody's document: zoom, a wire on its way, a search that hangs in the air. */

/** What is legible: everything; title and hue; hue alone. */
export type Detail = "full" | "title" | "hue";
export const detailAt = (zoom: number): Detail => (zoom < 0.25 ? "hue" : zoom < 0.5 ? "title" : "full");

/** An end of a wire that looks for the other: an output `from`, or an input `to`. */
export type LooseEnd = { readonly from: string } | { readonly to: string };

/** A wire that is led by the keyboard: arrows choose among the inputs, Enter connects. */
export interface KeyboardWire {
  readonly from: string;
  readonly choices: readonly { readonly to: string; readonly verdict: Verdict }[];
  readonly index: number;
}

/** The layer search that opens where a wire was dropped. */
export interface DropSearch {
  readonly end?: LooseEnd;
  /** Where the node will stand, on the canvas. */
  readonly at: readonly [number, number];
  /** Where the search opens, in the window. */
  readonly screen: readonly [number, number];
}

interface CanvasState {
  readonly zoom: number;
  /** The wire under the pointer. */
  readonly hovered: string | undefined;
  /** The end a wire is being dragged from. */
  readonly dragging: LooseEnd | undefined;
  /** Ends where the wire on its way may go. */
  readonly allowed: ReadonlySet<string> | undefined;
  readonly hoveredPort: string | undefined;
  /** Middles of the wires' labels that have room. */
  readonly labels: ReadonlyMap<string, Point>;
  readonly wire: KeyboardWire | undefined;
  readonly dropSearch: DropSearch | undefined;
  /** The node whose name is being typed. */
  readonly renaming: string | undefined;
}

export const useCanvas = create<CanvasState>()(() => ({
  zoom: 1,
  hovered: undefined,
  dragging: undefined,
  allowed: undefined,
  hoveredPort: undefined,
  labels: new Map(),
  wire: undefined,
  dropSearch: undefined,
  renaming: undefined,
}));

export const setCanvas = (change: Partial<CanvasState>): void => useCanvas.setState(change);
