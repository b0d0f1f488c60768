import { withServices } from "../host/services.ts";
import { useNow } from "../runs/use-now.ts";
import { openDialog } from "../stores/interface.ts";
import { formatAgo } from "../training/format.ts";
import { Button, Dialog } from "../ui/index.ts";
import { useFiles } from "./store.ts";
import { baseName } from "./workspace.ts";
import "./files.css";

/** Work left behind by windows that were closed or crashed before it was saved. */
export function RecoveryDialog() {
  const recoverable = useFiles((files) => files.recoverable);
  const now = useNow(15_000);
  const close = () => openDialog(recoverable.length === 0 ? { kind: "gallery" } : null);
  return (
    <Dialog
      title="There is unsaved work from before"
      about="It was put by when its window closed. Recover it, or discard it for good."
      onClose={close}
      footer={<Button onClick={() => openDialog({ kind: "gallery" })}>Decide later</Button>}
    >
      {recoverable.length === 0 && <p className="browser-note">Nothing is left to recover.</p>}
      <ul className="recovery-list">
        {recoverable.map((autosave) => (
          <li key={autosave.key}>
            <span className="recovery-name">
              <b>{autosave.name || "Untitled"}</b>
              <span>
                {autosave.path === undefined ? "never saved to a file" : `changes to ${baseName(autosave.path)}`} · {formatAgo(autosave.saved, now)}
              </span>
            </span>
            <Button tone="quiet" onClick={() => withServices(({ workspace }) => workspace.discard(autosave))}>
              Discard
            </Button>
            <Button tone="primary" onClick={() => withServices(({ workspace }) => workspace.recover(autosave))}>
              Recover
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
