import { formatShape } from "../../src/tensor/types.ts";
import { deleteSelection } from "../commands/selection.ts";
import { typeAt } from "../editor/connect.ts";
import { formatExact } from "../editor/format.ts";
import { canvasNode } from "../editor/graph.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { Button } from "../ui/index.ts";

/** A wire: between what, and what flows through it. */
export function OneWire({ id }: { id: string }) {
  const [from = "", to = ""] = id.split("->");
  const type = useDocument((state) => typeAt({ checked: state.checked, graph: openGraph(state) }, from));
  const select = useDocument((state) => state.select);
  return (
    <>
      <header className="inspector-head">
        <h2>Wire</h2>
        <p className="inspector-sub" data-selectable>
          From{" "}
          <button type="button" className="inspector-link" onClick={() => select([canvasNode(from)])}>
            {from}
          </button>{" "}
          to{" "}
          <button type="button" className="inspector-link" onClick={() => select([canvasNode(to)])}>
            {to}
          </button>
        </p>
      </header>
      <dl className="facts">
        <div className="fact">
          <dt>Shape</dt>
          <dd data-shape>{type ? formatShape(type.shape) : "not known yet"}</dd>
        </div>
        {type && (
          <div className="fact">
            <dt>Elements</dt>
            <dd>{type.dtype === "int32" ? `int32${type.classes ? `, ${formatExact(type.classes)} classes` : ""}` : "float32"}</dd>
          </div>
        )}
      </dl>
      <div className="inspector-buttons">
        <Button onClick={() => deleteSelection()}>Delete wire</Button>
      </div>
    </>
  );
}
