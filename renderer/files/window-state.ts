import type { Host, HostInfo } from "../../src/host/contract.ts";
import { useDocument } from "../stores/document.ts";
import type { Workspace } from "./workspace.ts";

/** Milliseconds after an edit: some frames. */
const moment = 50;

/** The window's title, and what happens when it is closed or hidden. Returns how to stop. */
export function watchWindow(host: Pick<Host, "setWindowState">, info: HostInfo, workspace: Workspace, onHide: () => void): () => void {
  let told = "";
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    const { document, edited } = useDocument.getState();
    const title = `${edited ? "• " : ""}${document.name || "Untitled"} – Netloom`;
    if (title === told) return;
    told = title;
    window.document.title = title;
    // No keystroke and no drag waits for the message to be sent.
    waiting ??= setTimeout(() => {
      waiting = undefined;
      const { edited } = useDocument.getState();
      void host.setWindowState({ title: told.slice(0, 300), edited }).catch(() => undefined);
    }, moment);
  };
  tell();
  const stop = useDocument.subscribe(tell);

  // Electron asks by itself, from what it was told: there, preventing the unload would silently keep the window open.
  const onBeforeUnload = (event: BeforeUnloadEvent) => {
    workspace.remember();
    if (info.shell === "serve" && useDocument.getState().edited) event.preventDefault();
  };
  const onPageHide = () => workspace.remember();
  const onVisibility = () => {
    if (window.document.visibilityState !== "hidden") return;
    workspace.remember();
    void workspace.flush();
    onHide();
  };
  window.addEventListener("beforeunload", onBeforeUnload);
  window.addEventListener("pagehide", onPageHide);
  window.document.addEventListener("visibilitychange", onVisibility);
  return () => {
    stop();
    clearTimeout(waiting);
    window.removeEventListener("beforeunload", onBeforeUnload);
    window.removeEventListener("pagehide", onPageHide);
    window.document.removeEventListener("visibilitychange", onVisibility);
  };
}
