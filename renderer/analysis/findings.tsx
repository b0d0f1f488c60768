import { useCallback } from "react";
import type { AnalysisResult, Finding } from "../../src/analysis/types.ts";
import { drawImages } from "../previews/draw.ts";
import { type Draw, Picture } from "../previews/picture.tsx";
import { formatValue } from "../training/figures.ts";
import { CurveChart } from "./curve-chart.tsx";
import { drawSurface } from "./surface.ts";

/** Everything that an analysis found. */
export function Findings({ result, weights }: { result: AnalysisResult; weights: string }) {
  const figures = Object.entries(result.figures);
  return (
    <div className="findings">
      <p className="findings-about">Made with the {weights}.</p>
      {figures.length > 0 && (
        <dl className="findings-figures">
          {figures.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{formatValue(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      {result.about !== undefined && <p className="findings-about">{result.about}</p>}
      {result.findings.map((finding) => (
        <section key={finding.title} aria-label={finding.title}>
          <h3>{finding.title}</h3>
          <Shown finding={finding} />
        </section>
      ))}
    </div>
  );
}

function Shown({ finding }: { finding: Finding }) {
  switch (finding.kind) {
    case "curves":
      return <CurveChart finding={finding} />;
    case "images":
      return <Images finding={finding} />;
    case "table":
      return <Table finding={finding} />;
    case "surface":
      return <Surface finding={finding} />;
  }
  finding satisfies never;
}

function Images({ finding }: { finding: Extract<Finding, { kind: "images" }> }) {
  const { captions, across } = finding;
  return (
    <ul
      className="findings-images"
      style={across === undefined ? undefined : { display: "grid", gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}
    >
      {captions.map((caption, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture is its place
        <li key={i}>
          <OneImage finding={finding} index={i} />
          <span>{caption}</span>
        </li>
      ))}
    </ul>
  );
}

const side = 84;

function OneImage({ finding, index }: { finding: Extract<Finding, { kind: "images" }>; index: number }) {
  const { shape, values, captions } = finding;
  const [, height, width, channels] = shape;
  const size = height * width * channels;
  const draw: Draw = useCallback(
    (context, w, h) => drawImages(context, values.subarray(index * size, (index + 1) * size), [1, height, width, channels], w, h),
    [values, index, size, height, width, channels],
  );
  const scale = side / Math.max(height, width);
  return (
    <Picture
      draw={draw}
      width={Math.max(2, Math.round(width * scale))}
      height={Math.max(8, Math.round(height * scale))}
      label={captions[index] ?? ""}
    />
  );
}

function Table({ finding }: { finding: Extract<Finding, { kind: "table" }> }) {
  const { columns, rows } = finding;
  return (
    <div className="findings-table">
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={String(row[0])}>
              {row.map((cell, i) => (
                <td key={columns[i]}>{typeof cell === "number" ? formatValue(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Surface({ finding }: { finding: Extract<Finding, { kind: "surface" }> }) {
  const draw: Draw = useCallback((context, w, h) => drawSurface(context, finding, w, h), [finding]);
  return (
    <div className="findings-surface">
      <Picture draw={draw} width={320} height={320} label={finding.title} />
      <p>
        Darker is lower; lines join equal losses, on a logarithmic scale. The cross marks the weights; {finding.x.label} and {finding.y.label} go from{" "}
        {finding.x.from} to {finding.x.to} lengths.
      </p>
    </div>
  );
}
