import type { NodeProps } from "@xyflow/react";
import { memo, useId } from "react";
import type { GraphNode } from "../../src/document/schema.ts";
import type { NodeView } from "../../src/graph/types.ts";
import { formatCount, formatExact } from "../editor/format.ts";
import { type NodeInfo, nodeTitle } from "../editor/node-info.ts";
import { NodePreview } from "../previews/node-preview.tsx";
import { FamilyIcon } from "../theme/icons.tsx";
import { useSession } from "../training/store.ts";
import { allInputs, allOutputs, spokenNode, useNode, useNodeInfo, useNodePath, useNodeView, useWiredPorts, worst } from "./node-model.ts";
import { PortRows, SinglePorts } from "./node-ports.tsx";
import { NodeProblem } from "./node-problem.tsx";
import { NodeRename } from "./node-rename.tsx";
import { useCanvas } from "./store.ts";
import { domId } from "./use-flow.ts";

/** A layer, a block's instance or a preview as it stands on the canvas. */
export const LayerNode = memo(function LayerNode({ id, selected }: NodeProps) {
  const node = useNode(id);
  const info = useNodeInfo(node);
  return node && info ? <Card node={node} info={info} selected={selected} /> : null;
});

function Card({ node, info, selected }: { node: GraphNode; info: NodeInfo; selected: boolean }) {
  const view = useNodeView(node.id);
  const wired = useWiredPorts(node.id);
  const path = useNodePath(node.id);
  const failed = useSession((session) => session.failure?.node !== undefined && within(session.failure.node, path));
  const renaming = useCanvas((canvas) => canvas.renaming === node.id);
  const problem = worst(view.problems);
  const inputs = allInputs(info, wired);
  const outputs = allOutputs(info, view);
  const rows = inputs.length > 1 || outputs.length > 1;
  const preview = info.layer?.role === "preview";
  const spoken = useId();
  return (
    <article
      id={domId(node.id)}
      className="node"
      data-family={info.family}
      data-selected={selected || undefined}
      data-problem={problem?.severity}
      data-failed={failed || undefined}
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
          {info.repeat > 1 && <span className="node-repeat">×{info.repeat}</span>}
        </header>
        <p className="node-summary">
          <span className="node-id">{node.id}</span>
          {info.summary && <span> · {info.summary}</span>}
        </p>
        {rows && <PortRows node={node.id} inputs={inputs} outputs={outputs} view={view} wired={wired} />}
        {preview && (
          <div className="node-preview nodrag">
            <NodePreview path={path} type={node.type} />
          </div>
        )}
        <Cost view={view} />
      </div>
      {problem && <NodeProblem problem={problem} more={view.problems.length - 1} />}
      <div className="node-far" aria-hidden="true">
        <span>{nodeTitle(node, info)}</span>
        {info.repeat > 1 && <span>×{info.repeat}</span>}
      </div>
      {!rows && <SinglePorts node={node.id} inputs={inputs} outputs={outputs} view={view} wired={wired} />}
    </article>
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

/** Is the node of that path this one, or inside it? */
const within = (failed: string, path: string): boolean => failed === path || failed.startsWith(`${path}/`);
