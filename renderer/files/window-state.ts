import type { Host, HostInfo } from "../../src/host/contract.ts";
import { useDocument } from "../stores/document.ts";
import type { Workspace } from "./workspace.ts";

/** The window's title, and what happens when it is closed or hidden. Returns how to stop. */
export function watchWindow(host: Pick<Host, "setWindowState">, info: HostInfo, workspace: Workspace, onHide: () => void): () => void {
  let told = "";
  const tell = () => {
    const { document, edited } = useDocument.getState();
    const title = `${edited ? "• " : ""}${document.name || "Untitled"} – Netloom`;
    if (title === told) return;
    told = title;
    window.document.title = title;
    void host.setWindowState({ title: title.slice(0, 300), edited }).catch(() => undefined);
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
    window.removeEventListener("beforeunload", onBeforeUnload);
    window.removeEventListener("pagehide", onPageHide);
    window.document.removeEventListener("visibilitychange", onVisibility);
  };
}
