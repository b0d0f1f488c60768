import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { below } from "../host/access.ts";
import { HostError } from "../host/contract.ts";
import { findInstallation, netloomHome } from "../host/install.ts";
import { createNodeHost } from "../host/node-host.ts";
import { openBrowser } from "./browser.ts";
import { type Command, Failure, parse, type Terminal, UsageError, wholeNumber } from "./command.ts";
import { type AppServer, startServer } from "./server.ts";

const help = `netloom serve [document] [options]

Opens the app in a browser. Only this machine can reach it.

  --port N       port on 127.0.0.1 (default: 7411, or a free one if it is taken)
  --folder DIR   documents below this folder can be opened and saved (default: here, or where the document lies)
  --no-open      do not open a browser, only print the address
`;

/** The port that is asked for first: pages of an earlier start find their settings and stored layout again. */
const usualPort = 7411;

export const serve: Command = {
  name: "serve",
  summary: "open the app in a browser",
  help,
  async run(args, terminal) {
    const { values, positionals } = parse(
      args,
      { port: { type: "string" }, folder: { type: "string" }, "no-open": { type: "boolean" }, host: { type: "string" } },
      { min: 0, max: 1, what: "" },
    );
    if (values.host !== undefined && values.host !== "127.0.0.1")
      throw new UsageError("netloom serve listens on 127.0.0.1 only. To use it from another machine, forward the port with ssh -L.");
    const port = wholeNumber("port", values.port, 0, 65_535);
    const document = positionals[0] === undefined ? undefined : requireFile(resolve(terminal.folder, positionals[0]));
    const folder = values.folder === undefined ? folderFor(document, terminal.folder) : resolve(terminal.folder, values.folder);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`--folder: ${folder} is not a folder.`);
    if (document !== undefined && below(folder, document) === undefined)
      throw new UsageError(`${document} is not below ${folder}, the folder to serve.`);
    await serveApp({ terminal, folder, port, open: values["no-open"] !== true, document });
    return 0;
  },
};

function requireFile(path: string): string {
  if (existsSync(path) && statSync(path).isFile()) return path;
  throw new UsageError(`There is no file ${path}. Templates are opened in the app: leave the document out.`);
}

/** Here, where the document lies below it; else the document's own folder. */
const folderFor = (document: string | undefined, here: string): string =>
  document === undefined || below(here, document) !== undefined ? here : dirname(document);

interface ServeOptions {
  readonly terminal: Terminal;
  readonly folder: string;
  /** The usual one, else a free one, if absent. */
  readonly port: number | undefined;
  readonly open: boolean;
  /** A path to open at once. */
  readonly document?: string | undefined;
}

/** Serves the app until it is interrupted, or until the window that it has opened is closed. */
async function serveApp({ terminal, folder, port, open, document }: ServeOptions): Promise<void> {
  const { assets, version } = findInstallation();
  if (!existsSync(join(assets.renderer, "index.html"))) throw new Failure("The app is not built yet. Run: npm run build");
  const home = netloomHome(terminal.environment);
  const host = await createNodeHost({ home, folder, shell: "serve", version });
  const server = await listen(port, (at) => startServer({ host, assets, port: at, document }));
  try {
    terminal.out(`Netloom is at ${server.address()}\n`);
    terminal.error(`Documents are opened from and saved to ${folder}. Press Ctrl-C to stop.\n`);
    const closed = open ? openBrowser(server.address(), home, terminal) : undefined;
    await Promise.race([interruption(terminal.interrupted), ...(closed === undefined ? [] : [closed.then(() => lastWindow(server))])]);
  } finally {
    await server.close();
    await host.dispose();
  }
}

async function listen(port: number | undefined, start: (port: number) => Promise<AppServer>): Promise<AppServer> {
  try {
    return await start(port ?? usualPort);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (error instanceof HostError || (code !== "EADDRINUSE" && code !== "EACCES")) throw error;
    if (port === undefined) return start(0);
    throw new Failure(
      code === "EACCES"
        ? `Port ${port} is reserved by the system. Choose one above 1023.`
        : `Port ${port} is taken by another program. Choose another with --port.`,
    );
  }
}

const interruption = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => (signal.aborted ? done() : signal.addEventListener("abort", () => done(), { once: true })));

/** The browser's process has ended: the app is closed once no window has been connected for a while. */
async function lastWindow(server: AppServer): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    await new Promise((later) => setTimeout(later, 1000));
    quiet = server.windows() === 0 ? quiet + 1 : 0;
  }
}
