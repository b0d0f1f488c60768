import { useMemo } from "react";
import { withServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { canContinue, useSession } from "./store.ts";
import { trainedKey } from "./trained.ts";

/** Whether the open document is no longer the one that the shown run trained. */
export function useStale(): boolean {
  const key = useSession((session) => session.trainedKey);
  const document = useDocument((state) => state.document);
  return useMemo(() => key !== undefined && key !== trainedKey(document), [key, document]);
}

/** Says so once the document has moved on from what was trained, with the way back. */
export function StaleNotice() {
  const stale = useStale();
  const goesOn = useSession(canContinue);
  const trained = useSession((session) => (session.run === undefined ? undefined : session.document));
  if (!stale || trained === undefined) return null;
  const reopen = () => withServices(({ workspace }) => workspace.guard(() => void workspace.openNew(trained)));
  return (
    <p className="desk-stale" role="status">
      These results belong to the graph as it was trained{goesOn ? "; Resume continues that one" : ""}.
      <button type="button" className="link" onClick={reopen}>
        Reopen that graph
      </button>
    </p>
  );
}
