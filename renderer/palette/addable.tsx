import type { ReactNode } from "react";
import { focusCanvas } from "../canvas/controller.ts";
import { startLayerDrag } from "../canvas/drop.ts";
import { insertNode } from "../commands/insert.ts";

/** A row that adds a node of a type: dragged onto the canvas, by a double click or Enter. */
export function Addable(props: { type: string; title: string; hint: string; icon: ReactNode }) {
  const { type, title, hint, icon } = props;
  const add = () => {
    insertNode(type);
    focusCanvas();
  };
  return (
    <button
      type="button"
      className="side-row"
      data-row
      tabIndex={-1}
      draggable
      title={hint}
      onDragStart={(event) => startLayerDrag(event.dataTransfer, type)}
      onDoubleClick={add}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        add();
      }}
    >
      {icon}
      <span className="side-title">{title}</span>
    </button>
  );
}
