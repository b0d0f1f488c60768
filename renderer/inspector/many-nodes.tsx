import type { GraphNode } from "../../src/document/schema.ts";
import { command, commandTitle, runCommand } from "../commands/registry.ts";
import { formatExact, plural } from "../editor/format.ts";
import { indexOf, shownGraph } from "../editor/graph.ts";
import { type NodeInfo, nodeInfo } from "../editor/node-info.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { Button, IconButton } from "../ui/index.ts";
import { ParamsForm } from "./params-form.tsx";

const aligns = [
  "arrange.align-left",
  "arrange.align-centre",
  "arrange.align-right",
  "arrange.align-top",
  "arrange.align-middle",
  "arrange.align-bottom",
  "arrange.distribute-horizontally",
  "arrange.distribute-vertically",
  "arrange.layout",
];

/** Several nodes: what they have in common, and what can be done with all at once. */
export function ManyNodes({ ids }: { ids: readonly string[] }) {
  const document = useDocument((state) => state.document);
  const env = useDocument((state) => state.env);
  const checked = useDocument((state) => state.checked);
  const graph = useDocument(openGraph);
  const { nodes } = indexOf(shownGraph(document, graph));
  const chosen = ids.flatMap((id): { node: GraphNode; info: NodeInfo }[] => {
    const node = nodes.get(id);
    return node ? [{ node, info: nodeInfo(document, graph, node, env) }] : [];
  });
  const views = checked.view(graph);
  const sum = (of: "parameters" | "multiplyAdds") => ids.reduce((total, id) => total + (views.get(id)?.[of] ?? 0), 0);
  const titles = new Set(chosen.map(({ info }) => info.title));
  return (
    <>
      <header className="inspector-head">
        <h2>{plural(ids.length, "node")}</h2>
        <p className="inspector-sub" data-selectable>
          {titles.size === 1 ? `All of them ${[...titles][0]}` : [...titles].slice(0, 6).join(", ")}
        </p>
      </header>
      <div className="inspector-tools" role="toolbar" aria-label="Arrange">
        {aligns.map((id) => {
          const entry = command(id);
          const Icon = entry?.icon;
          if (!entry || !Icon) return null;
          return (
            <IconButton
              key={id}
              label={commandTitle(entry)}
              {...(entry.keys && { keys: entry.keys })}
              disabled={entry.enabled?.() === false}
              onClick={() => runCommand(id)}
            >
              <Icon size={16} />
            </IconButton>
          );
        })}
      </div>
      <div className="inspector-buttons">
        <Button onClick={() => runCommand("blocks.group")}>Group into a block</Button>
        <Button onClick={() => runCommand("edit.duplicate")}>Duplicate</Button>
      </div>
      <ParamsForm chosen={chosen} />
      <section className="inspector-section" aria-label="Together">
        <h3>Together</h3>
        <dl className="facts">
          <div className="fact">
            <dt>Parameters</dt>
            <dd>{formatExact(sum("parameters"))}</dd>
          </div>
          <div className="fact">
            <dt>Multiply–adds</dt>
            <dd>{formatExact(sum("multiplyAdds"))}</dd>
          </div>
        </dl>
      </section>
    </>
  );
}
