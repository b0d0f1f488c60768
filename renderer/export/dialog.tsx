import { Download, FolderInput } from "lucide-react";
import { useEffect, useState } from "react";
import { writeDocument } from "../../src/document/write.ts";
import type { ExportFormat, ExportOutcome } from "../engine/api.ts";
import { FolderBrowser } from "../files/folder-browser.tsx";
import { useServices, withServices } from "../host/services.ts";
import { useRuns } from "../runs/store.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { formatBytes, formatCount, plural } from "../training/format.ts";
import { jumpToNode } from "../training/jump.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";
import { trainedKey } from "../training/trained.ts";
import { Button, Dialog, Field, Select, TextInput } from "../ui/index.ts";
import { saveBlob } from "./download.ts";
import { zipFiles } from "./zip.ts";
import "./export.css";

type Done = {
  readonly outcome: ExportOutcome;
  /** The folder written to, or the name of the zip. */
  readonly where?: string;
};

/** Which weights: those of a kept run, or fresh ones. */
const fresh = "untrained";

/** Takes the model away: format, weights, place; then what was written and how close it is to the original. */
export function ExportDialog({ run }: { run?: string | undefined }) {
  const close = () => openDialog(null);
  const formats = useFormats();
  const weights = useWeights(run);
  const info = useServices((state) => state.services?.info);
  const [format, setFormat] = useState<string>();
  const [source, setSource] = useState(weights.preferred);
  const [folder, setFolder] = useState<string>();
  const [name, setName] = useState(() => folderName(useDocument.getState().document.name));
  const [browsing, setBrowsing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Done>();
  const chosen = formats.find((one) => one.id === format) ?? formats[0];
  const place = folder ?? info?.folder ?? "";

  const make = async (): Promise<ExportOutcome> => {
    const { services } = useServices.getState();
    if (services === undefined || chosen === undefined) return refuse("Netloom is not connected yet.");
    try {
      if (source === fresh)
        return await services.engine.api.exportModel({ format: chosen.id, document: writeDocument(useDocument.getState().document) });
      if (useSession.getState().run?.id === source) await services.session.save();
      const [document, checkpoint] = await Promise.all([services.host.readRunDocument(source), services.host.readCheckpoint(source)]);
      if (checkpoint === null) return refuse("This run has no weights on the disk. Train a little further, or choose another run.");
      return await services.engine.api.exportModel({ format: chosen.id, document, checkpoint });
    } catch (error) {
      return refuse(reason(error));
    }
  };

  const toFolder = () =>
    withServices(async ({ host }) => {
      setBusy(true);
      setDone(undefined);
      const outcome = await make();
      try {
        if (!outcome.ok) setDone({ outcome });
        else {
          const target = `${place.replace(/[/\\]$/, "")}/${name.trim()}`;
          const written = await host.writeExport(
            target,
            outcome.files.map(([file, bytes]) => [file, new Uint8Array(bytes)]),
          );
          setDone({ outcome, where: written });
        }
      } catch (error) {
        setDone({ outcome: refuse(reason(error)) });
      }
      setBusy(false);
    });

  const toZip = async () => {
    setBusy(true);
    setDone(undefined);
    const outcome = await make();
    if (outcome.ok) {
      const file = `${name.trim() || "model"}.zip`;
      saveBlob(file, await zipFiles(outcome.files), "application/zip");
      setDone({ outcome, where: file });
    } else setDone({ outcome });
    setBusy(false);
  };

  const pickFolder = () => {
    if (info?.nativeDialogs) withServices(async ({ host }) => setFolder((await host.chooseFolder()) ?? folder));
    else setBrowsing(!browsing);
  };

  return (
    <Dialog
      title="Export the model"
      onClose={close}
      footer={
        <>
          <Button icon={<Download size={14} />} disabled={busy || chosen === undefined} onClick={() => void toZip()}>
            Download as zip
          </Button>
          <Button tone="primary" disabled={busy || chosen === undefined || name.trim() === ""} onClick={toFolder}>
            {busy ? "Exporting …" : "Export"}
          </Button>
        </>
      }
    >
      <fieldset className="export-formats" aria-label="Format" disabled={busy}>
        {formats.map((one) => (
          <label key={one.id} className="export-format" data-chosen={one === chosen}>
            <input type="radio" name="format" checked={one === chosen} onChange={() => setFormat(one.id)} />
            <span>
              <b>{one.title}</b>
              <span>{one.about}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label="Weights" layout="column" {...(weights.note !== undefined && source === weights.preferred && { hint: weights.note })}>
        {({ id }) => <Select id={id} value={source} onChange={setSource} options={weights.options} disabled={busy} />}
      </Field>
      <Field label="Folder" layout="column" hint={`Files are written to ${place}/${name.trim()}`}>
        {({ id }) => (
          <span className="export-place">
            <TextInput id={id} value={name} maxLength={100} disabled={busy} onChange={(value) => setName(value.replace(/[/\\]/g, ""))} />
            <Button icon={<FolderInput size={14} />} aria-expanded={browsing} onClick={pickFolder}>
              Where…
            </Button>
          </span>
        )}
      </Field>
      {browsing && <FolderBrowser onFolder={(listing) => setFolder(listing.folder)} />}
      {busy && (
        <p className="export-busy" role="status">
          Translating the graph, then loading what was written to compare its outputs …
        </p>
      )}
      {done !== undefined && <Result done={done} />}
    </Dialog>
  );
}

function Result({ done: { outcome, where } }: { done: Done }) {
  if (!outcome.ok)
    return (
      <div className="export-result" data-tone="bad" role="alert">
        <b>It was not exported.</b>
        <ul>
          {outcome.problems.map(({ message, node }) => (
            <li key={`${node} ${message}`}>
              {message}{" "}
              {node !== undefined && (
                <button
                  type="button"
                  className="link"
                  onClick={() => {
                    openDialog(null);
                    jumpToNode(node);
                  }}
                >
                  Show {node}
                </button>
              )}
            </li>
          ))}
        </ul>
      </div>
    );
  const total = outcome.files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  return (
    <div className="export-result" role="status">
      <b>
        Exported to {where} ({formatBytes(total)})
      </b>
      {outcome.difference !== undefined && (
        <p className="export-proof">
          {outcome.examples ? `Loaded again and run on ${plural(outcome.examples, "example")}` : "Read again and compared with the original"}: max
          difference <b>{outcome.difference === 0 ? "0" : outcome.difference.toExponential(0)}</b>
        </p>
      )}
      <ul className="export-files">
        {outcome.files.map(([file, bytes]) => (
          <li key={file}>
            <span>{file}</span>
            <span>{formatBytes(bytes.length)}</span>
          </li>
        ))}
      </ul>
      {outcome.notes.map((note) => (
        <p key={note} className="export-note">
          {note}
        </p>
      ))}
    </div>
  );
}

function useFormats(): readonly ExportFormat[] {
  const [formats, setFormats] = useState<readonly ExportFormat[]>([]);
  useEffect(() => {
    withServices(async ({ engine }) => setFormats(await engine.api.exportFormats().catch(() => [])));
  }, []);
  return formats;
}

/** The runs whose weights can be exported, the most likely one first in mind: the one asked for, the shown one, the newest of this graph. */
function useWeights(asked: string | undefined): { options: { value: string; label: string }[]; preferred: string; note: string | undefined } {
  const runs = useRuns((state) => state.runs);
  const shown = useSession((session) => session.run);
  const live = useSession((session) => session.live);
  const document = useDocument((state) => state.document);
  const trained = useSession((session) => session.trainedKey);
  const usable = runs.filter((run) => run.checkpointStep !== undefined || (live && run.id === shown?.id));
  const preferred =
    usable.find((run) => run.id === asked) ?? usable.find((run) => run.id === shown?.id) ?? usable.find((run) => run.document === document.name);
  const stale = preferred !== undefined && preferred.id === shown?.id && trained !== trainedKey(document);
  return {
    options: [
      ...usable.map((run) => ({ value: run.id, label: `${run.name} · ${run.document} · step ${formatCount(run.step)}` })),
      { value: fresh, label: "Untrained: freshly initialised weights of the open graph" },
    ],
    preferred: preferred?.id ?? fresh,
    note: stale ? "Exports the graph as it was trained, not as it stands on the canvas now." : undefined,
  };
}

const refuse = (message: string): ExportOutcome => ({ ok: false, problems: [{ message }] });

const folderName = (name: string): string =>
  `${
    name
      .replace(/[/\\:*?"<>|]+/g, " ")
      .trim()
      .slice(0, 80) || "model"
  } export`;
