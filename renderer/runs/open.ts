import { withServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { notify } from "../stores/interface.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";
import { trainedKey } from "../training/trained.ts";

/** Shows a kept run: its curves in the training desk, and its graph on the canvas unless the open one is the same. */
export function openRun(id: string): void {
  withServices(async ({ session, workspace }) => {
    try {
      await session.show(id);
    } catch (error) {
      notify({ tone: "bad", text: `The run could not be opened: ${reason(error)}` });
      return;
    }
    const { document, trainedKey: trained } = useSession.getState();
    if (document === undefined || trained === trainedKey(useDocument.getState().document)) return;
    workspace.guard(() => void workspace.openNew(document));
  });
}
