import { CornerLeftUp, File, Folder } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { FolderListing } from "../../src/host/contract.ts";
import { withServices } from "../host/services.ts";
import { useNow } from "../runs/use-now.ts";
import { formatAgo, formatBytes } from "../training/format.ts";
import { reason } from "../training/session.ts";

interface Props {
  /** Called with every folder that is shown. */
  readonly onFolder: (listing: FolderListing) => void;
  /** Which files are shown; none if absent: then only folders are chosen. */
  readonly shows?: (name: string) => boolean;
  readonly selected?: string | undefined;
  /** A file was clicked. */
  readonly onSelect?: (name: string) => void;
  /** A file was double-clicked, or Enter pressed on it. */
  readonly onChoose?: (name: string) => void;
}

/** The folders and files of the machine, as far as the host lets one look. */
export function FolderBrowser({ onFolder, shows, selected, onSelect, onChoose }: Props) {
  const [listing, setListing] = useState<FolderListing>();
  const [fault, setFault] = useState<string>();
  const now = useNow(60_000);
  const told = useRef(onFolder);
  told.current = onFolder;
  const list = useRef<HTMLUListElement>(null);

  const go = (folder: string | null) =>
    withServices(async ({ host }) => {
      try {
        const next = await host.listFolder(folder);
        setListing(next);
        setFault(undefined);
        told.current(next);
      } catch (error) {
        setFault(reason(error));
      }
    });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the dialog opens.
  useEffect(() => go(null), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(window.document.activeElement as HTMLButtonElement);
    buttons[Math.min(buttons.length - 1, Math.max(0, at + (event.key === "ArrowDown" ? 1 : -1)))]?.focus();
  };

  if (listing === undefined) return <div className="browser">{fault && <p className="browser-note">{fault}</p>}</div>;
  const { folder, parent, folders } = listing;
  const files = shows === undefined ? [] : listing.files.filter((file) => shows(file.name));
  return (
    <div className="browser">
      <p className="browser-path" title={folder}>
        <bdi>{folder}</bdi>
      </p>
      {fault !== undefined && (
        <p className="browser-note" role="alert">
          {fault}
        </p>
      )}
      <ul className="browser-list" ref={list} onKeyDown={onKeyDown}>
        {parent !== undefined && (
          <li>
            <button type="button" onClick={() => go(parent)}>
              <CornerLeftUp size={14} aria-hidden="true" />
              <span className="browser-name">Folder above</span>
            </button>
          </li>
        )}
        {folders.map((name) => (
          <li key={`folder ${name}`}>
            <button type="button" onClick={() => go(joinPath(folder, name))}>
              <Folder size={14} aria-hidden="true" />
              <span className="browser-name">{name}</span>
            </button>
          </li>
        ))}
        {files.map(({ name, modified, bytes }) => (
          <li key={name}>
            <button
              type="button"
              aria-pressed={selected === name}
              onClick={() => onSelect?.(name)}
              onDoubleClick={() => onChoose?.(name)}
              onKeyDown={(event) => event.key === "Enter" && onChoose?.(name)}
            >
              <File size={14} aria-hidden="true" />
              <span className="browser-name">{name}</span>
              <span className="browser-about">{formatBytes(bytes)}</span>
              <span className="browser-about">{formatAgo(modified, now)}</span>
            </button>
          </li>
        ))}
        {folders.length + files.length === 0 && <li className="browser-note">{shows === undefined ? "No folders here." : "No documents here."}</li>}
      </ul>
    </div>
  );
}

/** A path of a folder and a name, with the folder's own kind of slash. */
export const joinPath = (folder: string, name: string): string => `${folder.replace(/[/\\]$/, "")}${folder.includes("\\") ? "\\" : "/"}${name}`;
