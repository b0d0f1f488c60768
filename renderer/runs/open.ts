import { withServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";
import { trainedKey } from "../training/trained.ts";

/**
 * Shows a kept run: its curves in the training desk, and its graph on the canvas unless the open one is the same.
 * Unsaved work stays on the canvas; the desk says then that the curves belong to another graph, and offers it.
 */
export function openRun(id: string): void {
  withServices(async ({ session, workspace }) => {
    try {
      await session.show(id);
    } catch (error) {
      notify({ tone: "bad", text: `The run could not be opened: ${reason(error)}` });
      return;
    }
    const { document, trainedKey: trained } = useSession.getState();
    const open = useDocument.getState();
    if (document === undefined || open.edited || trained === trainedKey(open.document)) return;
    void workspace.openNew(document);
  });
}
