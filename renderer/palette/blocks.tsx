import { Ellipsis, Plus } from "lucide-react";
import { useState } from "react";
import { instancesOf, removeBlock, renameBlock } from "../../src/document/blocks.ts";
import { focusCanvas } from "../canvas/controller.ts";
import { startLayerDrag } from "../canvas/drop.ts";
import { openBlock } from "../commands/blocks.ts";
import { insertNode } from "../commands/insert.ts";
import { usableBlocks } from "../editor/add.ts";
import { isName } from "../editor/block-ports.ts";
import { plural } from "../editor/format.ts";
import { search } from "../editor/search.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { IconButton, Menu } from "../ui/index.ts";
import { Library } from "./library.tsx";
import { newBlock } from "./new-block.ts";
import "./palette.css";

/** The document's own blocks: take an instance, open, rename, remove. Below them the library. */
export function BlocksTab() {
  const [query, setQuery] = useState("");
  return (
    <div className="side-tab">
      <div className="side-search">
        <input
          type="search"
          className="input"
          placeholder="Find a block"
          aria-label="Find a block"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      <div className="side-list">
        <OwnBlocks query={query} />
        <Library query={query} />
      </div>
    </div>
  );
}

function OwnBlocks({ query }: { query: string }) {
  const [renaming, setRenaming] = useState<string | undefined>(undefined);
  const blocks = useDocument((state) => state.document.blocks);
  const names = Object.keys(blocks ?? {});
  const found = search(
    query,
    names.map((name) => ({ name, title: blocks?.[name]?.title ?? name, words: [name] })),
  );
  return (
    <section className="family" aria-label="This document">
      <p className="blocks-head">
        <span>This document</span>
        <IconButton label="New block" onClick={newBlock}>
          <Plus size={14} />
        </IconButton>
      </p>
      {names.length === 0 && (
        <p className="side-none">None yet. Take one from the library, or select some nodes and press Ctrl+G: they become a block.</p>
      )}
      {found.map(({ name }) =>
        renaming === name ? (
          <RenameRow key={name} name={name} onEnd={() => setRenaming(undefined)} />
        ) : (
          <BlockRow key={name} name={name} onRename={() => setRenaming(name)} />
        ),
      )}
      {names.length > 0 && found.length === 0 && <p className="side-none">No block of the document is called "{query}".</p>}
    </section>
  );
}

function BlockRow({ name, onRename }: { name: string; onRename: () => void }) {
  const block = useDocument((state) => state.document.blocks?.[name]);
  const uses = useDocument((state) => instancesOf(state.document, name));
  const usable = useDocument((state) => usableBlocks(state.document, openGraph(state)).includes(name));
  if (!block) return null;
  const add = () => {
    if (usable) {
      insertNode(`block:${name}`);
      focusCanvas();
    } else notify({ tone: "info", text: `${name} holds the block that is open: a block cannot contain itself.` });
  };
  const remove = () => {
    if (uses > 0) notify({ tone: "info", text: `${name} is used ${plural(uses, "time")}. Remove its instances first.` });
    else useDocument.getState().edit(`Remove block ${name}`, (document) => removeBlock(document, name));
  };
  return (
    <div className="block-row">
      <button
        type="button"
        className="side-row"
        data-row
        draggable={usable}
        title="Drag it, or press Enter to add an instance. Mod+Enter opens it."
        onDragStart={(event) => startLayerDrag(event.dataTransfer, `block:${name}`)}
        onDoubleClick={add}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) openBlock(name);
          else if (event.key === "Enter") add();
          else if (event.key === "F2") onRename();
          else if (event.key === "Delete") remove();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <FamilyIcon family="block" />
        <span className="side-title">{block.title ?? name}</span>
        <span className="side-note">{uses === 0 ? "unused" : `×${uses}`}</span>
      </button>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Actions of ${name}`}>
            <Ellipsis size={15} />
          </IconButton>
        }
        items={[
          { label: "Edit", run: () => openBlock(name) },
          { label: "Add an instance", disabled: !usable, run: add },
          { label: "Rename", run: onRename },
          "-",
          { label: "Remove", danger: true, disabled: uses > 0, run: remove },
        ]}
      />
    </div>
  );
}

function RenameRow({ name, onEnd }: { name: string; onEnd: () => void }) {
  const [text, setText] = useState(name);
  const taken = useDocument((state) => text !== name && state.document.blocks?.[text] !== undefined);
  const wrong = taken ? "Another block has this name." : isName(text) ? undefined : "A letter first, then letters, digits, _ or -.";
  const end = (keep: boolean) => {
    if (keep && !wrong && text !== name) useDocument.getState().edit(`Rename block ${name}`, (document) => renameBlock(document, name, text));
    onEnd();
  };
  return (
    <div className="block-rename">
      <input
        className="input"
        aria-label={`Name of block ${name}`}
        aria-invalid={wrong !== undefined}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to type here
        autoFocus
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
        onBlur={() => end(true)}
        onKeyDown={(event) => {
          if (event.key === "Enter") end(true);
          if (event.key === "Escape") end(false);
        }}
      />
      {wrong && <p className="field-error">{wrong}</p>}
    </div>
  );
}
