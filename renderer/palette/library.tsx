import { ChevronDown } from "lucide-react";
import { useEffect, useState } from "react";
import type { LibraryBlock } from "../../src/document/library.ts";
import { focusCanvas } from "../canvas/controller.ts";
import { startLayerDrag } from "../canvas/drop.ts";
import { insertNode } from "../commands/insert.ts";
import { libraryType, libraryWords, useLibrary } from "../editor/library.ts";
import { search } from "../editor/search.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { loadLibrary } from "./load-library.ts";
import "./palette.css";

/** The ready blocks that Netloom brings, in the order of the book; those that the query finds. */
export function Library({ query }: { query: string }) {
  const blocks = useLibrary((state) => state.blocks);
  const [fault, setFault] = useState<string | undefined>(undefined);
  const [folded, setFolded] = useState(false);
  useEffect(() => {
    loadLibrary().catch((thrown: unknown) => setFault(thrown instanceof Error ? thrown.message : String(thrown)));
  }, []);
  const found = search(
    query,
    blocks.map((block) => ({ block, title: block.title, words: libraryWords(block) })),
  );
  if (fault !== undefined) return <p className="side-none">{fault}</p>;
  if (found.length === 0) return null;
  return (
    <section className="family" aria-label="Library">
      <button type="button" className="family-head" data-row aria-expanded={!folded} onClick={() => setFolded(!folded)}>
        <ChevronDown size={12} aria-hidden="true" />
        <span>Library</span>
        <span className="family-count">{found.length}</span>
      </button>
      {!folded && found.map(({ block }) => <LibraryRow key={block.id} block={block} />)}
    </section>
  );
}

export function LibraryRow({ block }: { block: LibraryBlock }) {
  const type = libraryType(block.id);
  const add = () => {
    insertNode(type);
    focusCanvas();
  };
  return (
    <button
      type="button"
      className="side-row"
      data-row
      tabIndex={-1}
      draggable
      title={`${block.help} Book ${block.section}.\nDrag it, or press Enter to add it to the selection; its definition comes with it.`}
      onDragStart={(event) => startLayerDrag(event.dataTransfer, type)}
      onDoubleClick={add}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        event.stopPropagation();
        add();
      }}
    >
      <FamilyIcon family="block" />
      <span className="side-title">{block.title}</span>
      <span className="side-note">{block.section}</span>
    </button>
  );
}
