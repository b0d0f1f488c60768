import { Upload } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useDocument } from "../stores/document.ts";
import { plural } from "../training/format.ts";
import { Button, EmptyState, Menu, TextInput } from "../ui/index.ts";
import { DatasetItem } from "./dataset-item.tsx";
import { pickedFiles } from "./dropped.ts";
import { importFiles } from "./import.ts";
import { useData } from "./library.ts";
import "./data.css";

/** The data sets: what they hold, how many of each class, and the person's own. */
export function DataPanel() {
  const { entries, unreadable, state, fault } = useData((data) => data);
  const used = useDocument((document) => document.document.nodes.find((node) => node.type === "dataset")?.params?.name);
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<string>();
  const words = search.toLowerCase().trim();
  const found = useMemo(
    () => entries.filter(({ info }) => `${info.name} ${info.title} ${info.about}`.toLowerCase().includes(words)),
    [entries, words],
  );
  if (state === "failed") return <EmptyState title="The data sets cannot be listed">{fault}</EmptyState>;
  const groups = [
    { title: "Yours", list: found.filter((entry) => entry.user) },
    { title: "Bundled", list: found.filter((entry) => !entry.user) },
  ].filter((group) => group.list.length > 0);
  return (
    <div className="data-panel">
      <TextInput type="search" value={search} onChange={setSearch} placeholder="Find data" aria-label="Find data" />
      <div className="data-list">
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h2 className="data-group">
              {group.title}
              <span>{group.list.length}</span>
            </h2>
            {group.list.map((entry) => (
              <DatasetItem
                key={entry.info.name}
                entry={entry}
                used={used === entry.info.name}
                open={open === entry.info.name}
                onToggle={() => setOpen(open === entry.info.name ? undefined : entry.info.name)}
              />
            ))}
          </section>
        ))}
        {state === "ready" && found.length === 0 && <p className="data-quiet">No data set is called that.</p>}
        {unreadable.map(({ name, problems }) => (
          <Unreadable key={name} name={name} message={problems[0]?.message ?? ""} more={problems.length - 1} />
        ))}
      </div>
      <BringYourOwn />
    </div>
  );
}

function Unreadable({ name, message, more }: { name: string; message: string; more: number }) {
  return (
    <p className="data-unreadable">
      <b>{name}</b> cannot be used: {message} {more > 0 && `(and ${plural(more, "more problem")})`}
    </p>
  );
}

function BringYourOwn() {
  const file = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    void importFiles(pickedFiles(input.files));
    input.value = "";
  };
  return (
    <div className="data-own">
      <Menu
        side="top"
        trigger={
          <Button icon={<Upload size={14} />} className="data-own-button">
            Bring your own data
          </Button>
        }
        items={[
          { label: "A table (CSV), molecules (SMILES), edges, a text or a zip…", run: () => file.current?.click() },
          { label: "A folder of pictures, or of edges.csv and nodes.csv…", run: () => folder.current?.click() },
        ]}
      />
      <p className="data-quiet">Or drop it anywhere on the window.</p>
      <input
        ref={file}
        type="file"
        hidden
        accept=".csv,.tsv,.smi,.smiles,.txt,.md,.zip"
        aria-label="Choose a table, text or zip"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={folder}
        type="file"
        hidden
        multiple
        {...{ webkitdirectory: "" }}
        aria-label="Choose a folder of pictures or a graph"
        onChange={(event) => take(event.target)}
      />
    </div>
  );
}
