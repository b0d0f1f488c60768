import { defineConfig } from "vite";

/** What runs in Node and in Electron's main process: the command line, the start script and the shell. Packages stay outside. */
export default defineConfig({
  build: {
    ssr: true,
    outDir: "dist/node",
    emptyOutDir: true,
    target: "node20",
    rollupOptions: {
      input: { cli: "src/cli/netloom.ts", start: "src/cli/start.ts" },
      output: { entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
    },
  },
});
