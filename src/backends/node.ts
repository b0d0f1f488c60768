import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/** The folder of tfjs's `.wasm` files in node_modules, for `prepareBackend("wasm", { wasmPaths: wasmFolder() })`. Node only: never import it in the page. */
export function wasmFolder(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json")), "dist", sep);
}
