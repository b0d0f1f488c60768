import { useCallback } from "react";
import type { DatasetInfo } from "../../src/tensor/dataset.ts";
import type { FilePreview, FileProblem, FileTable } from "../engine/api.ts";
import { drawImages } from "../previews/draw.ts";
import { drawGraph } from "../previews/graph.ts";
import { type Draw, Picture } from "../previews/picture.tsx";
import { formatBytes, formatCount, plural } from "../training/format.ts";
import { Button, Dialog, Field, Select } from "../ui/index.ts";
import { cancelImport, chooseTarget, keepImport, useImport } from "./import.ts";
import "./data.css";

/** What a dropped file is, before it is kept: its columns and rows, or its pictures; or what is wrong with it, and where. */
export function ImportDialog() {
  const current = useImport((state) => state.current);
  if (current === undefined) return null;
  const { name, bytes, description, keeping } = current;
  if (description === undefined)
    return (
      <Dialog title={name} about={`Reading ${formatBytes(bytes.length)} …`} size="small" onClose={cancelImport}>
        <div className="progress" role="progressbar" aria-label="Reading the file" />
      </Dialog>
    );
  if (!description.ok)
    return (
      <Dialog
        title={`${name} cannot be used as it is`}
        onClose={cancelImport}
        footer={
          <Button tone="primary" onClick={cancelImport}>
            Close
          </Button>
        }
      >
        <Problems problems={description.problems} />
      </Dialog>
    );
  const { info, preview, target, targets } = description;
  return (
    <Dialog
      title={name}
      about={aboutFile(info, preview)}
      size="large"
      onClose={cancelImport}
      footer={
        <>
          <Button onClick={cancelImport}>Cancel</Button>
          <Button disabled={keeping} onClick={() => keepImport(false)}>
            Keep
          </Button>
          <Button tone="primary" disabled={keeping} onClick={() => keepImport(true)}>
            Keep and use in the graph
          </Button>
        </>
      }
    >
      {(preview.kind === "table" || preview.kind === "graph") && targets.length > 0 && (
        <Field label="Column to predict" help={predictedFrom(preview)}>
          {({ id }) => (
            <Select id={id} value={target} onChange={chooseTarget} options={targets.map((column) => ({ value: column, label: column }))} />
          )}
        </Field>
      )}
      {preview.kind === "table" && <TablePreview preview={preview} target={target} />}
      {preview.kind === "graph" && <GraphPreview preview={preview} target={target} />}
      {preview.kind === "images" && <ImagesPreview preview={preview} />}
      {preview.kind === "text" && <TextPreview preview={preview} />}
    </Dialog>
  );
}

function aboutFile(info: DatasetInfo, preview: FilePreview): string {
  if (preview.kind === "text") return `${plural(preview.characters, "character")}, ${plural(preview.words, "word")}. The last tenth is the test.`;
  if (preview.kind === "graph") return `One graph: ${plural(preview.nodes, "node")}, ${plural(preview.edges, "edge")}, both ways counted.`;
  return `${plural(info.counts.train, "example")} for training, ${formatCount(info.counts.test)} for the test.`;
}

function predictedFrom(preview: Extract<FilePreview, { kind: "table" | "graph" }>): string {
  if (preview.kind === "graph") return "It is predicted from the node's other columns and from its neighbours.";
  const molecules = preview.columns.some(({ kind }) => kind === "molecule");
  return molecules ? "It is predicted from the molecule." : "The other columns are what it is predicted from.";
}

const kinds = { number: "number", category: "category", ignored: "left out", molecule: "molecule" } as const;

function TablePreview({ preview, target }: { preview: FileTable; target: string | undefined }) {
  return (
    <>
      <div className="data-table-box" data-tall="true">
        <table className="data-table">
          <thead>
            <tr>
              {preview.columns.map((column) => (
                <th key={column.name} data-target={column.name === target} data-kind={column.kind}>
                  {column.name}
                  <small>
                    {column.name === target ? "predicted" : kinds[column.kind]}
                    {column.missing > 0 && ` · ${formatCount(column.missing)} missing`}
                  </small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name but their place.
              <tr key={i}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: cells have no name but their place.
                  <td key={column} data-target={preview.columns[column]?.name === target} data-kind={preview.columns[column]?.kind}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {preview.notes.map((note) => (
        <p key={note} className="data-quiet">
          {note}
        </p>
      ))}
    </>
  );
}

function GraphPreview({ preview, target }: { preview: Extract<FilePreview, { kind: "graph" }>; target: string | undefined }) {
  const { pairs, nodes, relations, table } = preview;
  const draw: Draw = useCallback((context, w, h) => drawGraph(context, { edges: pairs, count: nodes }, w, h), [pairs, nodes]);
  return (
    <>
      {relations.length > 0 && (
        <p className="data-quiet">
          {plural(relations.length, "kind")} of edges: {relations.slice(0, 12).join(", ")}
          {relations.length > 12 && ", …"}
        </p>
      )}
      {pairs.length > 0 && <Picture className="data-graph" draw={draw} width={720} height={260} label={`A graph of ${nodes} nodes`} />}
      <TablePreview preview={table} target={target} />
    </>
  );
}

function ImagesPreview({ preview }: { preview: Extract<FilePreview, { kind: "images" }> }) {
  const { width, height, channels, counts, samples, skipped } = preview;
  return (
    <>
      <p className="data-quiet">
        {plural(counts.length, "class", "classes")}, {width} × {height}, {channels === 1 ? "grey" : "colour"}
      </p>
      <ul className="class-rows">
        {counts.map(({ name, count }) => (
          <li key={name}>
            <span className="class-name">{name}</span>
            <ClassPictures preview={preview} values={samples.filter((sample) => sample.className === name).map((sample) => sample.values)} />
            <span className="class-count">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <p className="data-quiet">{plural(skipped.length, "file")} left out:</p>
          <Problems problems={skipped.slice(0, 20)} />
        </>
      )}
    </>
  );
}

function TextPreview({ preview }: { preview: Extract<FilePreview, { kind: "text" }> }) {
  return (
    <>
      <p className="data-quiet">
        {plural(preview.alphabet, "different character")}. A network learns to say what comes next, in windows of 64 characters; the data-set node can
        make them longer, or cut the text into bytes or byte pairs.
      </p>
      <pre className="data-text">{preview.beginning}</pre>
    </>
  );
}

function ClassPictures({ preview, values }: { preview: Extract<FilePreview, { kind: "images" }>; values: readonly Float32Array[] }) {
  const { width, height, channels } = preview;
  const draw: Draw = useCallback(
    (context) =>
      values.forEach((picture, i) => {
        context.save();
        context.translate(i * 44, 0);
        drawImages(context, picture, [1, height, width, channels], 40, 40);
        context.restore();
      }),
    [values, width, height, channels],
  );
  return <Picture draw={draw} width={44 * Math.max(1, values.length)} height={40} label={`${values.length} pictures`} />;
}

function Problems({ problems }: { problems: readonly FileProblem[] }) {
  return (
    <ul className="file-problems">
      {problems.map((problem) => (
        <li key={`${problem.file ?? ""} ${problem.line ?? ""} ${problem.message}`}>
          {(problem.file !== undefined || problem.line !== undefined) && (
            <b>{[problem.file, problem.line && `line ${problem.line}`].filter(Boolean).join(", ")}</b>
          )}
          {problem.message}
        </li>
      ))}
    </ul>
  );
}
