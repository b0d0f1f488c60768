import { CircleAlert, CircleCheck, PanelBottom, PanelLeft, PanelRight, TriangleAlert } from "lucide-react";
import { useCanvas } from "../canvas/store.ts";
import { runCommand } from "../commands/registry.ts";
import { formatCount, formatExact, plural } from "../editor/format.ts";
import { SaveStatus } from "../files/status.tsx";
import { useDocument } from "../stores/document.ts";
import { type PanelSide, useInterface } from "../stores/interface.ts";
import { IconButton } from "../ui/index.ts";

/** Totals, problems, saving, zoom: the foot of the window. */
export function StatusBar() {
  return (
    <footer className="status-bar">
      <FoldButton side="left" label="left panel" keys="Mod+B" />
      <Totals />
      <Problems />
      <span className="spacer" />
      <SaveStatus />
      <Zoom />
      <FoldButton side="bottom" label="training desk" keys="Mod+J" />
      <FoldButton side="right" label="inspector" keys="Mod+Alt+B" />
    </footer>
  );
}

function Totals() {
  const totals = useDocument((state) => state.checked.totals);
  const nodes = useDocument((state) => state.checked.nodes.length);
  const stale = useDocument((state) => state.stale);
  return (
    <span className="figures" data-stale={stale || undefined}>
      <span className="figure">
        <b>{nodes.toLocaleString("en")}</b> {nodes === 1 ? "node" : "nodes"}
      </span>
      <span className="figure" title={`${formatExact(totals.parameters)} parameters, ${formatExact(totals.trainable)} of them trained`}>
        <b>{formatCount(totals.parameters)}</b> parameters
      </span>
      <span className="figure" title={`${formatExact(totals.multiplyAdds)} multiply–adds in a forward pass of one example`}>
        <b>{formatCount(totals.multiplyAdds)}</b> multiply–adds
      </span>
    </span>
  );
}

function Problems() {
  const errors = useDocument((state) => state.checked.problems.filter((problem) => problem.severity === "error").length);
  const warnings = useDocument((state) => state.checked.problems.length) - errors;
  const open = useInterface((state) => state.problemsOpen);
  const show = useInterface((state) => state.showProblems);
  const tone = errors > 0 ? "bad" : warnings > 0 ? "warn" : "good";
  const Sign = errors > 0 ? CircleAlert : warnings > 0 ? TriangleAlert : CircleCheck;
  const text = errors > 0 ? plural(errors, "problem") : warnings > 0 ? plural(warnings, "warning") : "No problems";
  return (
    <button type="button" className="status-problems" data-tone={tone} aria-expanded={open} onClick={() => show(!open)}>
      <Sign size={13} aria-hidden="true" />
      {text}
      {errors > 0 && warnings > 0 && `, ${plural(warnings, "warning")}`}
    </button>
  );
}

function Zoom() {
  const zoom = useCanvas((canvas) => Math.round(canvas.zoom * 100));
  return (
    <button type="button" className="status-zoom" aria-label={`Zoom ${zoom} %, zoom to fit`} onClick={() => runCommand("view.fit")}>
      {zoom} %
    </button>
  );
}

const signs = { left: PanelLeft, right: PanelRight, bottom: PanelBottom } as const;

function FoldButton({ side, label, keys }: { side: PanelSide; label: string; keys: string }) {
  const folded = useInterface((state) => state.folded[side]);
  const fold = useInterface((state) => state.fold);
  const Sign = signs[side];
  return (
    <IconButton
      className="fold"
      label={`${folded ? "Show" : "Fold"} ${label}`}
      keys={keys}
      side="top"
      aria-expanded={!folded}
      onClick={() => fold(side)}
    >
      <Sign size={15} />
    </IconButton>
  );
}
