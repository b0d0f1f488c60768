import { ChevronDown } from "lucide-react";
import { useEffect, useState } from "react";
import type { LibraryBlock } from "../../src/document/library.ts";
import { librarySearch, libraryType, useLibrary } from "../editor/library.ts";
import { search } from "../editor/search.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { Addable } from "./addable.tsx";
import { loadLibrary } from "./load-library.ts";
import "./palette.css";

/** What the chapters of the book are about, where there are blocks. */
const chapters: Readonly<Record<string, string>> = {
  10: "Convolution",
  11: "Residual networks",
  12: "Transformers",
  13: "Graphs",
  15: "Adversarial networks",
  16: "Flows",
  17: "Latent variables",
};
const chapterOf = ({ section }: LibraryBlock): string => section.split(".")[0] ?? "";

/** The ready blocks that Netloom brings, by chapter of the book; those that the query finds. */
export function Library({ query }: { query: string }) {
  const blocks = useLibrary((state) => state.blocks);
  const [fault, setFault] = useState<string | undefined>(undefined);
  useEffect(() => {
    loadLibrary().catch((thrown: unknown) => setFault(thrown instanceof Error ? thrown.message : String(thrown)));
  }, []);
  const found = search(
    query,
    blocks.map((block) => ({ block, ...librarySearch(block) })),
  ).map(({ block }) => block);
  if (fault !== undefined) return <p className="side-none">{fault}</p>;
  if (query !== "") return found.map((block) => <LibraryRow key={block.id} block={block} />);
  const present = [...new Set(found.map(chapterOf))].sort((a, b) => Number(a) - Number(b));
  return present.map((chapter) => (
    <Chapter key={chapter} title={chapters[chapter] ?? `Chapter ${chapter}`} blocks={found.filter((block) => chapterOf(block) === chapter)} />
  ));
}

function Chapter({ title, blocks }: { title: string; blocks: readonly LibraryBlock[] }) {
  const [folded, setFolded] = useState(false);
  return (
    <section className="family" aria-label={`Library: ${title}`}>
      <button type="button" className="family-head" data-row aria-expanded={!folded} onClick={() => setFolded(!folded)}>
        <ChevronDown size={12} aria-hidden="true" />
        <span>{title}</span>
        <span className="family-count">{blocks.length}</span>
      </button>
      {!folded && blocks.map((block) => <LibraryRow key={block.id} block={block} />)}
    </section>
  );
}

export const LibraryRow = ({ block }: { block: LibraryBlock }) => (
  <Addable
    type={libraryType(block.id)}
    title={block.title}
    hint={`${block.help} Book ${block.section}.\nDrag it, or press Enter to add it to the selection; its definition comes with it.`}
    icon={<FamilyIcon family="block" />}
  />
);
