import { contextBridge, type IpcRendererEvent, ipcRenderer } from "electron";
import type { HostEvent } from "../src/host/contract.ts";
import { bridged, channels } from "./channels.ts";

/**
 * All that the page gets of Electron: `window.netloomHost`, the methods of Host and `onEvent`. Methods answer
 * `{ ok, value }` or `{ ok, code, message }`, because errors lose their code on the way; `createBridgeHost` unwraps them.
 */
const methods = Object.fromEntries(
  Object.keys(bridged).map((method) => [method, (...args: readonly unknown[]) => ipcRenderer.invoke(channels.call, method, args)]),
);

contextBridge.exposeInMainWorld("netloomHost", {
  ...methods,
  onEvent(listener: (event: HostEvent) => void) {
    const heard = (_: IpcRendererEvent, event: HostEvent) => listener(event);
    ipcRenderer.on(channels.event, heard);
    ipcRenderer.send(channels.listen);
    return () => {
      ipcRenderer.off(channels.event, heard);
    };
  },
});
