import { useImport } from "./data/import.ts";
import { type DialogState, useInterface } from "./stores/interface.ts";
import { late } from "./ui/late.tsx";

const ConfirmDialog = late(async () => (await import("./files/confirm-dialog.tsx")).ConfirmDialog);
const OpenDialog = late(async () => (await import("./files/open-dialog.tsx")).OpenDialog);
const SaveAsDialog = late(async () => (await import("./files/save-as-dialog.tsx")).SaveAsDialog);
const GalleryDialog = late(async () => (await import("./gallery/dialog.tsx")).GalleryDialog);
const AnalysisDialog = late(async () => (await import("./analysis/dialog.tsx")).AnalysisDialog);
const CarryOverDialog = late(async () => (await import("./carry-over/dialog.tsx")).CarryOverDialog);
const ExportDialog = late(async () => (await import("./export/dialog.tsx")).ExportDialog);
const ImportDialog = late(async () => (await import("./data/import-dialog.tsx")).ImportDialog);
const TokensDialog = late(async () => (await import("./tokens/dialog.tsx")).TokensDialog);
const BackendsDialog = late(async () => (await import("./engine/backends-dialog.tsx")).BackendsDialog);
const RecoveryDialog = late(async () => (await import("./files/recovery-dialog.tsx")).RecoveryDialog);
const CommandPalette = late(async () => (await import("./commands/palette.tsx")).CommandPalette);
const Shortcuts = late(async () => (await import("./commands/shortcuts.tsx")).Shortcuts);

/** The dialog that is open, and the one about data that is being brought in. */
export function Dialogs() {
  const dialog = useInterface((state) => state.dialog);
  const importing = useImport((state) => state.current !== undefined);
  return (
    <>
      {dialog && <Opened dialog={dialog} />}
      {importing && <ImportDialog />}
    </>
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
    case "analyses":
      return <AnalysisDialog chosen={dialog.chosen} />;
    case "carry-over":
      return <CarryOverDialog asked={dialog.run} />;
    case "tokens":
      return <TokensDialog data={dialog.data} />;
    case "backends":
      return <BackendsDialog />;
    case "recovery":
      return <RecoveryDialog />;
    case "confirm":
      return <ConfirmDialog confirm={dialog.confirm} />;
    case "shortcuts":
      return <Shortcuts />;
    case "palette":
    case "find":
      return <CommandPalette key={dialog.kind} nodesOnly={dialog.kind === "find"} />;
  }
  dialog satisfies never;
}
