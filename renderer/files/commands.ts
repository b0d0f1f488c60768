import { Download, FilePlus, FolderOpen, LayoutTemplate, Save, SaveAll } from "lucide-react";
import { type Command, registerCommands } from "../commands/index.ts";
import { type Services, withServices } from "../host/services.ts";
import { emptyDocument, useDocument } from "../stores/document.ts";
import { openDialog } from "../stores/interface.ts";

const hasNodes = (): boolean => useDocument.getState().document.nodes.length > 0;

/** Another document takes the place of the open one, once its changes are safe. */
const replace = (open: (services: Services) => Promise<void>) => withServices((services) => services.workspace.guard(() => void open(services)));

const list: readonly Command[] = [
  {
    id: "file.new",
    title: "New document",
    group: "File",
    // In a browser Mod+N is the browser's own.
    keys: "Mod+Alt+N Mod+N",
    icon: FilePlus,
    aliases: ["blank"],
    run: () => replace(({ workspace }) => workspace.openNew(emptyDocument)),
  },
  {
    id: "gallery.open",
    title: "New from a template…",
    group: "File",
    keys: "Mod+Shift+Y",
    icon: LayoutTemplate,
    aliases: ["gallery", "example", "start"],
    run: () => openDialog({ kind: "gallery" }),
  },
  {
    id: "file.open",
    title: "Open…",
    group: "File",
    keys: "Mod+O",
    icon: FolderOpen,
    aliases: ["load"],
    run: () => replace(({ workspace }) => workspace.chooseAndOpen()),
  },
  { id: "file.save", title: "Save", group: "File", keys: "Mod+S", icon: Save, run: () => withServices(({ workspace }) => workspace.save()) },
  {
    id: "file.save-as",
    title: "Save as…",
    group: "File",
    keys: "Mod+Shift+S",
    icon: SaveAll,
    run: () => withServices(({ workspace }) => workspace.saveAs()),
  },
  {
    id: "export.open",
    title: "Export the model…",
    group: "File",
    keys: "Mod+E",
    icon: Download,
    aliases: ["tfjs", "safetensors", "download", "take away"],
    enabled: hasNodes,
    run: () => openDialog({ kind: "export" }),
  },
];

export const registerFileCommands = (): (() => void) => registerCommands(list);
