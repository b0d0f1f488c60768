import { type Command, useCommands } from "./registry.ts";

/** Keys to commands. A text field keeps its own keys; a dialog keeps them all. */

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

type Stroke = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** Does the stroke match `"Mod+Shift+Z"`? Letters are compared without case; Shift counts only where it is written or a letter is meant. */
export function matches(keys: string, stroke: Stroke, mac = isMac): boolean {
  const parts = keys.split("+").map((part) => part || "+");
  const key = parts.at(-1) ?? "";
  const wants = (name: string) => parts.slice(0, -1).includes(name);
  const mod = mac ? stroke.metaKey : stroke.ctrlKey;
  if (wants("Mod") !== mod || wants("Alt") !== stroke.altKey) return false;
  if (mac ? stroke.ctrlKey : stroke.metaKey) return false;
  const letter = /^[A-Za-z]$/.test(key);
  const named = key.length > 1;
  if ((letter || named || wants("Shift")) && wants("Shift") !== stroke.shiftKey) return false;
  // Alt and Shift make other characters of letters and digits on some keyboards: there the key itself counts.
  if (letter && stroke.altKey && stroke.code === `Key${key.toUpperCase()}`) return true;
  if (/^\d$/.test(key) && stroke.code === `Digit${key}`) return true;
  return key.toLowerCase() === stroke.key.toLowerCase() || (key === "Space" && stroke.key === " ");
}

const symbols: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
};
const macSymbols: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Delete: "⌫" };

/** The keys as they are printed on keyboards: `["Ctrl", "Z"]`. */
export const keyCaps = (keys: string, mac = isMac): readonly string[] =>
  (keys.split(" ")[0] ?? "").split("+").map((part) => {
    const key = part || "+";
    return (mac ? macSymbols[key] : key === "Mod" ? "Ctrl" : undefined) ?? symbols[key] ?? key;
  });

const isEditable = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName));

/** Strokes that a text field needs for itself even with Ctrl held, and those it needs with Shift besides. */
const textKeys = new Set(["z", "y", "x", "c", "v", "a", "arrowleft", "arrowright", "backspace", "delete", "home", "end"]);
const shiftedTextKeys = new Set(["z", "v", "arrowleft", "arrowright", "home", "end"]);

/** The command that a stroke means, where the focus is now. */
export function commandFor(
  stroke: Stroke,
  place: { readonly editable: boolean; readonly canvas: boolean },
  commands: Iterable<Command>,
): Command | undefined {
  const modified = stroke.ctrlKey || stroke.metaKey || stroke.altKey;
  if (place.editable && (!modified || (stroke.shiftKey ? shiftedTextKeys : textKeys).has(stroke.key.toLowerCase())) && !/^F\d+$/.test(stroke.key))
    return undefined;
  for (const command of commands) {
    if (!command.keys || command.native || (command.scope === "canvas" && !place.canvas)) continue;
    if (command.keys.split(" ").some((keys) => matches(keys, stroke)) && command.enabled?.() !== false) return command;
  }
  return undefined;
}

/** Listens on the window. Returns how to stop. */
export function listenToKeys(): () => void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[role=dialog],[role=alertdialog],[role=menu],[role=listbox]")) return;
    const place = { editable: isEditable(target), canvas: target === document.body || target?.closest("[data-canvas]") != null };
    const command = commandFor(event, place, useCommands.getState().commands.values());
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener("keydown", onKeyDown);
  return () => window.removeEventListener("keydown", onKeyDown);
}
