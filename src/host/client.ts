import { type Answer, unwrap } from "./answer.ts";
import { type Host, HostError, type HostEvent, type HostMethod, hostMethods } from "./contract.ts";
import { decodeWire, encodeWire, wireType } from "./wire.ts";

/**
 * Hosts for the page: over HTTP and a WebSocket (`netloom serve`), or through the bridge of Electron's preload.
 * Nothing of Node is imported here.
 */

/** What a host's methods have in common: they are all made from one `call`. */
type Call = (method: HostMethod, args: readonly unknown[]) => Promise<unknown>;

export interface EventSocket {
  close(): void;
}
export type OpenSocket = (url: string, heard: (message: unknown) => void, closed: () => void) => EventSocket;

export interface HttpHostOptions {
  /** `http://127.0.0.1:5173`, without a slash at the end. */
  readonly baseUrl: string;
  readonly fetch?: (url: string, init: { method: "POST"; headers: Record<string, string>; body: Uint8Array<ArrayBuffer> }) => Promise<Response>;
  readonly openSocket?: OpenSocket;
}

/** The cookie that the first visit has set goes with every call; the page needs no token. */
export function createHttpHost(options: HttpHostOptions): Host & { dispose(): void } {
  const send = options.fetch ?? ((url, init) => fetch(url, init));
  const openSocket = options.openSocket ?? openWebSocket;
  const client = crypto.randomUUID();
  const events = createEvents();
  let socket: EventSocket | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let disposed = false;

  function connect(): void {
    socket = openSocket(
      `${options.baseUrl.replace(/^http/, "ws")}/events?client=${client}`,
      (message) => {
        const event = typeof message === "string" ? parseEvent(message) : undefined;
        if (event !== undefined) events.tell(event);
      },
      () => {
        if (!disposed) retry = setTimeout(connect, 1000);
      },
    );
  }
  connect();

  const host = hostOf(async (method, args) => {
    const response = await send(`${options.baseUrl}/api/${method}`, {
      method: "POST",
      headers: { "content-type": wireType, "x-netloom-client": client },
      body: encodeWire(args),
    }).catch(() => {
      throw new HostError("failed", "Netloom's server does not answer. Is it still running in its terminal? Your work is still here.");
    });
    if (response.headers.get("content-type") !== wireType)
      throw new HostError("failed", `Netloom's server refused (${response.status}). Open the app again from the address in its terminal.`);
    return unwrap(parseAnswer(decodeWire(new Uint8Array(await response.arrayBuffer()))));
  }, events);

  return {
    ...host,
    dispose() {
      disposed = true;
      clearTimeout(retry);
      socket?.close();
      events.clear();
    },
  };
}

const openWebSocket: OpenSocket = (url, heard, closed) => {
  const socket = new WebSocket(url);
  socket.onmessage = (event) => heard(event.data);
  socket.onclose = closed;
  return socket;
};

/** What Electron's preload puts on the window: the methods of Host, which answer instead of throwing. */
export type HostBridge = { readonly [M in HostMethod]: (...args: readonly unknown[]) => Promise<unknown> } & {
  onEvent(listener: (event: HostEvent) => void): () => void;
};

/** The host behind the preload's bridge. */
export function createBridgeHost(bridge: HostBridge): Host {
  const events = createEvents();
  bridge.onEvent(events.tell);
  return hostOf(async (method, args) => unwrap(parseAnswer(await bridge[method](...args))), events);
}

/** Listeners, and what has come before there was one: a document to open at once arrives early. */
function createEvents() {
  const listeners = new Set<(event: HostEvent) => void>();
  let early: HostEvent[] = [];
  return {
    tell(event: HostEvent): void {
      if (listeners.size === 0) early.push(event);
      for (const listener of [...listeners]) listener(event);
    },
    listen(listener: (event: HostEvent) => void): () => void {
      listeners.add(listener);
      for (const event of early.splice(0)) listener(event);
      return () => listeners.delete(listener);
    },
    clear(): void {
      listeners.clear();
      early = [];
    },
  };
}

function hostOf(call: Call, events: ReturnType<typeof createEvents>): Host {
  const methods: Record<string, unknown> = {};
  for (const method of Object.keys(hostMethods)) methods[method] = (...args: readonly unknown[]) => call(method as HostMethod, args);
  return { ...methods, onEvent: events.listen } as Host;
}

function parseAnswer(raw: unknown): Answer {
  if (typeof raw !== "object" || raw === null || !("ok" in raw)) throw new HostError("failed", "Netloom's host gave an answer that cannot be read.");
  return raw as Answer;
}

function parseEvent(text: string): HostEvent | undefined {
  try {
    return JSON.parse(text) as HostEvent;
  } catch {
    return undefined;
  }
}
