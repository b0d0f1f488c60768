import { useNow } from "../runs/use-now.ts";
import { useDocument } from "../stores/document.ts";
import { formatAgo } from "../training/format.ts";
import { useFiles } from "./store.ts";
import { baseName } from "./workspace.ts";
import "./files.css";

/** In the status bar: whether the work is saved, and when it was last put by. */
export function SaveStatus() {
  const { saving, autosaved, autosaveFault, fileNote } = useFiles((files) => files);
  const edited = useDocument((document) => document.edited);
  const file = useDocument((document) => document.file);
  const now = useNow(1000);
  const where = file === undefined ? undefined : baseName(file.path);
  if (autosaveFault !== undefined && edited)
    return (
      <span className="save-status" data-tone="bad" title={autosaveFault}>
        Not saved: {autosaveFault}
      </span>
    );
  const parts: string[] = [];
  if (saving) parts.push("Saving …");
  else if (fileNote !== undefined) parts.push(`${where} was ${fileNote === "deleted" ? "deleted" : "changed elsewhere"}`);
  else if (edited) parts.push(where === undefined ? "Not in a file yet" : "Unsaved changes");
  else if (where !== undefined) parts.push("Saved");
  if (edited && autosaved !== undefined) parts.push(`autosaved ${formatAgo(autosaved, now)}`);
  return (
    <span className="save-status" data-tone={fileNote === undefined ? undefined : "bad"} title={file?.path}>
      {parts.join(" · ")}
    </span>
  );
}
