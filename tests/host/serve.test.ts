import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { HostError, type HostEvent, type RunRecord } from "../../src/host/contract.ts";
import { decodeWire, encodeWire, wireType } from "../../src/host/wire.ts";
import { type Served, serveForTest } from "./served.ts";

let served: Served;
beforeAll(async () => {
  served = await serveForTest();
});
afterAll(() => served.stop());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${served.origin}${path}`, { headers, redirect: "manual" });

/** A request as `fetch` would not make it: with any path and Host header. */
async function raw(path: string, headers: Record<string, string>): Promise<number> {
  const sent = request({ host: "127.0.0.1", port: served.server.port, path, headers });
  sent.end();
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

const post = (method: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string>) =>
  fetch(`${served.origin}/api/${method}`, { method: "POST", body, headers });

const own = async () => ({ cookie: await served.enter(), origin: served.origin, "content-type": wireType, "x-netloom-client": "0123456789abcdef" });

describe("the way in", () => {
  it("gives a cookie that scripts cannot read for a token, and takes the token out of the address", async () => {
    const response = await fetch(served.server.address(), { redirect: "manual" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    expect(response.headers.get("set-cookie")).toMatch(/HttpOnly; SameSite=Strict; Path=\/$/);
  });

  it("takes each token once", async () => {
    const address = served.server.address();
    expect((await fetch(address, { redirect: "manual" })).status).toBe(303);
    expect((await fetch(address, { redirect: "manual" })).status).toBe(403);
  });

  it("lets somebody who is in already use an old address again", async () => {
    const address = served.server.address();
    const first = await fetch(address, { redirect: "manual" });
    const cookie = (first.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect((await fetch(address, { redirect: "manual", headers: { cookie } })).status).toBe(303);
  });

  it.each(["/", "/assets/main-abc.js", "/data/digits.bin.gz", "/templates/"])("answers nothing at %s without the cookie", async (path) => {
    expect((await get(path)).status).toBe(403);
    expect((await get(path, { cookie: `netloom-${served.server.port}=guessed` })).status).toBe(403);
  });

  it("answers nothing under another host name, so that DNS rebinding finds nothing", async () => {
    const cookie = await served.enter();
    expect(await raw("/", { host: `evil.example:${served.server.port}`, cookie })).toBe(421);
    expect(await raw("/", { host: `127.0.0.1:${served.server.port}`, cookie })).toBe(200);
  });
});

describe("the app's files", () => {
  it("come isolated, under a strict content policy, whatever the answer", async () => {
    const cookie = await served.enter();
    for (const response of [await get("/", { cookie }), await get("/nothing.js", { cookie }), await get("/")]) {
      expect(response.headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(response.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
      expect(response.headers.get("content-security-policy")).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("let neither pages nor workers run scripts that are not files of ours", async () => {
    const cookie = await served.enter();
    for (const path of ["/", "/assets/main-abc.js"]) {
      const policy = (await get(path, { cookie })).headers.get("content-security-policy");
      expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval';/);
      expect(policy).toMatch(/worker-src 'self';/);
    }
  });

  it("are found: page, script, data, WebAssembly, templates", async () => {
    const cookie = await served.enter();
    expect(await (await get("/", { cookie })).text()).toContain("Netloom");
    expect((await get("/assets/main-abc.js", { cookie })).headers.get("content-type")).toContain("text/javascript");
    expect(new Uint8Array(await (await get("/data/digits.bin.gz", { cookie })).arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
    expect((await get("/kernels/simd.wasm", { cookie })).headers.get("content-type")).toBe("application/wasm");
    expect(await (await get("/templates/small.json", { cookie })).json()).toMatchObject({ name: "Small" });
  });

  it("lists templates and leaves a damaged one out", async () => {
    const list = await (await get("/templates/", { cookie: await served.enter() })).json();
    expect(list).toEqual([{ id: "small", name: "Small", about: { chapter: "10.2" } }]);
  });

  it("lists the library of blocks beside them, and gives its files", async () => {
    const cookie = await served.enter();
    const list = await (await get("/templates/blocks/", { cookie })).json();
    expect(list).toEqual([{ id: "part", name: "Part", about: { chapter: "11.2", text: "A part." } }]);
    expect(await (await get("/templates/blocks/part.json", { cookie })).json()).toMatchObject({ name: "Part" });
  });

  it.each([
    "/templates/other/part.json",
    "/data/blocks/part.json",
    "/templates/blocks/..%2f..%2fsecret.json",
    "/../secret.json",
    "/data/../../secret.json",
    "/data/%2e%2e/secret.json",
    "/data/..%2fsecret.json",
    "/.git/config",
    "/data/.hidden.json",
    "//etc/passwd",
    "/data/a/b.json",
  ])("never leave their folders: %s", async (path) => {
    const cookie = await served.enter();
    expect(await raw(path, { host: `127.0.0.1:${served.server.port}`, cookie })).toBe(404);
  });
});

describe("calls", () => {
  it("are refused from another page's origin, without the cookie, or as something a form could send", async () => {
    const headers = await own();
    const body = encodeWire([]);
    expect((await post("info", body, headers)).status).toBe(200);
    expect((await post("info", body, { ...headers, origin: "http://evil.example" })).status).toBe(403);
    expect((await post("info", body, { ...headers, cookie: "" })).status).toBe(403);
    expect((await post("info", body, { ...headers, "content-type": "text/plain" })).status).toBe(415);
  });

  it.each([
    ["an empty body", new Uint8Array(0)],
    ["a header longer than the body", new Uint8Array([255, 255, 255, 255, 1])],
    ["a body that is no JSON", new Uint8Array([2, 0, 0, 0, 123, 123])],
    ["arguments of another type", encodeWire([12])],
    ["too many arguments", encodeWire(["a.netloom", "b"])],
    ["no list of arguments", encodeWire({ path: "a.netloom" })],
  ])("answer %s with bad-request", async (_, body) => {
    const response = await post("readDocument", body, await own());
    expect(decodeWire(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ ok: false, code: "bad-request" });
  });

  it.each(["nothing", "constructor", "__proto__", "onEvent", "dispose"])("know no method %s", async (method) => {
    const response = await post(method, encodeWire([]), await own());
    expect(decodeWire(new Uint8Array(await response.arrayBuffer()))).toMatchObject({ ok: false, code: "bad-request" });
  });
});

const run = (id: string): RunRecord => ({
  id,
  name: "A run",
  document: "Small",
  documentHash: "0",
  dataHash: "0",
  seed: 1,
  batch: 10,
  backend: "wasm",
  created: 1,
  state: "running",
  step: 0,
  steps: 10,
  parameters: 3,
  seconds: 0,
  figures: {},
});

describe("the page's client", () => {
  it("reads, writes, and gets errors with their code", async () => {
    const client = await served.connect();
    expect(await client.info()).toMatchObject({ shell: "serve", version: "1.2.3", nativeDialogs: false });
    const written = await client.writeDocument("first.netloom", "{}", null);
    expect(await client.readDocument("first.netloom")).toEqual({ path: written.path, text: "{}", version: written.version });
    await expect(client.writeDocument("first.netloom", "{ }", "old")).rejects.toMatchObject({ code: "conflict" });
    await expect(client.readDocument("none.netloom")).rejects.toBeInstanceOf(HostError);
    client.dispose();
  });

  it("carries bytes both ways", async () => {
    const client = await served.connect();
    const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256);
    await client.putData("points.bin", bytes);
    expect(await client.readData("points.bin")).toEqual(bytes);
    client.dispose();
  });

  it("tells one window of another's save at once, and the writer not at all", async () => {
    const [one, other] = [await served.connect(), await served.connect()];
    const heard: HostEvent[][] = [[], []];
    one.onEvent((event) => heard[0]?.push(event));
    other.onEvent((event) => heard[1]?.push(event));
    await wait(150);
    const written = await one.writeDocument("shared.netloom", "{}", null);
    await wait(300);
    expect(heard).toEqual([[], [{ kind: "file-changed", path: written.path, version: written.version }]]);
    one.dispose();
    other.dispose();
  });

  it("hears of a file that another program changes or deletes", async () => {
    const client = await served.connect();
    const heard: HostEvent[] = [];
    client.onEvent((event) => heard.push(event));
    const { path } = await client.writeDocument("watched.netloom", "{}", null);
    await writeFile(join(served.folder, "watched.netloom"), '{"changed": true}');
    await expect.poll(() => heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ kind: "file-changed", path });
    client.dispose();
  });

  it("leaves its runs interrupted when its window goes away", async () => {
    const [one, other] = [await served.connect(), await served.connect()];
    await wait(150);
    await one.createRun(run("gone"), "{}");
    await other.createRun(run("kept"), "{}");
    one.dispose();
    const states = async () => Object.fromEntries((await other.listRuns()).map(({ id, state }) => [id, state]));
    await expect.poll(states).toMatchObject({ gone: "interrupted", kept: "running" });
    other.dispose();
  });
});

describe("a document named on the command line", () => {
  it("is opened in the first window, however late that listens, and in no other", async () => {
    const own = await serveForTest("first.netloom");
    const [one, other] = [await own.connect(), await own.connect()];
    await wait(200);
    const heard: HostEvent[][] = [[], []];
    one.onEvent((event) => heard[0]?.push(event));
    other.onEvent((event) => heard[1]?.push(event));
    await wait(100);
    expect(heard.flat()).toEqual([{ kind: "open", path: "first.netloom" }]);
    one.dispose();
    other.dispose();
    await own.stop();
  });
});

describe("the event socket", () => {
  it.each([
    ["without the cookie", {}],
    ["from another origin", { origin: "http://evil.example" }],
  ])("refuses connections %s", async (_, change) => {
    const cookie = "origin" in change ? await served.enter() : "";
    const socket = new WebSocket(`ws://127.0.0.1:${served.server.port}/events?client=0123456789abcdef`, {
      headers: { cookie, origin: served.origin, ...change },
    });
    const [error] = await once(socket, "error");
    expect(String(error)).toContain("403");
  });

  it("outlives a request for what is no address, which any page may send", async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.server.port}//`);
    const [error] = await once(socket, "error");
    expect(String(error)).toContain("403");
    expect(await raw("//", { host: `127.0.0.1:${served.server.port}` })).toBe(400);
    expect((await get("/")).status).toBe(403);
  });
});
