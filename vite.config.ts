import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { pageLayers } from "./build/page-layers.ts";

/** The app: one page and its worker, served alike by Electron's `app://` protocol and by `netloom serve`. */
export default defineConfig({
  root: "renderer",
  base: "./",
  plugins: [react(), pageLayers],
  worker: { format: "es" },
  build: { outDir: "../dist/renderer", emptyOutDir: true, target: "es2023", chunkSizeWarningLimit: 3000 },
});
