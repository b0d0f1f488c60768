import { ContextMenu as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useState } from "react";
import { selectedBlock } from "../commands/blocks.ts";
import { command, commandTitle } from "../commands/registry.ts";
import { hasSelection } from "../commands/selection.ts";
import { useDocument } from "../stores/document.ts";
import { MenuRow, useChosen } from "../ui/menu.tsx";
import { canvasPoint, focusCanvas } from "./controller.ts";
import { setCanvas } from "./store.ts";

/** What can be done with the selection, or with the canvas if nothing is selected: by right click or the menu key. */
const onNodes = [
  "edit.rename",
  "edit.duplicate",
  "-",
  "edit.cut",
  "edit.copy",
  "edit.paste",
  "-",
  "blocks.group",
  "-",
  "analyses.node",
  "-",
  "view.zoom-selection",
  "edit.delete",
];
const onBlock = ["blocks.open", "blocks.unpack", "-", ...onNodes];
const onMany = [
  "edit.duplicate",
  "-",
  "edit.cut",
  "edit.copy",
  "edit.paste",
  "-",
  "blocks.group",
  "arrange.layout",
  "arrange.align-left",
  "arrange.align-top",
  "arrange.distribute-horizontally",
  "-",
  "view.zoom-selection",
  "edit.delete",
];
const onCanvas = ["canvas.add-here", "edit.paste", "-", "edit.select-all", "arrange.layout", "-", "view.fit", "view.zoom-100", "view.minimap"];

function entries(): readonly string[] {
  const { nodes } = useDocument.getState().selection;
  if (!hasSelection()) return onCanvas;
  if (nodes.length > 1) return onMany;
  return selectedBlock() === undefined ? onNodes : onBlock;
}

export function CanvasMenu({ children }: { children: ReactNode }) {
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const [items, setItems] = useState<readonly string[]>([]);
  const { choose, runChosen } = useChosen();
  return (
    <Radix.Root onOpenChange={(open) => open && setItems(entries())}>
      <Radix.Trigger asChild onContextMenu={(event) => setAt([event.clientX, event.clientY])}>
        {children}
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className="menu"
          collisionPadding={8}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            focusCanvas();
            runChosen();
          }}
        >
          {items.map((id, i) =>
            id === "-" ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else to be told apart by
              <Radix.Separator key={i} className="menu-line" />
            ) : id === "canvas.add-here" ? (
              <Radix.Item
                key={id}
                className="menu-item"
                onSelect={choose(() => setCanvas({ dropSearch: { at: canvasPoint({ x: at[0], y: at[1] }), screen: at } }))}
              >
                <MenuRow item={{ label: "Add a layer here…", run: () => undefined }} />
              </Radix.Item>
            ) : (
              <Entry key={id} id={id} choose={choose} />
            ),
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ id, choose }: { id: string; choose: (run: () => void) => () => void }) {
  const entry = command(id);
  if (!entry) return null;
  const Icon = entry.icon;
  const item = { label: commandTitle(entry), ...(entry.keys && { keys: entry.keys }), ...(Icon && { icon: <Icon size={14} /> }), run: entry.run };
  return (
    <Radix.Item className="menu-item" disabled={entry.enabled?.() === false} data-danger={id === "edit.delete"} onSelect={choose(entry.run)}>
      <MenuRow item={item} />
    </Radix.Item>
  );
}
