import { useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { registry } from "../../src/layers/registry.ts";
import { titleOf } from "../commands/insert.ts";
import { addNode, fitsEnd, usableBlocks } from "../editor/add.ts";
import { librarySearch, libraryType, taken, useLibrary } from "../editor/library.ts";
import { type Searchable, search } from "../editor/search.ts";
import { useDocument } from "../stores/document.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { focusCanvas, here, sizes } from "./controller.ts";
import { type DropSearch as Request, setCanvas, useCanvas } from "./store.ts";

/** The layer search that opens where a wire was dropped: what it lists can take the wire. */
export function DropSearch() {
  const request = useCanvas((canvas) => canvas.dropSearch);
  return request ? createPortal(<Search request={request} />, document.body) : null;
}

interface Choice extends Searchable {
  readonly type: string;
  readonly fits: boolean;
}

function choices({ end }: Request): readonly Choice[] {
  const where = here();
  const layers = [...registry.values()].map((layer) => ({ type: layer.type, title: layer.title, words: [layer.type, ...(layer.aliases ?? [])] }));
  const blocks = usableBlocks(where.document, where.graph).map((name) => ({
    type: `block:${name}`,
    title: where.document.blocks?.[name]?.title ?? name,
    words: [name, "block"],
  }));
  const library = useLibrary.getState().blocks.map((block) => ({ type: libraryType(block.id), ...librarySearch(block) }));
  return [...layers, ...blocks, ...library].map((choice) => {
    const chosen = taken(where, choice.type);
    return { ...choice, fits: chosen !== undefined && (end === undefined || fitsEnd(chosen.where, chosen.type, end)) };
  });
}

function Search({ request }: { request: Request }) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const all = useMemo(() => choices(request), [request]);
  const found = useMemo(
    () =>
      search(
        query,
        all.filter((choice) => choice.fits),
      ).slice(0, 60),
    [query, all],
  );
  const close = () => {
    setCanvas({ dropSearch: undefined });
    focusCanvas();
  };
  const take = (type: string) => {
    const [x, y] = request.at;
    const fromOutput = request.end === undefined || "from" in request.end;
    const chosen = taken(here(), type);
    if (!chosen) return close();
    const { params } = chosen;
    const at: [number, number] = [fromOutput ? x : x - 200, y - 24];
    const added = addNode(chosen.where, chosen.type, { at, sizes: sizes(), ...request.end, ...(params && { params }) });
    useDocument.getState().edit(`Add ${titleOf(added.document, chosen.type)}`, () => added.document);
    useDocument.getState().select([added.node]);
    close();
  };
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const [x, y] = request.screen;
  return (
    <div
      className="drop-search"
      role="dialog"
      aria-label="Add a layer"
      style={{ left: Math.min(x, window.innerWidth - 280), top: Math.min(y, window.innerHeight - 340) }}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setCanvas({ dropSearch: undefined })}
    >
      <input
        className="input"
        placeholder={request.end ? "Which layer goes here?" : "Find a layer"}
        aria-label="Find a layer"
        role="combobox"
        aria-expanded="true"
        aria-controls="drop-search-list"
        aria-activedescendant={found[at] ? `drop-${found[at].type}` : undefined}
        value={query}
        // biome-ignore lint/a11y/noAutofocus: the search opens to be typed into
        autoFocus
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") close();
          else if (event.key === "ArrowDown") setAt((at + 1) % Math.max(1, found.length));
          else if (event.key === "ArrowUp") setAt((at - 1 + found.length) % Math.max(1, found.length));
          else if (event.key === "Enter" && found[at]) take(found[at].type);
          else return;
          event.preventDefault();
        }}
      />
      <div id="drop-search-list" className="drop-list" role="listbox" aria-label="Layers" ref={list}>
        {found.map((choice, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard works in the field above
          <div
            key={choice.type}
            id={`drop-${choice.type}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="drop-choice"
            onPointerMove={() => setAt(i)}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(choice.type)}
          >
            <FamilyIcon type={choice.type} family={registry.get(choice.type)?.family ?? "block"} />
            {choice.title}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="drop-none">{query === "" ? "No layer can take this wire." : `No layer that fits is called "${query}".`}</p>
      )}
    </div>
  );
}
