import type { NodeProps } from "@xyflow/react";
import { Scan, StickyNote, Undo2 } from "lucide-react";
import { memo, useId } from "react";
import type { GraphNode } from "../../src/document/schema.ts";
import type { NodeView } from "../../src/graph/types.ts";
import { formatCount, formatExact } from "../editor/format.ts";
import { type NodeInfo, nodeTitle } from "../editor/node-info.ts";
import { NodePreview } from "../previews/node-preview.tsx";
import { FamilyIcon } from "../theme/icons.tsx";
import { useSession } from "../training/store.ts";
import { domId } from "./dom-id.ts";
import { useDrawnInFull } from "./levels.ts";
import { LightCard } from "./light-card.tsx";
import { useMeasuredPorts } from "./measure.ts";
import {
  allInputs,
  allOutputs,
  spokenNode,
  useFailure,
  useLeavingPorts,
  useNodeAndInfo,
  useNodePath,
  useNodeView,
  useWiredPorts,
  worst,
} from "./node-model.ts";
import { PortRows, SinglePorts } from "./node-ports.tsx";
import { NodeProblem } from "./node-problem.tsx";
import { NodeRename } from "./node-rename.tsx";
import { useCanvas } from "./store.ts";
import type { CanvasNode } from "./use-flow.ts";

/** A layer, a block's instance or a preview as it stands on the canvas. Where it stands is React Flow's affair: moving draws nothing again. */
export const LayerNode = memo(
  function LayerNode({ id, selected, data, height }: NodeProps<CanvasNode>) {
    const shown = useNodeAndInfo(id);
    const full = useDrawnInFull(id);
    if (!shown) return null;
    const { node, info } = shown;
    if (data.gradual && !full) return <LightCard node={node} info={info} selected={selected} height={height} />;
    return <Card node={node} info={info} selected={selected} />;
  },
  (a, b) => a.id === b.id && a.selected === b.selected && a.data === b.data && a.height === b.height,
);

function Card({ node, info, selected }: { node: GraphNode; info: NodeInfo; selected: boolean }) {
  const view = useNodeView(node.id);
  const wired = useWiredPorts(node.id);
  const leaving = useLeavingPorts(node.id);
  const path = useNodePath(node.id);
  const failure = useFailure(path);
  const renaming = useCanvas((canvas) => canvas.renaming === node.id);
  const problem = worst(view.problems);
  const inputs = allInputs(info, wired);
  const outputs = allOutputs(info, view, leaving);
  const rows = inputs.length > 1 || outputs.length > 1;
  useMeasuredPorts(node.id, [...inputs.map((port) => port.name), "", ...outputs.map((port) => port.name)].join(" "));
  const preview = info.layer?.role === "preview";
  const spoken = useId();
  return (
    <article
      id={domId(node.id)}
      className="node"
      data-family={info.family}
      data-selected={selected || undefined}
      data-problem={problem?.severity}
      data-failed={failure !== undefined || undefined}
      data-kind={preview ? "preview" : info.blockName === undefined ? "layer" : "block"}
      data-stack={info.repeat > 1 || undefined}
      aria-labelledby={spoken}
    >
      <span id={spoken} hidden>
        {spokenNode(node, info, view)}
      </span>
      <div className="node-near" aria-hidden="true">
        <header className="node-head">
          <FamilyIcon type={node.type} family={info.family} size={20} />
          {renaming ? <NodeRename node={node} info={info} /> : <span className="node-title">{nodeTitle(node, info)}</span>}
          {node.note && (
            <span className="node-note" title={node.note}>
              <StickyNote size={13} />
            </span>
          )}
          {info.layer?.window && view.receptiveField && <Field extent={view.receptiveField} />}
          {info.backwards && (
            <span className="node-backwards" title="Runs backwards: from what leaves it to what enters it">
              <Undo2 size={12} />
              inverse
            </span>
          )}
          {info.repeat > 1 && <span className="node-repeat">×{info.repeat}</span>}
        </header>
        <p className="node-summary">
          <span className="node-id">{node.id}</span>
          {info.summary && <span> · {info.summary}</span>}
          {(info.layer?.role === "loss" || info.layer?.role === "metric") && <Latest path={path} />}
        </p>
        {rows && <PortRows node={node.id} inputs={inputs} outputs={outputs} view={view} wired={wired} leaving={leaving} />}
        <Cost view={view} />
      </div>
      {preview && (
        <div className="node-preview nodrag">
          <NodePreview path={path} type={node.type} />
        </div>
      )}
      {failure !== undefined && (
        <p className="node-problem" data-severity="error">
          Training stopped here: {failure}
        </p>
      )}
      {problem && <NodeProblem problem={problem} more={view.problems.length - 1} />}
      <div className="node-far" aria-hidden="true">
        <span>{nodeTitle(node, info)}</span>
        {info.backwards && <span>inverse</span>}
        {info.repeat > 1 && <span>×{info.repeat}</span>}
      </div>
      {!rows && <SinglePorts node={node.id} inputs={inputs} outputs={outputs} view={view} wired={wired} leaving={leaving} />}
    </article>
  );
}

/** How far a sliding window sees, in samples of the network's input. */
function Field({ extent }: { extent: readonly number[] }) {
  return (
    <span className="node-field" title={`Receptive field: ${extent.join(" × ")} of the input`}>
      <Scan size={11} />
      {extent.join("×")}
    </span>
  );
}

/** Parameters and multiply–adds, where there are any. */
function Cost({ view }: { view: NodeView }) {
  if (view.parameters === 0 && view.multiplyAdds === 0) return null;
  return (
    <footer className="node-cost">
      {view.parameters > 0 && <span title={`${formatExact(view.parameters)} parameters`}>{formatCount(view.parameters)} params</span>}
      {view.multiplyAdds > 0 && (
        <span title={`${formatExact(view.multiplyAdds)} multiply–adds for one example`}>{formatCount(view.multiplyAdds)} mult-adds</span>
      )}
    </footer>
  );
}

/** What a loss or metric was in the latest training step. */
function Latest({ path }: { path: string }) {
  const value = useSession((session) => session.lossValues[path]);
  if (value === undefined) return null;
  return (
    <span title="In the latest training step">
      {" · "}
      <b>{Number.isFinite(value) ? Number(value.toPrecision(3)) : "not a number"}</b>
    </span>
  );
}
