import { type ReactNode, useEffect, useState } from "react";
import { Group, Panel, Separator, usePanelRef } from "react-resizable-panels";
import { Canvas } from "../canvas/canvas.tsx";
import { Inspector } from "../inspector/inspector.tsx";
import { ProblemsPanel } from "../problems/panel.tsx";
import { type PanelSide, useInterface } from "../stores/interface.ts";
import { TrainingDesk } from "../training/desk.tsx";
import { LeftPanel } from "./left-panel.tsx";

/** The regions between the bars: each can be dragged to another size and folded away. */
export function Workspace() {
  return (
    <Group className="workspace" orientation="horizontal">
      <Foldable side="left" min={196} max={420} label="Layers, blocks, data and runs" tag="nav">
        <LeftPanel />
      </Foldable>
      <Separator className="divider" data-axis="x" />
      <Panel id="middle" minSize={320}>
        <Group orientation="vertical">
          <Panel id="canvas" minSize={160}>
            <main className="middle">
              <div className="middle-canvas">
                <Canvas />
              </div>
              <ProblemsPanel />
            </main>
          </Panel>
          <Separator className="divider" data-axis="y" />
          <Foldable side="bottom" min={132} max={640} label="Training" tag="section">
            <TrainingDesk />
          </Foldable>
        </Group>
      </Panel>
      <Separator className="divider" data-axis="x" />
      <Foldable side="right" min={248} max={520} label="Inspector" tag="aside">
        <Inspector />
      </Foldable>
    </Group>
  );
}

type FoldableProps = { side: PanelSide; min: number; max: number; label: string; tag: "nav" | "aside" | "section"; children: ReactNode };

function Foldable({ side, min, max, label, tag: Tag, children }: FoldableProps) {
  const folded = useInterface((state) => state.folded[side]);
  const size = useInterface((state) => state.sizes[side]);
  // As it was at the start: another default in the middle of a drag would end the drag.
  const [start] = useState(() => (folded ? 0 : useInterface.getState().sizes[side]));
  const panel = usePanelRef();
  useEffect(() => {
    const { current } = panel;
    if (!current) return;
    if (folded) {
      if (!current.isCollapsed()) current.collapse();
    } else if (Math.abs(current.getSize().inPixels - size) > 1) current.resize(size);
  }, [folded, size, panel]);
  return (
    <Panel
      id={side}
      panelRef={panel}
      collapsible
      collapsedSize={0}
      minSize={min}
      maxSize={max}
      defaultSize={start}
      groupResizeBehavior="preserve-pixel-size"
      onResize={({ inPixels }, _, before) => {
        if (before === undefined) return;
        const state = useInterface.getState();
        if (inPixels < 1 !== state.folded[side]) state.fold(side, inPixels < 1);
        if (inPixels >= min && Math.abs(inPixels - state.sizes[side]) >= 1) state.resize(side, inPixels);
      }}
    >
      <Tag className="region" data-side={side} aria-label={label} hidden={folded}>
        {children}
      </Tag>
    </Panel>
  );
}
