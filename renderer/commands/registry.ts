import type { LucideIcon } from "lucide-react";
import { create } from "zustand";

/** Everything a person can do, as data: menu, palette, keys, context menu and the list of shortcuts read this. */
export interface Command {
  /** `"edit.undo"`; the native menu sends the same. */
  readonly id: string;
  /** What it does; a function where it depends on what is at hand: "Undo Delete 2 nodes". */
  readonly title: string | (() => string);
  readonly group: string;
  /** `"Mod+Shift+S"`; Mod is Ctrl, on a Mac ⌘. Several ways are separated by a space; the first is shown. */
  readonly keys?: string;
  /** Where its keys work: everywhere outside text fields, or only with the focus on the canvas. */
  readonly scope?: "window" | "canvas";
  readonly icon?: LucideIcon;
  /** Other words that find it in the palette. */
  readonly aliases?: readonly string[];
  /** The browser itself acts on these keys (copy, paste): they are shown, but not caught. */
  readonly native?: boolean;
  /** Leave out of the palette: it only makes sense as a key. */
  readonly hidden?: boolean;
  enabled?(): boolean;
  run(): void;
}

interface CommandsState {
  readonly commands: ReadonlyMap<string, Command>;
}

export const useCommands = create<CommandsState>()(() => ({ commands: new Map() }));

/** Adds commands; one with a known id takes its place. Returns how to take them away. */
export function registerCommands(list: readonly Command[]): () => void {
  useCommands.setState(({ commands }) => ({ commands: new Map([...commands, ...list.map((command) => [command.id, command] as const)]) }));
  return () =>
    useCommands.setState(({ commands }) => {
      const gone = new Set(list);
      return { commands: new Map([...commands].filter(([, command]) => !gone.has(command))) };
    });
}

export const command = (id: string): Command | undefined => useCommands.getState().commands.get(id);

/** Runs a command unless it is unknown or not possible now. */
export function runCommand(id: string): boolean {
  const found = command(id);
  if (!found || found.enabled?.() === false) return false;
  found.run();
  return true;
}

export const commandTitle = ({ title }: Command): string => (typeof title === "function" ? title() : title);
