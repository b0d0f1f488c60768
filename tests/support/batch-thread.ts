import { build } from "vite";

/** The batch thread's script as it is built, made from the sources: an address for `new Worker`. */
export async function batchScript(): Promise<URL> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    build: { ssr: "src/cli/batch-worker.ts", write: false, target: "node20" },
  });
  const code = "output" in built ? built.output.flatMap((file) => (file.type === "chunk" ? [file.code] : [])) : [];
  if (code.length !== 1) throw new Error("The batch thread's script is not one file.");
  return new URL(`data:text/javascript,${encodeURIComponent(code.join(""))}`);
}
