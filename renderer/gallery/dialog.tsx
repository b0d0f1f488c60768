import { File, FilePlus, FolderOpen } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { useData } from "../data/library.ts";
import { useFiles } from "../files/store.ts";
import { withServices } from "../host/services.ts";
import { useNow } from "../runs/use-now.ts";
import { emptyDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { formatAgo, plural } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { Button, Dialog, TextInput } from "../ui/index.ts";
import { loadTemplates, type Template } from "./templates.ts";
import { Thumbnail } from "./thumbnail.tsx";
import "./gallery.css";

/** Where one starts: a blank page, a file from before, or a template that trains at once. */
export function GalleryDialog() {
  const close = () => openDialog(null);
  const { templates, fault } = useTemplates();
  const [search, setSearch] = useState("");
  const found = useMemo(() => matching(templates ?? [], search), [templates, search]);
  const start = (document: NetloomDocument) =>
    withServices(({ workspace }) => {
      close();
      workspace.guard(() => void workspace.openNew(document));
    });
  const onKeyDown = (event: KeyboardEvent) => {
    const [first] = found;
    if (event.key === "Enter" && first !== undefined) start(first.document);
  };
  return (
    <Dialog title="Start something" size="large" onClose={close}>
      <div className="gallery">
        <div className="gallery-side">
          <Button icon={<FilePlus size={14} />} onClick={() => start(emptyDocument)}>
            Blank document
          </Button>
          <Button
            icon={<FolderOpen size={14} />}
            onClick={() =>
              withServices(({ workspace }) => {
                close();
                workspace.guard(() => void workspace.chooseAndOpen());
              })
            }
          >
            Open a file…
          </Button>
          <Recent onOpen={close} />
        </div>
        <div className="gallery-main">
          <TextInput
            type="search"
            autoFocus
            value={search}
            onChange={setSearch}
            onKeyDown={onKeyDown}
            placeholder="Find a template: digits, residual, flow, 12.7 …"
            aria-label="Find a template"
          />
          {fault !== undefined && <p className="gallery-note">{fault}</p>}
          {templates !== undefined && found.length === 0 && <p className="gallery-note">No template is about that.</p>}
          <ul className="gallery-cards" aria-label="Templates">
            {found.map((template) => (
              <li key={template.id}>
                <Card template={template} onOpen={() => start(template.document)} />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Dialog>
  );
}

function Card({ template, onOpen }: { template: Template; onOpen: () => void }) {
  const { document, parameters } = template;
  return (
    <button type="button" className="gallery-card" onClick={onOpen}>
      <Thumbnail document={document} />
      <span className="gallery-name">{document.name}</span>
      <span className="gallery-facts">
        {document.about?.chapter !== undefined && <span>Book {document.about.chapter}</span>}
        {parameters !== undefined && <span>{plural(parameters, "parameter")}</span>}
      </span>
      <span className="gallery-about" title={document.about?.text}>
        {document.about?.text}
      </span>
    </button>
  );
}

function Recent({ onOpen }: { onOpen: () => void }) {
  const recent = useFiles((files) => files.recent);
  const now = useNow(30_000);
  if (recent.length === 0) return null;
  return (
    <>
      <h3 className="gallery-heading">Recent</h3>
      <ul className="gallery-recent">
        {recent.slice(0, 10).map(({ path, name, opened }) => (
          <li key={path}>
            <button
              type="button"
              title={path}
              onClick={() =>
                withServices(({ workspace }) => {
                  onOpen();
                  workspace.guard(() => void workspace.openPath(path));
                })
              }
            >
              <File size={14} aria-hidden="true" />
              <span className="gallery-file">{name.replace(/\.(netloom|json)$/, "")}</span>
              <span className="gallery-when">{formatAgo(opened, now)}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function useTemplates(): { templates: readonly Template[] | undefined; fault: string | undefined } {
  const entries = useData((data) => data.entries);
  const [state, setState] = useState<{ templates?: readonly Template[]; fault?: string }>({});
  useEffect(() => {
    let gone = false;
    const infos = new Map(entries.map(({ info }) => [info.name, info]));
    loadTemplates({ dataset: (name) => infos.get(name), datasetNames: () => [...infos.keys()] }).then(
      (templates) => !gone && setState({ templates }),
      (error: unknown) => !gone && setState({ fault: reason(error) }),
    );
    return () => {
      gone = true;
    };
  }, [entries]);
  return { templates: state.templates, fault: state.fault };
}

function matching(templates: readonly Template[], search: string): readonly Template[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter(({ id, document }) => {
    const types = document.nodes.map((node) => node.type).join(" ");
    const text = `${id} ${document.name} ${document.about?.chapter ?? ""} ${document.about?.text ?? ""} ${types}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
