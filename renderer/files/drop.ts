import { droppedFiles } from "../data/dropped.ts";
import { importFiles } from "../data/import.ts";
import { withServices } from "../host/services.ts";
import { notify } from "../stores/interface.ts";
import { reason } from "../training/session.ts";

const isDocument = (name: string): boolean => /\.(netloom|json)$/i.test(name);

/** Files dropped on the window: a document is opened, anything else is looked at as data. Returns how to stop. */
export function listenToDrops(): () => void {
  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
  const onDragOver = (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  };
  const onDrop = (event: DragEvent) => {
    if (!carriesFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    droppedFiles(event.dataTransfer).then(
      async (files) => {
        const [first] = files;
        if (first === undefined) return;
        if (files.length > 1 || !isDocument(first.file.name)) {
          await importFiles(files);
          return;
        }
        const text = await first.file.text();
        withServices(({ workspace }) => workspace.guard(() => void workspace.openText(first.file.name, text)));
      },
      (error: unknown) => notify({ tone: "bad", text: `What was dropped could not be read: ${reason(error)}` }),
    );
  };
  window.addEventListener("dragover", onDragOver);
  window.addEventListener("drop", onDrop);
  return () => {
    window.removeEventListener("dragover", onDragOver);
    window.removeEventListener("drop", onDrop);
  };
}
