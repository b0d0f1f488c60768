import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";

/** The end-to-end tests drive the built app: builds it where a source is newer than what was built. */
export default function setup(): void {
  const built = ["dist/renderer/index.html", "dist/node/cli.js", "dist/kernels/simd.wasm"].map((file) =>
    existsSync(file) ? statSync(file).mtimeMs : 0,
  );
  if (
    Math.min(...built) < newest(["src", "renderer", "electron", "build/page-layers.ts", "package-lock.json", "vite.config.ts", "vite.node.config.ts"])
  )
    // As it is shipped: under Vitest's own NODE_ENV React would be built for development, slower and larger by a third.
    execFileSync("npm", ["run", "build"], { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, NODE_ENV: "production" } });
}

function newest(paths: readonly string[]): number {
  return Math.max(
    ...paths.map((path) => {
      const { mtimeMs } = statSync(path);
      return statSync(path).isDirectory() ? newest(readdirSync(path).map((name) => `${path}/${name}`)) : mtimeMs;
    }),
    0,
  );
}
