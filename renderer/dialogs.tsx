import { lazy, Suspense } from "react";
import { ImportDialog } from "./data/import-dialog.tsx";
import { BackendsDialog } from "./engine/backends-dialog.tsx";
import { ConfirmDialog } from "./files/confirm-dialog.tsx";
import { OpenDialog } from "./files/open-dialog.tsx";
import { RecoveryDialog } from "./files/recovery-dialog.tsx";
import { SaveAsDialog } from "./files/save-as-dialog.tsx";
import { type DialogState, useInterface } from "./stores/interface.ts";

const GalleryDialog = lazy(async () => ({ default: (await import("./gallery/dialog.tsx")).GalleryDialog }));
const ExportDialog = lazy(async () => ({ default: (await import("./export/dialog.tsx")).ExportDialog }));

/** The dialogs about documents, data, runs and exports; the editor draws its own. */
export function DeskDialogs() {
  const dialog = useInterface((state) => state.dialog);
  return (
    <Suspense fallback={null}>
      {dialog && <Opened dialog={dialog} />}
      <ImportDialog />
    </Suspense>
  );
}

function Opened({ dialog }: { dialog: DialogState }) {
  switch (dialog.kind) {
    case "gallery":
      return <GalleryDialog />;
    case "open":
      return <OpenDialog />;
    case "save-as":
      return <SaveAsDialog then={dialog.then} />;
    case "export":
      return <ExportDialog run={dialog.run} />;
    case "backends":
      return <BackendsDialog />;
    case "recovery":
      return <RecoveryDialog />;
    case "confirm":
      return <ConfirmDialog confirm={dialog.confirm} />;
    case "shortcuts":
    case "palette":
    case "find":
      return null;
  }
  dialog satisfies never;
}
