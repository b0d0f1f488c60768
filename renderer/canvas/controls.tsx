import { Map as MapIcon, Maximize, Minus, Plus, Workflow } from "lucide-react";
import { runCommand } from "../commands/registry.ts";
import { useInterface } from "../stores/interface.ts";
import { IconButton } from "../ui/index.ts";
import { useCanvas } from "./store.ts";

/** Zoom, fit, tidy, minimap: at the canvas's foot. */
export function CanvasControls() {
  const zoom = useCanvas((canvas) => Math.round(canvas.zoom * 100));
  const minimap = useInterface((state) => state.minimap);
  return (
    <div className="canvas-controls" role="toolbar" aria-label="Canvas">
      <IconButton label="Zoom out" keys="Mod+-" side="top" onClick={() => runCommand("view.zoom-out")}>
        <Minus size={15} />
      </IconButton>
      <button type="button" className="zoom-figure" aria-label={`Zoom ${zoom} %, set to 100 %`} onClick={() => runCommand("view.zoom-100")}>
        {zoom} %
      </button>
      <IconButton label="Zoom in" keys="Mod+=" side="top" onClick={() => runCommand("view.zoom-in")}>
        <Plus size={15} />
      </IconButton>
      <IconButton label="Zoom to fit" keys="Shift+1" side="top" onClick={() => runCommand("view.fit")}>
        <Maximize size={15} />
      </IconButton>
      <IconButton label="Lay out automatically" keys="Mod+Shift+L" side="top" onClick={() => runCommand("arrange.layout")}>
        <Workflow size={15} />
      </IconButton>
      <IconButton label={minimap ? "Hide minimap" : "Show minimap"} keys="M" side="top" pressed={minimap} onClick={() => runCommand("view.minimap")}>
        <MapIcon size={15} />
      </IconButton>
    </div>
  );
}
