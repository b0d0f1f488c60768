import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** The built app as its user has it: `netloom serve` in a process of its own, and Chromium with a fresh profile. */
export interface App {
  readonly page: Page;
  readonly browser: Browser;
  readonly context: BrowserContext;
  /** Where documents are opened from and saved to. */
  readonly folder: string;
  /** Errors that the page has thrown or logged. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** @param more flags of Chromium */
export async function openApp(size = { width: 1280, height: 800 }, more: readonly string[] = []): Promise<App> {
  const folder = mkdtempSync(join(tmpdir(), "netloom-e2e-"));
  const { server, address } = await startServer(folder);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...flags, ...more] });
  const context = await browser.newContext({ viewport: size, acceptDownloads: true });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  await page.goto(address);
  return {
    page,
    browser,
    context,
    folder,
    errors,
    async close() {
      await browser.close();
      server.kill("SIGINT");
      await new Promise((ended) => server.once("exit", ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the server on a free port with a home of its own; resolves when it has told its address. */
async function startServer(folder: string): Promise<{ server: ChildProcess; address: string }> {
  const server = spawn(process.execPath, ["dist/node/cli.js", "serve", "--no-open", "--port", "0", "--folder", folder], {
    env: { ...process.env, NETLOOM_HOME: join(folder, ".netloom") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const address = await new Promise<string>((found, failed) => {
    let said = "";
    server.stdout?.on("data", (data) => {
      said += data;
      const match = /http:\/\/127\.0\.0\.1:\d+\S*/.exec(said);
      if (match) found(match[0]);
    });
    server.once("exit", () => failed(new Error(`The server ended: ${said}`)));
  });
  return { server, address };
}
