import { ChevronDown, ChevronRight, Redo2, Search, Undo2 } from "lucide-react";
import { command, commandTitle, runCommand, useCommands } from "../commands/registry.ts";
import { useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";
import { RunControls } from "../training/controls.tsx";
import { IconButton, Keys, Menu, type MenuItem } from "../ui/index.ts";

/** Which document and block one is in, the search over everything, and the run's controls. */
export function TopBar() {
  const name = useDocument((state) => state.document.name);
  return (
    <header className="top-bar">
      <h1 className="sr-only">Netloom: {name || "Untitled"}</h1>
      <MainMenu />
      <Breadcrumbs />
      <History />
      <span className="spacer" />
      <button type="button" className="command-box" onClick={() => openDialog({ kind: "palette" })}>
        <Search size={14} aria-hidden="true" />
        <span>Search layers, commands, nodes</span>
        <Keys keys="Mod+K" />
      </button>
      <span className="spacer" />
      <RunControls />
    </header>
  );
}

/** The commands of the group "File", and the few that everybody looks for in a menu. */
function MainMenu() {
  const commands = useCommands((state) => state.commands);
  useDocument((state) => state.revision);
  const file = [...commands.values()].filter((entry) => entry.group === "File" && !entry.hidden).map((entry) => entry.id);
  const list = [...file, ...(file.length > 0 ? ["-"] : []), "view.theme", "view.shortcuts"];
  const items = list.flatMap((id): MenuItem[] => {
    if (id === "-") return ["-"];
    const entry = command(id);
    if (!entry) return [];
    const Icon = entry.icon;
    return [
      {
        label: commandTitle(entry),
        ...(entry.keys && { keys: entry.keys }),
        ...(Icon && { icon: <Icon size={14} /> }),
        disabled: entry.enabled?.() === false,
        run: () => runCommand(id),
      },
    ];
  });
  return (
    <Menu
      items={items}
      trigger={
        <button type="button" className="mark" aria-label="Netloom menu">
          <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">
            <path d="M2 3v12M16 3v12M2 5c7 0 7 8 14 8M2 13c7 0 7-8 14-8" fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round" />
          </svg>
          <span className="mark-name">Netloom</span>
          <ChevronDown size={13} aria-hidden="true" />
        </button>
      }
    />
  );
}

/** The document, and the blocks one has opened; each step leads back. */
function Breadcrumbs() {
  const name = useDocument((state) => state.document.name);
  const edited = useDocument((state) => state.edited);
  const trail = useDocument((state) => state.trail);
  const blocks = useDocument((state) => state.document.blocks);
  const leave = useDocument((state) => state.leave);
  const steps = [name || "Untitled", ...trail.map((block) => blocks?.[block]?.title ?? block)];
  return (
    <nav className="crumbs" aria-label="Where you are">
      {steps.map((step, depth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its depth
        <span key={depth} className="crumb">
          {depth > 0 && <ChevronRight size={13} aria-hidden="true" />}
          <button type="button" aria-current={depth === steps.length - 1 ? "page" : undefined} onClick={() => leave(depth)} title={step}>
            {step}
          </button>
        </span>
      ))}
      {edited && (
        <span className="crumb-edited" title="There are changes that no file holds yet">
          edited
        </span>
      )}
    </nav>
  );
}

function History() {
  const undoLabel = useDocument((state) => state.undoLabel);
  const redoLabel = useDocument((state) => state.redoLabel);
  return (
    <div className="history" role="toolbar" aria-label="History">
      <IconButton
        label={undoLabel ? `Undo: ${undoLabel}` : "Nothing to undo"}
        keys="Mod+Z"
        disabled={!undoLabel}
        onClick={() => runCommand("edit.undo")}
      >
        <Undo2 size={16} />
      </IconButton>
      <IconButton
        label={redoLabel ? `Redo: ${redoLabel}` : "Nothing to redo"}
        keys="Mod+Shift+Z"
        disabled={!redoLabel}
        onClick={() => runCommand("edit.redo")}
      >
        <Redo2 size={16} />
      </IconButton>
    </div>
  );
}
