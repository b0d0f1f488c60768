import { typeAt } from "../editor/connect.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { curveOf, type Ends } from "./plain-lines.ts";
import { useCanvas } from "./store.ts";
import { WireFacts } from "./wire-facts.tsx";
import { curvePath, curvePoint } from "./wire-path.ts";

type Props = { readonly ends: readonly Ends[]; readonly alive: ReadonlySet<string> };

/** Plain wires that are pointed at or selected: drawn once more, in their colour, and told of as large as ever the zoom is. */
export function RaisedWires({ ends, alive }: Props) {
  const hovered = useCanvas((canvas) => (canvas.dragging === undefined ? canvas.hovered : undefined));
  const selection = useDocument((state) => state.selection);
  if (hovered === undefined && selection.edges.length === 0) return null;
  const selected = new Set(selection.edges);
  const alone = selection.edges.length === 1 && selection.nodes.length === 0 ? selection.edges[0] : undefined;
  const told = hovered ?? alone;
  const raised = ends.filter(({ id }) => !alive.has(id) && (id === hovered || selected.has(id)));
  return (
    <>
      <svg className="plain-wires" data-raised aria-hidden="true">
        {raised.map((wire) => {
          const curve = curveOf(wire);
          return curve && <path key={wire.id} className="wire" data-state={selected.has(wire.id) ? "selected" : "hovered"} d={curvePath(curve)} />;
        })}
      </svg>
      {raised.map((wire) => wire.id === told && <Label key={wire.id} wire={wire} />)}
    </>
  );
}

function Label({ wire }: { wire: Ends }) {
  const zoom = useCanvas((canvas) => canvas.zoom);
  const [from = ""] = wire.id.split("->");
  const type = useDocument((state) => typeAt({ checked: state.checked, graph: openGraph(state) }, from));
  const curve = curveOf(wire);
  if (!curve) return null;
  const at = curvePoint(curve, 0.5);
  return (
    <div
      className="wire-label"
      data-raised
      data-plain
      style={{ transform: `translate(${at.x}px, ${at.y}px) scale(${1 / zoom}) translate(-50%, -50%)` }}
    >
      <WireFacts from={from} to={wire.to} type={type} />
    </div>
  );
}
