import { ClipboardPaste, Copy, CopyPlus, Pencil, Redo2, Scissors, SquareDashedMousePointer, Trash2, Undo2 } from "lucide-react";
import { focusCanvas } from "../canvas/controller.ts";
import { setCanvas } from "../canvas/store.ts";
import { useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { announce } from "../ui/announce.tsx";
import type { Command } from "./registry.ts";
import { copyText, deleteSelection, duplicateSelection, hasNodes, hasSelection, pasteText, selectAll, selectedNodes } from "./selection.ts";

/** What was copied last in this window: pasting from a menu falls back on it where the browser does not let us read. */
let lastCopied = "";

async function copy(): Promise<boolean> {
  const text = copyText();
  if (text === undefined) return false;
  lastCopied = text;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The browser may refuse; within this window paste still works.
  }
  return true;
}

async function paste(): Promise<void> {
  let text = lastCopied;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    if (text === "") notify({ tone: "info", text: "The browser does not let Netloom read the clipboard from a menu. Press the keys for Paste." });
  }
  if (text !== "") pasteText(text);
}

export const editCommands: readonly Command[] = [
  {
    id: "edit.undo",
    title: () => join("Undo", useDocument.getState().undoLabel),
    group: "Edit",
    keys: "Mod+Z",
    icon: Undo2,
    enabled: () => useDocument.getState().undoLabel !== undefined,
    run: () => {
      announce(join("Undone:", useDocument.getState().undoLabel));
      useDocument.getState().undo();
    },
  },
  {
    id: "edit.redo",
    title: () => join("Redo", useDocument.getState().redoLabel),
    group: "Edit",
    keys: "Mod+Shift+Z Mod+Y",
    icon: Redo2,
    enabled: () => useDocument.getState().redoLabel !== undefined,
    run: () => {
      announce(join("Done again:", useDocument.getState().redoLabel));
      useDocument.getState().redo();
    },
  },
  {
    id: "edit.cut",
    title: "Cut",
    group: "Edit",
    keys: "Mod+X",
    native: true,
    icon: Scissors,
    enabled: hasNodes,
    run: () => void copy().then((done) => done && deleteSelection("Cut")),
  },
  { id: "edit.copy", title: "Copy", group: "Edit", keys: "Mod+C", native: true, icon: Copy, enabled: hasNodes, run: () => void copy() },
  { id: "edit.paste", title: "Paste", group: "Edit", keys: "Mod+V", native: true, icon: ClipboardPaste, run: () => void paste() },
  { id: "edit.duplicate", title: "Duplicate", group: "Edit", keys: "Mod+D", icon: CopyPlus, enabled: hasNodes, run: duplicateSelection },
  {
    id: "edit.delete",
    title: "Delete",
    group: "Edit",
    keys: "Delete Backspace",
    scope: "canvas",
    icon: Trash2,
    enabled: hasSelection,
    run: () => {
      deleteSelection();
      focusCanvas();
    },
  },
  { id: "edit.select-all", title: "Select all", group: "Edit", keys: "Mod+A", icon: SquareDashedMousePointer, run: selectAll },
  {
    id: "edit.rename",
    title: "Rename node",
    group: "Edit",
    keys: "F2",
    icon: Pencil,
    enabled: () => selectedNodes().length === 1,
    run: () => setCanvas({ renaming: selectedNodes()[0] }),
  },
];

const join = (verb: string, label: string | undefined): string =>
  label === undefined ? verb : `${verb} ${label.charAt(0).toLowerCase()}${label.slice(1)}`;

/** Copy, cut and paste as the browser announces them: they need no leave to use the system's clipboard. Returns how to stop. */
export function listenToClipboard(): () => void {
  const elsewhere = (event: ClipboardEvent) =>
    (event.target instanceof Element && event.target.closest("input, textarea, [contenteditable=true], [role=dialog]") !== null) ||
    (window.getSelection()?.toString() ?? "") !== "";
  const onCopy = (event: ClipboardEvent) => {
    const text = elsewhere(event) ? undefined : copyText();
    if (text === undefined) return;
    lastCopied = text;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    if (event.type === "cut") deleteSelection("Cut");
  };
  const onPaste = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (elsewhere(event) || text === "") return;
    event.preventDefault();
    pasteText(text);
  };
  window.addEventListener("copy", onCopy);
  window.addEventListener("cut", onCopy);
  window.addEventListener("paste", onPaste);
  return () => {
    window.removeEventListener("copy", onCopy);
    window.removeEventListener("cut", onCopy);
    window.removeEventListener("paste", onPaste);
  };
}
