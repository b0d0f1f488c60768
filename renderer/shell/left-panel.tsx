import { useEffect } from "react";
import { DataPanel } from "../data/panel.tsx";
import { BlocksTab } from "../palette/blocks.tsx";
import { LayersTab } from "../palette/layers.tsx";
import { loadLibrary } from "../palette/load-library.ts";
import { RunsPanel } from "../runs/panel.tsx";
import { useInterface } from "../stores/interface.ts";
import { Tabs } from "../ui/index.ts";

/** What one takes from: layers, the document's blocks, data sets, runs. */
export function LeftPanel() {
  const tab = useInterface((state) => state.leftTab);
  const show = useInterface((state) => state.showTab);
  // Every search for layers finds the library's blocks too, whichever tab is open.
  useEffect(() => void loadLibrary().catch(() => undefined), []);
  return (
    <div className="left-panel" data-left-tab={tab}>
      <Tabs
        label="Left panel"
        value={tab}
        onChange={show}
        tabs={[
          { value: "layers", label: "Layers", content: <LayersTab /> },
          { value: "blocks", label: "Blocks", content: <BlocksTab /> },
          { value: "data", label: "Data", content: <DataPanel /> },
          { value: "runs", label: "Runs", content: <RunsPanel /> },
        ]}
      />
    </div>
  );
}
