import { Command as Cmdk } from "cmdk";
import { Dialog as Radix } from "radix-ui";
import { useEffect, useState } from "react";
import { useLibrary } from "../editor/library.ts";
import { score } from "../editor/search.ts";
import { listTemplates, type Template } from "../gallery/templates.ts";
import { openDialog } from "../stores/interface.ts";
import "./palette.css";
import { commandEntries, type Entry, layerEntries, libraryEntries, nodeEntries, templateEntries } from "./palette-entries.tsx";

/** Everything by typing: commands, layers to add, nodes to go to. "Find node" is the same, with nodes alone. */
export function CommandPalette({ nodesOnly }: { nodesOnly: boolean }) {
  const [query, setQuery] = useState("");
  const templates = useTemplates(!nodesOnly);
  const library = useLibrary((state) => state.blocks);
  const all = nodesOnly
    ? nodeEntries()
    : [...commandEntries(), ...layerEntries(), ...libraryEntries(library), ...nodeEntries(), ...templateEntries(templates)];
  const found = all
    .map((entry, index) => ({ entry, index, score: score(query, entry) }))
    .filter((hit) => hit.score > 0)
    .map((hit) => ({ ...hit, last: query !== "" && hit.entry.preferred?.() ? 0 : 1 }))
    .toSorted((a, b) => b.score - a.score || a.last - b.last || a.index - b.index)
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
              placeholder={nodesOnly ? "Find a node by name, id or type" : "Search layers, commands, nodes, templates"}
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

/** The templates, fetched once the palette is open; none if they cannot be had. */
function useTemplates(wanted: boolean): readonly Template[] {
  const [templates, setTemplates] = useState<readonly Template[]>([]);
  useEffect(() => {
    if (!wanted) return;
    let live = true;
    listTemplates().then(
      (list) => live && setTemplates(list),
      () => undefined,
    );
    return () => {
      live = false;
    };
  }, [wanted]);
  return templates;
}
