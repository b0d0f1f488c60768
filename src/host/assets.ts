import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { z } from "zod";

/** Where the app's own files lie. */
export interface AssetFolders {
  /** The built page. */
  readonly renderer: string;
  /** The bundled data sets. */
  readonly data: string;
  /** Templates; the library of blocks lies in `blocks` inside it. */
  readonly templates: string;
  /** The compiled kernels. */
  readonly kernels: string;
}

type Route =
  | { readonly kind: "file"; readonly folder: keyof AssetFolders; readonly name: string }
  /** The documents of `templates`, or of a folder inside it. */
  | { readonly kind: "list"; readonly folder: string };

/** Content types by the endings that occur; anything else is not served. */
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".woff": "font/woff",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".gz": "application/octet-stream",
  ".bin": "application/octet-stream",
};

/** What pages and workers may load and do. */
const contentPolicy = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self' ws://127.0.0.1:*",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Sent with every answer: isolation (threads over one memory need it) and a strict content policy. */
export const securityHeaders: Readonly<Record<string, string>> = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": contentPolicy,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** One segment of a path: no dots in front, so neither hidden files nor a way upwards. */
const segment = /^[A-Za-z0-9_@-][A-Za-z0-9_@.-]*$/;
const library = "blocks";
const prefixes = { data: "data", templates: "templates", kernels: "kernels" } as const;

/** Which file a path of the app's address means; undefined for none. Pure: both shells share it. */
function route(pathname: string): Route | undefined {
  if (pathname === "/" || pathname === "") return { kind: "file", folder: "renderer", name: "index.html" };
  if (pathname === "/templates/" || pathname === "/templates") return { kind: "list", folder: "" };
  if (pathname === "/templates/blocks/" || pathname === "/templates/blocks") return { kind: "list", folder: library };
  const segments = pathname.slice(1).split("/");
  if (!pathname.startsWith("/") || !segments.every((one) => segment.test(one)) || types[extname(pathname)] === undefined) return undefined;
  const [first, ...rest] = segments;
  const folder = first !== undefined && Object.hasOwn(prefixes, first) ? prefixes[first as keyof typeof prefixes] : undefined;
  if (folder === undefined) return { kind: "file", folder: "renderer", name: segments.join("/") };
  const inside = folder === "templates" && rest[0] === library ? 2 : 1;
  return rest.length === inside ? { kind: "file", folder, name: rest.join("/") } : undefined;
}

interface AssetAnswer {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Answers a GET for one of the app's own files. */
export async function answerAsset(folders: AssetFolders, pathname: string): Promise<AssetAnswer> {
  const found = route(pathname);
  if (found?.kind === "list") {
    const list = await listTemplates(join(folders.templates, found.folder));
    return answer(
      200,
      ".json",
      new TextEncoder().encode(JSON.stringify(list.map(({ id, name, about, thumbnail }) => ({ id, name, about, thumbnail })))),
      false,
    );
  }
  if (found !== undefined) {
    const body = await readFile(join(folders[found.folder], found.name)).catch(() => undefined);
    if (body !== undefined) return answer(200, extname(found.name), new Uint8Array(body), found.name.startsWith("assets/"));
  }
  return answer(404, ".txt", new TextEncoder().encode("There is nothing here.\n"), false);
}

/** Files under `assets/` have a hash of their content in their name and may be kept for good. */
function answer(status: 200 | 404, ending: string, body: Uint8Array<ArrayBuffer>, keep: boolean): AssetAnswer {
  const headers = {
    ...securityHeaders,
    "content-type": types[ending] ?? "application/octet-stream",
    "cache-control": keep ? "public, max-age=31536000, immutable" : "no-cache",
  };
  return { status, headers, body };
}

export interface TemplateEntry {
  readonly id: string;
  readonly name: string;
  readonly about?: { readonly chapter?: string | undefined; readonly text?: string | undefined } | undefined;
  /** Address of its picture, where it has one. */
  readonly thumbnail?: string | undefined;
  readonly path: string;
}

const templateHead = z.object({
  name: z.string(),
  about: z.object({ chapter: z.string().optional(), text: z.string().optional() }).optional(),
});

/** What a file says, or undefined: a damaged template is left out of the list. */
async function readHead(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}

const bySection = new Intl.Collator("en", { numeric: true });

/** The templates of a folder, by section of the book (12.10 after 12.9), then by name; what belongs to no section comes last. */
export async function listTemplates(folder: string): Promise<readonly TemplateEntry[]> {
  const names: readonly string[] = await readdir(folder).catch(() => []);
  const entries = await Promise.all(
    names
      .filter((name) => /^[a-z0-9][a-z0-9-]*\.json$/.test(name))
      .map(async (name): Promise<TemplateEntry[]> => {
        const id = name.slice(0, -".json".length);
        const path = join(folder, name);
        const head = templateHead.safeParse(await readHead(path));
        if (!head.success) return [];
        const picture = [".svg", ".png"].map((ending) => `${id}${ending}`).find((file) => names.includes(file));
        return [{ id, ...head.data, path, ...(picture === undefined ? {} : { thumbnail: `/templates/${picture}` }) }];
      }),
  );
  const section = (entry: TemplateEntry) => entry.about?.chapter || "999";
  return entries.flat().sort((a, b) => bySection.compare(section(a), section(b)) || a.name.localeCompare(b.name));
}
