import { readFileSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { build, type Rollup } from "vite";

/**
 * Code of ours in real Chromium, for what Node has not: WebGL. Nothing is served and nothing built lies anywhere: the
 * page's requests are answered from memory, and those for `/data/` from the bundled files.
 */
export interface BrowserPage {
  readonly page: Page;
  close(): Promise<void>;
}

const origin = "http://localhost:1";
const flags = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
];

/** Bundles a module and loads it in a page of its own. Its address is from the repository. */
export async function openInChromium(module: string): Promise<BrowserPage> {
  const files = await bundle(module);
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const page = await browser.newPage();
  await page.route("**/*", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/") return route.fulfill({ contentType: "text/html", body: `<script type="module" src="/entry.js"></script>` });
    if (pathname.startsWith("/data/")) return route.fulfill({ body: readFileSync(`src/data/files/${pathname.slice("/data/".length)}`) });
    const body = files.get(pathname.slice(1));
    return body === undefined ? route.fulfill({ status: 404 }) : route.fulfill({ contentType: "text/javascript", body });
  });
  page.on("pageerror", (error) => console.error(`In the page: ${error.stack ?? error.message}`));
  await page.goto(`${origin}/`, { waitUntil: "load" });
  return { page, close: () => browser.close() };
}

async function bundle(module: string): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: {
      write: false,
      target: "es2023",
      minify: false,
      modulePreload: false,
      rollupOptions: { input: module, preserveEntrySignatures: "strict", output: { entryFileNames: "entry.js", chunkFileNames: "[name]-[hash].js" } },
    },
  });
  const { output } = [built].flat()[0] as Rollup.RollupOutput;
  return new Map(output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file.code]] : [])));
}
