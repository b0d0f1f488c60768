import { memo } from "react";
import type { GraphNode } from "../../src/document/schema.ts";
import { formatShape, type TensorType } from "../../src/tensor/types.ts";
import { useNodePath, useNodeView } from "../canvas/node-model.ts";
import { formatBytes, formatExact, formatShare } from "../editor/format.ts";
import type { NodeInfo } from "../editor/node-info.ts";
import { useDocument } from "../stores/document.ts";

type Props = { node: GraphNode; info: NodeInfo };

/** "This layer": what comes in and goes out, what it costs, what it sees. What is set in it is drawn elsewhere: each letter typed draws only what it changes. */
export const Facts = memo(
  (props: Props) => <Found {...props} />,
  (a, b) => a.node.id === b.node.id && a.info.layer === b.info.layer && a.info.blockName === b.info.blockName,
);

function Found({ node, info }: Props) {
  const view = useNodeView(node.id);
  const totals = useDocument((state) => state.checked.totals);
  const batch = useDocument((state) => state.document.training?.batch);
  const stale = useDocument((state) => state.stale);
  const inputs = Object.entries(view.inputs).flatMap(([port, types]) =>
    types.map((type, i) => ({ port: types.length > 1 ? `${port} ${i + 1}` : port, type })),
  );
  const outputs = Object.entries(view.outputs).map(([port, type]) => ({ port, type }));
  const known = inputs.length + outputs.length > 0;
  return (
    <section className="inspector-section" aria-label="This layer" data-stale={stale || undefined}>
      <h3>{info.blockName === undefined ? "This layer" : "This block"}</h3>
      {!known && <p className="inspector-quiet">Shapes show once its inputs are connected.</p>}
      <dl className="facts">
        <Ports title="Input" ports={inputs} />
        <Ports title="Output" ports={outputs} />
        {known && (view.parameters > 0 || info.layer?.weights !== undefined) && (
          <Counted title="Parameters" count={view.parameters} whole={totals.parameters} />
        )}
        {known && view.multiplyAdds > 0 && <Counted title="Multiply–adds" count={view.multiplyAdds} whole={totals.multiplyAdds} />}
        {view.receptiveField && (
          <Row
            title="Receptive field"
            value={view.receptiveField.length > 1 ? view.receptiveField.join(" × ") : `${view.receptiveField[0]} samples`}
          />
        )}
        {view.activations > 0 && (
          <Row
            title={batch ? `Activations, batch ${batch.toLocaleString("en")}` : "Activations, one example"}
            value={formatBytes(view.activations * 4 * (batch ?? 1))}
          />
        )}
      </dl>
      {info.layer && <Weights id={node.id} />}
    </section>
  );
}

function Ports({ title, ports }: { title: string; ports: readonly { readonly port: string; readonly type: TensorType }[] }) {
  return ports.map(({ port, type }) => (
    <Row
      key={port}
      title={ports.length > 1 ? `${title} ${port}` : title}
      value={`${type.shape.length === 0 ? "one number" : formatShape(type.shape)}${type.dtype === "int32" ? ` int32${type.classes ? `, ${formatExact(type.classes)} classes` : ""}` : ""}`}
      shape
    />
  ));
}

/** A count with its share of the whole network. */
function Counted({ title, count, whole }: { title: string; count: number; whole: number }) {
  const share = whole > 0 ? count / whole : 0;
  return (
    <>
      <Row title={title} value={formatExact(count)} {...(count > 0 && { note: formatShare(count, whole) })} />
      {count > 0 && (
        <div className="share" aria-hidden="true">
          <i style={{ width: `${Math.max(1, 100 * share)}%` }} />
        </div>
      )}
    </>
  );
}

function Row({ title, value, note, shape }: { title: string; value: string; note?: string; shape?: boolean }) {
  return (
    <div className="fact">
      <dt>{title}</dt>
      <dd data-shape={shape || undefined}>
        {note && <span className="fact-note">{note}</span>}
        {value}
      </dd>
    </div>
  );
}

/** The weights it holds, by name and shape. */
function Weights({ id }: { id: string }) {
  const path = useNodePath(id);
  const facts = useDocument((state) => state.checked.facts[state.checked.byPath.get(path) ?? -1]);
  const weights = Object.entries(facts?.weights ?? {});
  if (weights.length === 0) return null;
  return (
    <details className="weights">
      <summary>Weights</summary>
      <dl className="facts">
        {weights.map(([name, spec]) => (
          <Row key={name} title={`${name}${spec.trainable === false ? " (not trained)" : ""}`} value={`[${spec.shape.join(", ")}]`} shape />
        ))}
      </dl>
    </details>
  );
}
