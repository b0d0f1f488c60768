import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WebSocket } from "ws";
import { type AppServer, startServer } from "../../src/cli/server.ts";
import { createHttpHost } from "../../src/host/client.ts";
import { createNodeHost, type NodeHost } from "../../src/host/node-host.ts";

/** A server with a small app of its own, in a folder of its own. */
export interface Served {
  readonly server: AppServer;
  readonly host: NodeHost;
  readonly origin: string;
  readonly folder: string;
  readonly home: string;
  /** Enters with a fresh token. @returns the cookie header. */
  enter(): Promise<string>;
  /** A client like the page's own. */
  connect(): Promise<ReturnType<typeof createHttpHost>>;
  stop(): Promise<void>;
}

export async function serveForTest(document?: string): Promise<Served> {
  const root = await mkdtemp(join(tmpdir(), "netloom-serve-"));
  const assets = { renderer: join(root, "app"), data: join(root, "data"), templates: join(root, "templates"), kernels: join(root, "kernels") };
  const folder = join(root, "work");
  const home = join(root, "home");
  for (const one of [join(assets.renderer, "assets"), assets.data, join(assets.templates, "blocks"), assets.kernels, folder])
    await mkdir(one, { recursive: true });
  await writeFile(join(assets.renderer, "index.html"), "<!doctype html><title>Netloom</title>");
  await writeFile(join(assets.renderer, "assets", "main-abc.js"), "export {};");
  await writeFile(join(assets.data, "digits.bin.gz"), new Uint8Array([1, 2, 3]));
  await writeFile(join(assets.kernels, "simd.wasm"), new Uint8Array([0, 97, 115, 109]));
  await writeFile(
    join(assets.templates, "small.json"),
    JSON.stringify({ netloom: 1, name: "Small", about: { chapter: "10.2" }, nodes: [], edges: [] }),
  );
  await writeFile(join(assets.templates, "broken.json"), "{");
  await writeFile(
    join(assets.templates, "blocks", "part.json"),
    JSON.stringify({ netloom: 1, name: "Part", about: { chapter: "11.2", text: "A part." }, nodes: [], edges: [] }),
  );
  await writeFile(join(root, "secret.json"), "{}");

  const host = await createNodeHost({ home, folder, shell: "serve", version: "1.2.3" });
  const server = await startServer({ host, assets, port: 0, document });
  const origin = `http://127.0.0.1:${server.port}`;
  const enter = async () => {
    const response = await fetch(server.address(), { redirect: "manual" });
    return (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  };
  return {
    server,
    host,
    origin,
    folder,
    home,
    enter,
    async connect() {
      const cookie = await enter();
      return createHttpHost({
        baseUrl: origin,
        fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie, origin } }),
        openSocket: (url, heard, closed) => {
          const socket = new WebSocket(url, { headers: { cookie, origin } });
          socket.on("message", (message) => heard(message.toString()));
          socket.on("close", closed);
          socket.on("error", () => undefined);
          return socket;
        },
      });
    },
    async stop() {
      await server.close();
      await host.dispose();
      await rm(root, { recursive: true, force: true });
    },
  };
}
