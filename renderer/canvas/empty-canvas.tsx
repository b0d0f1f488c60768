import { Shapes } from "lucide-react";
import { runCommand } from "../commands/registry.ts";
import { openDialog } from "../stores/interface.ts";
import { Button, EmptyState, Keys } from "../ui/index.ts";

/** An empty graph says how to begin. */
export function EmptyCanvas({ block }: { block: string | undefined }) {
  return (
    <div className="canvas-empty">
      <EmptyState
        icon={<Shapes size={28} strokeWidth={1.5} />}
        title={block === undefined ? "Nothing here yet" : `${block} is empty`}
        action={
          <div className="canvas-empty-actions">
            {block === undefined && (
              <Button tone="primary" onClick={() => openDialog({ kind: "gallery" })}>
                Browse templates
              </Button>
            )}
            <Button onClick={() => runCommand("view.search-layers")}>
              Find a layer <Keys keys="/" />
            </Button>
          </div>
        }
      >
        {block === undefined
          ? "Drag a layer from the left, or start from a template that trains already."
          : "Drag layers here and wire them to the block's ports."}
      </EmptyState>
    </div>
  );
}
