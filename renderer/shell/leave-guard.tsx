import { useEffect } from "react";
import { useDocument } from "../stores/document.ts";

/** Asks before the window goes while there are changes that no file holds. Autosave keeps them all the same. */
export function LeaveGuard() {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const { edited, document } = useDocument.getState();
      if (edited && document.nodes.length > 0) event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  return null;
}
