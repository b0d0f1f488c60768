import { Component } from "lucide-react";
import { memo } from "react";
import { useNode, useNodeInfo, useNodePath, useNodeView } from "../canvas/node-model.ts";
import { MendButton } from "../canvas/node-problem.tsx";
import { openBlock, unpackSelection } from "../commands/blocks.ts";
import { plural } from "../editor/format.ts";
import { nodeTitle } from "../editor/node-info.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { NodeHistograms } from "../training/node-histograms.tsx";
import { NodeTraining } from "../training/node-stats.tsx";
import { Button } from "../ui/index.ts";
import { Equation } from "./equation.tsx";
import { Facts } from "./facts.tsx";
import { NodeSettings } from "./node-settings.tsx";
import { ParamsForm } from "./params-form.tsx";
import { TextTokens } from "./text-tokens.tsx";
import { useLater } from "./use-rested.ts";

/** One node: what it is, its settings, what is wrong, what it costs, how it does. */
export function OneNode({ id }: { id: string }) {
  const node = useNode(id);
  const info = useNodeInfo(node);
  const view = useNodeView(id);
  const later = useLater(id);
  if (!node || !info) return null;
  const summary =
    info.layer?.explain.summary ??
    info.block?.note ??
    (info.block ? `${plural(info.block.nodes.length, "node")} inside.` : "Nothing of this type is known.");
  return (
    <>
      <header className="inspector-head">
        <h2>
          <FamilyIcon type={node.type} family={info.family} size={22} />
          <span>{nodeTitle(node, info)}</span>
          <span className="inspector-id">{node.id}</span>
        </h2>
        <p className="inspector-sub" data-selectable>
          {node.label !== undefined && `${info.title}. `}
          {summary}
          {info.layer?.book && <span className="inspector-book"> Book {info.layer.book}</span>}
        </p>
      </header>
      {info.layer?.explain.equation && <Equation source={info.layer.explain.equation} />}
      {view.problems.length > 0 && (
        <ul className="inspector-problems">
          {view.problems.map((problem) => (
            <li key={`${problem.code} ${problem.place.port} ${problem.message}`} data-severity={problem.severity}>
              <p>{problem.message}</p>
              {(problem.expected || problem.received) && (
                <p className="inspector-detail">
                  {problem.expected && `Expected ${problem.expected}. `}
                  {problem.received && `Received ${problem.received}.`}
                </p>
              )}
              <MendButton problem={problem} tabIndex={0} />
            </li>
          ))}
        </ul>
      )}
      {info.blockName !== undefined && info.block && (
        <div className="inspector-buttons">
          <Button icon={<Component size={14} />} onClick={() => openBlock(info.blockName ?? "")}>
            Open block
          </Button>
          <Button onClick={unpackSelection}>Unpack</Button>
        </div>
      )}
      <ParamsForm chosen={[{ node, info }]} />
      <TextTokens node={node} />
      {later !== undefined && <About id={later} />}
    </>
  );
}

/** What stands below the settings: of the node before for a frame more, since all at once would be too much for one. */
const About = memo(function About({ id }: { id: string }) {
  const node = useNode(id);
  const info = useNodeInfo(node);
  const view = useNodeView(id);
  const path = useNodePath(id);
  if (!node || !info) return null;
  return (
    <>
      <Facts node={node} info={info} />
      <Training path={path} />
      <NodeSettings node={node} title={info.title} weighted={view.parameters > 0 || node.shared !== undefined} turns={info.turns} />
    </>
  );
});

const Training = memo(function Training({ path }: { path: string }) {
  return (
    <section className="inspector-section" data-training aria-label="While training">
      <h3>While training</h3>
      <NodeTraining path={path} />
      <NodeHistograms path={path} />
    </section>
  );
});
