import { randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebSocketServer } from "ws";
import type { Answer } from "../host/answer.ts";
import { type AssetFolders, answerAsset, securityHeaders } from "../host/assets.ts";
import { callHost } from "../host/call.ts";
import { HostError, type HostEvent } from "../host/contract.ts";
import { hostLimits } from "../host/limits.ts";
import type { HostSession, NodeHost } from "../host/node-host.ts";
import { decodeWire, encodeWire, wireType } from "../host/wire.ts";

/**
 * The app over HTTP, for this machine and this person only: it listens on 127.0.0.1, asks for a token once, then for a
 * cookie that no script can read; the Host header stops DNS rebinding, the Origin header stops other pages.
 */
export interface AppServer {
  readonly port: number;
  /** A new address that opens the app; each works once. */
  address(): string;
  /** Windows connected now. */
  windows(): number;
  close(): Promise<void>;
}

export interface AppServerOptions {
  readonly host: NodeHost;
  readonly assets: AssetFolders;
  /** 0 takes a free one. */
  readonly port: number;
  /** Opened in the first window that connects. */
  readonly document?: string | undefined;
}

const clientId = /^[0-9a-f-]{8,64}$/;
/** Windows without a socket that are remembered; a page's first calls come before its socket is open. */
const mostIdle = 32;

export async function startServer({ host, assets, port, document }: AppServerOptions): Promise<AppServer> {
  const secret = randomBytes(24).toString("base64url");
  const tokens = new Set<string>();
  const sessions = new Map<string, HostSession>();
  const connected = new Set<string>();
  const server = createServer({ requestTimeout: 120_000 }, (request, response) => {
    void handle(request, response).catch(() => {
      if (!response.headersSent) refuse(response, 500, "Something went wrong.");
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = server.address();
  const actual = typeof bound === "object" && bound !== null ? bound.port : port;
  const authority = `127.0.0.1:${actual}`;
  const origin = `http://${authority}`;
  const cookie = `netloom-${actual}`;

  function sessionOf(client: string): HostSession {
    const known = sessions.get(client);
    if (known !== undefined) return known;
    const idle = [...sessions.keys()].filter((other) => !connected.has(other));
    for (const other of idle.slice(0, Math.max(0, idle.length - mostIdle))) {
      void sessions.get(other)?.close();
      sessions.delete(other);
    }
    const session = host.openSession();
    sessions.set(client, session);
    return session;
  }

  /** What is asked for; undefined where it is no address, as `//` is none. */
  const addressOf = ({ url = "/" }: IncomingMessage): URL | undefined => (URL.canParse(url, origin) ? new URL(url, origin) : undefined);

  const admitted = (request: IncomingMessage): boolean => {
    const sent = (request.headers.cookie ?? "").split(";").find((one) => one.trim().startsWith(`${cookie}=`));
    return sent !== undefined && same(sent.trim().slice(cookie.length + 1), secret);
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.host !== authority) return refuse(response, 421, "This is not the address of Netloom.");
    const url = addressOf(request);
    if (url === undefined) return refuse(response, 400, "This is no address.");
    const token = url.searchParams.get("token");
    if (request.method === "GET" && url.pathname === "/" && token !== null) return enter(request, response, token);
    if (!admitted(request))
      return refuse(response, 403, "This address has been used already, or Netloom has been started anew. Open the address that its terminal shows.");
    if (request.method === "POST" && url.pathname.startsWith("/api/")) return call(request, response, url.pathname.slice("/api/".length));
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "Netloom answers GET here.");
    const answer = await answerAsset(assets, url.pathname);
    response.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.byteLength });
    response.end(request.method === "HEAD" ? undefined : answer.body);
  }

  function enter(request: IncomingMessage, response: ServerResponse, token: string): void {
    if (!tokens.delete(token) && !admitted(request)) {
      refuse(response, 403, "This address has been used already. Open the newest one that Netloom's terminal shows.");
      return;
    }
    response.writeHead(303, {
      ...securityHeaders,
      location: "/",
      "set-cookie": `${cookie}=${secret}; HttpOnly; SameSite=Strict; Path=/`,
      "cache-control": "no-store",
    });
    response.end();
  }

  async function call(request: IncomingMessage, response: ServerResponse, method: string): Promise<void> {
    const client = request.headers["x-netloom-client"];
    if (request.headers.origin !== origin) return refuse(response, 403, "Only Netloom's own page may call its host.");
    if (request.headers["content-type"] !== wireType || typeof client !== "string" || !clientId.test(client))
      return refuse(response, 415, "This is not a call of Netloom's host.");
    let answer: Answer;
    try {
      const args = decodeWire(await readBody(request, hostLimits.call));
      answer = await callHost(sessionOf(client), method, args);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      answer = { ok: false, code: error.code, message: error.message };
    }
    const body = encodeWire(answer);
    response.writeHead(200, { ...securityHeaders, "content-type": wireType, "content-length": body.byteLength, "cache-control": "no-store" });
    response.end(body);
  }

  let toOpen = document;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  server.on("upgrade", (request, socket, head) => {
    // Node listens no more to the socket; a connection that breaks now is nobody's fault.
    socket.on("error", () => socket.destroy());
    const url = addressOf(request);
    const client = url?.searchParams.get("client") ?? "";
    const welcome = url?.pathname === "/events" && clientId.test(client);
    if (!welcome || request.headers.host !== authority || request.headers.origin !== origin || !admitted(request)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => {
      const session = sessionOf(client);
      connected.add(client);
      void session.setConnected(true);
      const tell = (event: HostEvent) => opened.send(JSON.stringify(event));
      const stop = session.onEvent(tell);
      const path = toOpen;
      toOpen = undefined;
      if (path !== undefined) tell({ kind: "open", path });
      opened.on("error", () => opened.terminate());
      opened.on("close", () => {
        stop();
        connected.delete(client);
        void session.setConnected(false);
      });
    });
  });

  return {
    port: actual,
    address() {
      const token = randomBytes(24).toString("base64url");
      tokens.add(token);
      return `${origin}/?token=${token}`;
    },
    windows: () => sockets.clients.size,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      for (const session of sessions.values()) await session.close();
    },
  };
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...securityHeaders, "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", connection: "close" });
  response.end(`${text}\n`);
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}

/** @throws HostError "too-large" */
async function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const tooLarge = new HostError("too-large", "This is more than Netloom takes at once.");
  if (Number(request.headers["content-length"] ?? 0) > limit) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Uint8Array)) continue;
    bytes += chunk.byteLength;
    if (bytes > limit) throw tooLarge;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
