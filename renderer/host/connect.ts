import { createBridgeHost, createHttpHost, type HostBridge } from "../../src/host/client.ts";
import type { Host } from "../../src/host/contract.ts";

declare global {
  interface Window {
    /** Put there by Electron's preload; absent in a browser. */
    readonly netloomHost?: HostBridge;
  }
}

let connected: Promise<Host> | undefined;

/** The machine that this window runs on: through Electron's bridge, else over HTTP. One connection a window. */
export function connectHost(): Promise<Host> {
  connected ??= Promise.resolve(
    window.netloomHost === undefined ? createHttpHost({ baseUrl: window.location.origin }) : createBridgeHost(window.netloomHost),
  );
  return connected;
}
