import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { AssetFolders } from "./assets.ts";

/** Where Netloom itself lies, from the sources and from the bundles alike. */
export interface Installation {
  readonly root: string;
  readonly version: string;
  readonly assets: AssetFolders;
}

const manifest = z.object({ name: z.literal("netloom"), version: z.string() });

export function findInstallation(from: string = fileURLToPath(import.meta.url)): Installation {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const found = readManifest(join(folder, "package.json"));
    if (found !== undefined) return { root: folder, version: found.version, assets: assetsOf(folder) };
    if (dirname(folder) === folder) throw new Error(`Netloom's package.json is not above ${from}.`);
  }
}

function readManifest(path: string): z.infer<typeof manifest> | undefined {
  if (!existsSync(path)) return undefined;
  return manifest.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
}

const assetsOf = (root: string): AssetFolders => ({
  renderer: join(root, "dist", "renderer"),
  data: join(root, "src", "data", "files"),
  templates: join(root, "templates"),
  kernels: join(root, "dist", "kernels"),
});

/** Netloom's own folder on this machine: `$NETLOOM_HOME`, else `~/.netloom`. */
export const netloomHome = (environment: NodeJS.ProcessEnv = process.env): string => resolve(environment.NETLOOM_HOME || join(homedir(), ".netloom"));
