import { Command as Cmdk } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useState } from "react";
import { registry } from "../../src/layers/registry.ts";
import { goTo } from "../canvas/controller.ts";
import { shownGraph } from "../editor/graph.ts";
import { nodeInfo, nodeTitle } from "../editor/node-info.ts";
import { score } from "../editor/search.ts";
import { openGraph, useDocument } from "../stores/document.ts";
import { openDialog, useInterface } from "../stores/interface.ts";
import { FamilyIcon } from "../theme/icons.tsx";
import { Keys } from "../ui/index.ts";
import { insertNode } from "./insert.ts";
import "./palette.css";
import { commandTitle, useCommands } from "./registry.ts";

/** Everything by typing: commands, layers to add, nodes to go to. "Find node" is the same, with nodes alone. */
export function CommandPalette() {
  const kind = useInterface((state) => state.dialog?.kind);
  return kind === "palette" || kind === "find" ? <Palette nodesOnly={kind === "find"} /> : null;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly words: readonly string[];
  readonly group: "Commands" | "Add a layer" | "Go to a node";
  readonly sign?: React.ReactNode;
  readonly note?: React.ReactNode;
  run(): void;
}

function Palette({ nodesOnly }: { nodesOnly: boolean }) {
  const [query, setQuery] = useState("");
  const all = [...(nodesOnly ? [] : commandEntries()), ...(nodesOnly ? [] : layerEntries()), ...nodeEntries()];
  const found = all
    .map((entry, index) => ({ entry, index, score: score(query, entry) }))
    .filter((hit) => hit.score > 0)
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, query === "" && !nodesOnly ? 200 : 80)
    .map((hit) => hit.entry);
  const groups = [...new Set(found.map((entry) => entry.group))];
  const take = (entry: Entry) => {
    openDialog(null);
    setTimeout(entry.run, 0);
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && openDialog(null)}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="palette" aria-describedby={undefined}>
          <Radix.Title className="sr-only">{nodesOnly ? "Find node" : "Search"}</Radix.Title>
          <Cmdk shouldFilter={false} loop label={nodesOnly ? "Find node" : "Search commands, layers and nodes"}>
            <Cmdk.Input
              className="palette-input"
              value={query}
              onValueChange={setQuery}
              placeholder={nodesOnly ? "Find a node by name, id or type" : "Search layers, commands, nodes"}
            />
            <Cmdk.List className="palette-list">
              <Cmdk.Empty className="palette-none">Nothing is called "{query}".</Cmdk.Empty>
              {groups.map((group) => (
                <Cmdk.Group key={group} heading={group} className="palette-group">
                  {found
                    .filter((entry) => entry.group === group)
                    .map((entry) => (
                      <Cmdk.Item key={entry.id} value={entry.id} className="palette-item" onSelect={() => take(entry)}>
                        <span className="palette-sign">{entry.sign}</span>
                        <span className="palette-title">{entry.title}</span>
                        {entry.note}
                      </Cmdk.Item>
                    ))}
                </Cmdk.Group>
              ))}
            </Cmdk.List>
          </Cmdk>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function commandEntries(): readonly Entry[] {
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

const layerEntries = (): readonly Entry[] =>
  [...registry.values()].map((layer) => ({
    id: `layer ${layer.type}`,
    title: layer.title,
    words: [layer.type, ...(layer.aliases ?? [])],
    group: "Add a layer",
    sign: <FamilyIcon type={layer.type} family={layer.family} />,
    note: <span className="palette-note">{layer.explain.summary}</span>,
    run: () => void insertNode(layer.type),
  }));

/** Nodes of the open graph first, then those of the other graphs. */
function nodeEntries(): readonly Entry[] {
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
