import type { GraphNode } from "../../src/document/schema.ts";
import { type NodeInfo, nodeTitle, noView } from "../editor/node-info.ts";
import { cardHeight } from "./card-size.ts";
import { domId } from "./dom-id.ts";
import { spokenNode, useFailed, useSeverity, useViewIf } from "./node-model.ts";

type Props = {
  node: GraphNode;
  info: NodeInfo;
  selected: boolean;
  /** As measured, once it has been. */
  height: number | undefined;
};

/**
 * A node of a large graph while one is not near enough to read it: hue, title, what is wrong. The box is that of the card, so nothing moves.
 * Figures change with every letter typed upstream: only a card that tells of them, or is as tall as they make it, is drawn again for them.
 */
export function LightCard({ node, info, selected, height }: Props) {
  const view = useViewIf(selected || !height, node.id) ?? noView;
  const severity = useSeverity(node.id);
  const failed = useFailed(node.id);
  return (
    <article
      id={domId(node.id)}
      className="node"
      data-light
      data-family={info.family}
      data-selected={selected || undefined}
      data-problem={severity}
      data-failed={failed || undefined}
      data-kind={info.layer?.role === "preview" ? "preview" : info.blockName === undefined ? "layer" : "block"}
      data-stack={info.repeat > 1 || undefined}
      aria-label={selected ? spokenNode(node, info, view) : `${nodeTitle(node, info)} ${node.id}`}
      style={{ height: height || cardHeight(node, info, view) }}
    >
      <div className="node-far" aria-hidden="true">
        <span>{nodeTitle(node, info)}</span>
        {info.backwards && <span>inverse</span>}
        {info.repeat > 1 && <span>×{info.repeat}</span>}
      </div>
    </article>
  );
}
