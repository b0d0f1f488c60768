import { useCallback } from "react";
import type { DatasetSamples, PortSamples } from "../engine/api.ts";
import { drawImages, drawScatter, drawSignals } from "../previews/draw.ts";
import { drawGraph } from "../previews/graph.ts";
import { classHue, type Draw, Picture } from "../previews/picture.tsx";
import { formatValue } from "../training/figures.ts";

/** Examples that a panel shows of each kind of data. */
export const samplesShown = 256;

interface Props {
  readonly samples: DatasetSamples;
  readonly width: number;
}

/** A few examples, drawn as what they are. */
export function Samples({ samples, width }: Props) {
  const main = samples.ports.find((port) => port.view !== undefined && port.view !== "label") ?? samples.ports[0];
  const label = samples.ports.find((port) => port.view === "label");
  if (main === undefined || samples.count === 0) return <p className="data-quiet">This part has no examples.</p>;
  switch (main.view) {
    case "image":
      return <ImageSamples port={main} count={samples.count} width={width} />;
    case "points":
      return <PointSamples port={main} label={label} count={samples.count} width={width} />;
    case "signal":
      return <SignalSamples port={main} label={label} count={samples.count} width={width} />;
    case "graph":
      return <GraphSample samples={samples} label={label} width={width} />;
    case "text":
      return <TextSamples port={main} count={samples.count} />;
    default:
      return <TableSamples port={main} label={label} count={samples.count} />;
  }
}

interface PortProps {
  readonly port: PortSamples;
  readonly count: number;
  readonly width: number;
  readonly label?: PortSamples | undefined;
}

function ImageSamples({ port, count, width }: PortProps) {
  const shown = Math.min(count, 40);
  const [rows = 1, columns = 1] = port.shape;
  const draw: Draw = useCallback(
    (context, w, h) => drawImages(context, port.values.subarray(0, shown * size(port)), [shown, ...port.shape], w, h),
    [port, shown],
  );
  return (
    <Picture className="data-picture" draw={draw} width={width} height={Math.round((width * 5 * rows) / (8 * columns))} label={`${shown} pictures`} />
  );
}

function PointSamples({ port, label, count, width }: PortProps) {
  const draw: Draw = useCallback(
    (context, w, h) => drawScatter(context, port.values, [count, size(port)], label?.values, w, h),
    [port, label, count],
  );
  return <Picture className="data-picture" draw={draw} width={width} height={width} label={`${count} points, coloured by class`} />;
}

function SignalSamples({ port, label, count, width }: PortProps) {
  const shown = Math.min(count, 8);
  const length = size(port);
  return (
    <ul className="data-signals">
      {Array.from({ length: shown }, (_, i) => (
        <Signal
          // biome-ignore lint/suspicious/noArrayIndexKey: examples have no name but their place.
          key={i}
          values={port.values.subarray(i * length, (i + 1) * length)}
          shape={port.shape}
          label={label === undefined ? "" : nameOf(label, i)}
          width={width / 2 - 26}
        />
      ))}
    </ul>
  );
}

function Signal({ values, shape, label, width }: { values: Float32Array | Int32Array; shape: readonly number[]; label: string; width: number }) {
  const draw: Draw = useCallback((context, w, h) => drawSignals(context, values, [1, ...shape], w, h), [values, shape]);
  return (
    <li>
      <span className="data-signal-label">{label}</span>
      <Picture draw={draw} width={width} height={34} label={`A signal of class ${label}`} />
    </li>
  );
}

function GraphSample({ samples, label, width }: { samples: DatasetSamples; label: PortSamples | undefined; width: number }) {
  const edges = samples.ports.find((port) => port.port === "edges");
  const nodes = samples.ports.find((port) => port.port === "x");
  const count = nodes === undefined ? 0 : nodes.values.length / Math.max(1, nodes.shape[1] ?? 1);
  const ofNodes = label?.values.length === count ? label.values : undefined;
  const draw: Draw = useCallback(
    (context, w, h) => edges && drawGraph(context, { edges: edges.values, count, shown: ofNodes }, w, h),
    [edges, count, ofNodes],
  );
  return <Picture className="data-picture" draw={draw} width={width} height={width} label={`A graph of ${count} nodes`} />;
}

function TextSamples({ port, count }: { port: PortSamples; count: number }) {
  const length = size(port);
  const texts = Array.from({ length: Math.min(count, 5) }, (_, i) =>
    Array.from(port.values.subarray(i * length, (i + 1) * length), (token) => port.names?.[token] ?? "·")
      .join("")
      .replaceAll("\n", " ⏎ "),
  );
  return (
    <ul className="data-texts">
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

/** Columns shown of a wide table. */
const mostColumns = 6;

function TableSamples({ port, label, count }: { port: PortSamples; label: PortSamples | undefined; count: number }) {
  const length = size(port);
  const names = Array.from({ length: Math.min(length, mostColumns) }, (_, i) => port.names?.[i] ?? `${port.port}${i + 1}`);
  return (
    <div className="data-table-box">
      <table className="data-table">
        <thead>
          <tr>
            {label && <th>{label.port}</th>}
            {names.map((name) => (
              <th key={name}>{name}</th>
            ))}
            {length > mostColumns && <th>…</th>}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: Math.min(count, 8) }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: examples have no name but their place.
            <tr key={row}>
              {label && <td style={{ color: `var(${classHue(label.values[row] ?? 0)})` }}>{nameOf(label, row)}</td>}
              {names.map((name, column) => (
                <td key={name}>{formatValue(port.values[row * length + column] ?? Number.NaN)}</td>
              ))}
              {length > mostColumns && <td>…</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const size = (port: PortSamples): number => port.shape.reduce((product, length) => product * length, 1);
const nameOf = (label: PortSamples, i: number): string => label.names?.[label.values[i] ?? -1] ?? String(label.values[i] ?? "");
