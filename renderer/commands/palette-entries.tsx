import { LayoutTemplate } from "lucide-react";
import type { ReactNode } from "react";
import type { LibraryBlock } from "../../src/document/library.ts";
import { registry } from "../../src/layers/registry.ts";
import { goTo } from "../canvas/controller.ts";
import { shownGraph } from "../editor/graph.ts";
import { librarySearch, libraryType } from "../editor/library.ts";
import { nodeInfo, nodeTitle } from "../editor/node-info.ts";
import { openTemplate, type Template } from "../gallery/templates.ts";
import { withServices } from "../host/services.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { reason } from "../training/session.ts";
import { Keys } from "../ui/index.ts";
import { fitsSelection, insertNode } from "./insert.ts";
import { commandTitle, useCommands } from "./registry.ts";

/** What the palette finds: commands, layers, nodes and templates, all alike. */
export interface Entry {
  readonly id: string;
  readonly title: string;
  readonly words?: readonly string[];
  readonly weight?: number;
  readonly group: "Commands" | "Add a layer" | "Add a block" | "Go to a node" | "Open a template";
  readonly sign?: ReactNode;
  readonly note?: ReactNode;
  /** Comes before others that the words mean as well. */
  preferred?(): boolean;
  run(): void;
}

export function commandEntries(): readonly Entry[] {
  return [...useCommands.getState().commands.values()]
    .filter((entry) => !entry.hidden && entry.enabled?.() !== false)
    .map((entry) => ({
      id: entry.id,
      title: commandTitle(entry),
      words: [entry.group, ...(entry.aliases ?? [])],
      group: "Commands",
      ...(entry.icon && { sign: <entry.icon size={15} /> }),
      ...(entry.keys && { note: <Keys keys={entry.keys} /> }),
      run: () => entry.run(),
    }));
}

export const layerEntries = (): readonly Entry[] =>
  [...registry.values()].map((layer) => ({
    id: `layer ${layer.type}`,
    title: layer.title,
    words: [layer.type, ...(layer.aliases ?? [])],
    group: "Add a layer",
    sign: <FamilyIcon type={layer.type} family={layer.family} />,
    note: <span className="palette-note">{layer.explain.summary}</span>,
    preferred: () => fitsSelection(layer.type),
    run: () => void insertNode(layer.type),
  }));

/** The library of blocks, once it has been fetched. */
export const libraryEntries = (blocks: readonly LibraryBlock[]): readonly Entry[] =>
  blocks.map((block) => ({
    id: `library ${block.id}`,
    ...librarySearch(block),
    group: "Add a block",
    sign: <FamilyIcon family="block" />,
    note: <span className="palette-note">{block.help}</span>,
    preferred: () => fitsSelection(libraryType(block.id)),
    run: () => void insertNode(libraryType(block.id)),
  }));

/** Nodes of the open graph first, then those of the other graphs. */
export function nodeEntries(): readonly Entry[] {
  const state = useDocument.getState();
  const open = openGraph(state);
  const graphs = [open, ...["", ...Object.keys(state.document.blocks ?? {})].filter((name) => name !== open)];
  return graphs.flatMap((graph) =>
    shownGraph(state.document, graph).nodes.map((node): Entry => {
      const info = nodeInfo(state.document, graph, node, state.env);
      return {
        id: `node ${graph}/${node.id}`,
        title: nodeTitle(node, info),
        words: [node.id, node.type, info.title],
        group: "Go to a node",
        sign: <FamilyIcon type={node.type} family={info.family} />,
        note: <span className="palette-note">{[graph, node.id].filter(Boolean).join(" › ")}</span>,
        run: () => goTo(graph, node.id),
      };
    }),
  );
}

export const templateEntries = (templates: readonly Template[]): readonly Entry[] =>
  templates.map(({ id, name, about }) => ({
    id: `template ${id}`,
    title: name,
    words: [id, about?.chapter ?? "", "template"],
    group: "Open a template",
    sign: <LayoutTemplate size={15} />,
    note: <span className="palette-note">{about?.chapter}</span>,
    run: () =>
      withServices(({ workspace }) =>
        openTemplate(id).then(
          (document) => workspace.guard(() => void workspace.openNew(document)),
          (error: unknown) => notify({ tone: "bad", text: reason(error) }),
        ),
      ),
  }));
