import { createRequire } from "node:module";
import { build, defineConfig, type InlineConfig, type Plugin } from "vite";

/** A sandboxed preload is one CommonJS file that may import Electron and nothing else. */
const preload: InlineConfig = {
  configFile: false,
  logLevel: "warn",
  build: {
    ssr: "electron/preload.ts",
    outDir: "dist/node",
    emptyOutDir: false,
    target: "node20",
    rollupOptions: { external: ["electron"], output: { format: "cjs", entryFileNames: "preload.cjs" } },
  },
  ssr: { noExternal: true, external: ["electron"] },
};

/** tfjs-core's gradients exist only as modules that Node cannot load as they are: they are bundled. The registry they fill is global. */
const gradients: Plugin = {
  name: "tfjs-gradients",
  enforce: "pre",
  resolveId: (id) =>
    id === "@tensorflow/tfjs-core/dist/register_all_gradients.js" ? { id: createRequire(import.meta.url).resolve(id), external: false } : null,
};

/** What runs in Node and in Electron's main process: the command line, the start script and the shell. Packages stay outside. */
const programs: Record<string, string> = {
  cli: "src/cli/netloom.ts",
  start: "src/cli/start.ts",
  "batch-worker": "src/cli/batch-worker.ts",
  "electron-main": "electron/main.ts",
};
/** What `npm run bench` and `npm run verify` run, built with `--mode tools`. */
const tools: Record<string, string> = {
  bench: "tests/bench/main.ts",
  "bench-stock": "tests/bench/stock.ts",
  "batch-worker": "src/cli/batch-worker.ts",
  verify: "tests/verify/main.ts",
};

export default defineConfig(({ mode }) => ({
  // With zod inside, the packaged app needs no node_modules.
  ssr: { noExternal: ["zod"] },
  plugins: [gradients, ...(mode === "tools" ? [] : [{ name: "preload", closeBundle: () => build(preload).then(() => undefined) }])],
  build: {
    ssr: true,
    outDir: mode === "tools" ? "dist/tools" : "dist/node",
    emptyOutDir: true,
    target: "node20",
    rollupOptions: {
      input: mode === "tools" ? tools : programs,
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
}));
