import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IpcMainEvent, IpcMainInvokeEvent } from "electron";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { bridged, channels } from "../../electron/channels.ts";
import { createExchange, type Exchange } from "../../electron/ipc.ts";
import { hostMethods } from "../../src/host/contract.ts";
import { createNodeHost, type NodeHost } from "../../src/host/node-host.ts";

type Handler = (event: unknown, ...args: unknown[]) => unknown;
const handlers = new Map<string, Handler>();
const keep =
  <E>() =>
  (channel: string, handler: (event: E, ...args: unknown[]) => unknown): void => {
    handlers.set(channel, (event, ...args) => Reflect.apply(handler, undefined, [event, ...args]));
  };
const ipc = { handle: keep<IpcMainInvokeEvent>(), on: keep<IpcMainEvent>() };

let root: string;
let host: NodeHost;
let exchange: Exchange;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "netloom-ipc-"));
  host = await createNodeHost({ home: join(root, "home"), folder: root, shell: "electron", version: "1" });
});
afterAll(async () => {
  await host.dispose();
  await rm(root, { recursive: true, force: true });
});

const sent: { channel: string; payload: unknown }[] = [];
const window = { id: 7, send: (channel: string, payload: unknown) => void sent.push({ channel, payload }) };
beforeEach(() => {
  sent.length = 0;
  exchange = createExchange(ipc);
});

const event = (url: string, more: { parent?: unknown; id?: number } = {}) => ({
  sender: { id: more.id ?? 7 },
  senderFrame: { url, parent: more.parent ?? null },
});
const call = (from: unknown, method: unknown, args: unknown) => handlers.get(channels.call)?.(from, method, args);
const page = event("app://netloom/");

describe("a call", () => {
  it("reaches the host from the app's own page", async () => {
    exchange.connect(window, host.openSession());
    expect(await call(page, "info", [])).toMatchObject({ ok: true, value: { shell: "electron", version: "1" } });
  });

  it.each([
    ["another site", event("https://example.com/")],
    ["a site whose name begins like the app's", event("app://netloom.example/")],
    ["a frame inside the page", event("app://netloom/", { parent: {} })],
    ["a window that was never connected", event("app://netloom/", { id: 8 })],
    ["a frame that is gone", { sender: { id: 7 }, senderFrame: null }],
  ])("is refused from %s", async (_, from) => {
    exchange.connect(window, host.openSession());
    expect(await call(from, "info", [])).toMatchObject({ ok: false, code: "not-allowed" });
  });

  it.each([
    ["an unknown method", "constructor", []],
    ["a method that is none", { toString: "info" }, []],
    ["arguments of another type", "readDocument", [12]],
    ["no arguments at all", "readDocument", undefined],
    ["a run's id with a path in it", "readMetrics", ["../../etc"]],
  ])("with %s is refused by its schema", async (_, method, args) => {
    exchange.connect(window, host.openSession());
    expect(await call(page, method, args)).toMatchObject({ ok: false, code: "bad-request" });
  });

  it("is refused once the window is closed", async () => {
    exchange.connect(window, host.openSession()).close();
    expect(await call(page, "info", [])).toMatchObject({ ok: false, code: "not-allowed" });
  });
});

describe("events", () => {
  it("wait until the page listens, then come in order and at once", () => {
    const line = exchange.connect(window, host.openSession());
    line.send({ kind: "open", path: "/a.netloom" });
    expect(sent).toEqual([]);
    handlers.get(channels.listen)?.(page);
    line.send({ kind: "command", command: "file.save" });
    expect(sent.map(({ payload }) => payload)).toEqual([
      { kind: "open", path: "/a.netloom" },
      { kind: "command", command: "file.save" },
    ]);
  });
});

it("every method of Host crosses the bridge, and nothing else", () => {
  expect(Object.keys(bridged).sort()).toEqual(Object.keys(hostMethods).sort());
});
