import { ChevronDown } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { LibraryBlock } from "../../src/document/library.ts";
import type { Layer } from "../../src/layers/contract.ts";
import { type Family, families } from "../../src/layers/families.ts";
import { registry } from "../../src/layers/registry.ts";
import { focusCanvas } from "../canvas/controller.ts";
import { fitsSelection, insertNode } from "../commands/insert.ts";
import { librarySearch, libraryType, useLibrary } from "../editor/library.ts";
import { type Searchable, search } from "../editor/search.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { Keys } from "../ui/index.ts";
import { Addable } from "./addable.tsx";
import { LibraryRow } from "./library.tsx";
import "./palette.css";

interface Found extends Searchable {
  /** The type to insert. */
  readonly type: string;
  /** What it is: a layer, or a block of the library. */
  readonly layer?: Layer;
  readonly block?: LibraryBlock;
}
const all = [...registry.values()].map((layer) => ({ type: layer.type, layer, title: layer.title, words: [layer.type, ...(layer.aliases ?? [])] }));

/** Every layer there is, by family; typed letters find them by title, type or another name. */
export function LayersTab() {
  const [query, setQuery] = useState("");
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const library = useLibrary((state) => state.blocks);
  const found = useMemo(() => {
    const blocks = library.map((block): Found => ({ type: libraryType(block.id), block, ...librarySearch(block) }));
    return search<Found>(query, [...all, ...blocks], ({ type }) => fitsSelection(type));
  }, [query, library]);
  const rows = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
  const walk = (event: KeyboardEvent) => {
    const at = document.activeElement instanceof HTMLElement ? rows().indexOf(document.activeElement) : -1;
    if (event.key === "ArrowDown") rows()[Math.min(at + 1, rows().length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at <= 0 ? list.current?.parentElement?.querySelector("input") : rows()[at - 1])?.focus();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows walk from the search to the list and back
    <div className="side-tab" onKeyDown={walk}>
      <div className="side-search">
        <input
          type="search"
          className="input"
          data-layer-search
          placeholder="Find a layer"
          aria-label="Find a layer. Arrow down goes through the list, Enter adds the first."
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && found[0]) {
              insertNode(found[0].type);
              setQuery("");
              focusCanvas();
            }
            if (event.key === "Escape") {
              if (query === "") focusCanvas();
              setQuery("");
            }
          }}
        />
        {query === "" && <Keys keys="/" />}
      </div>
      <div className="side-list" ref={list}>
        {query === "" ? (
          (Object.keys(families) as Family[]).map((family) => (
            <FamilyGroup
              key={family}
              family={family}
              folded={folded.has(family)}
              onFold={() =>
                setFolded((before) => (before.has(family) ? new Set([...before].filter((one) => one !== family)) : new Set([...before, family])))
              }
            />
          ))
        ) : found.length > 0 ? (
          found.map(({ type, layer, block }) => (layer ? <LayerRow key={type} layer={layer} /> : block && <LibraryRow key={type} block={block} />))
        ) : (
          <p className="side-none">No layer is called "{query}".</p>
        )}
      </div>
    </div>
  );
}

function FamilyGroup({ family, folded, onFold }: { family: Family; folded: boolean; onFold: () => void }) {
  const layers = all.filter(({ layer }) => layer.family === family);
  if (layers.length === 0) return null;
  return (
    <section className="family" aria-label={families[family]}>
      <button type="button" className="family-head" data-row tabIndex={-1} aria-expanded={!folded} onClick={onFold}>
        <ChevronDown size={12} aria-hidden="true" />
        <span>{families[family]}</span>
        <span className="family-count">{layers.length}</span>
      </button>
      {!folded && layers.map(({ layer }) => <LayerRow key={layer.type} layer={layer} />)}
    </section>
  );
}

const LayerRow = ({ layer }: { layer: Layer }) => (
  <Addable
    type={layer.type}
    title={layer.title}
    hint={`${layer.explain.summary}${layer.book ? ` Book ${layer.book}.` : ""}\nDrag it, or press Enter to add it to the selection.`}
    icon={<FamilyIcon type={layer.type} family={layer.family} />}
  />
);
