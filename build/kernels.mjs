/**
 * Builds the WebAssembly kernels from src/backends/kernels/assembly: `dist/kernels/simd.wasm` for any engine, `relaxed.wasm`
 * for engines with relaxed SIMD (fused multiply–add), and the script of their threads. The same sources give the same bytes.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import asc from "assemblyscript/asc";

const root = join(import.meta.dirname, "..");
const sources = join(root, "src/backends/kernels/assembly");
const out = join(root, "dist/kernels");

/** Features beyond baseline SIMD and threads. */
const variants = { simd: [], relaxed: ["--enable", "relaxed-simd"] };

await mkdir(out, { recursive: true });
for (const [name, extra] of Object.entries(variants)) {
  const { error, stderr } = await asc.main([
    join(sources, "index.ts"),
    ...["--outFile", join(out, `${name}.wasm`)],
    ...["--runtime", "stub", "-O3", "--noAssert", "--converge"],
    // All threads share the memory that JavaScript makes; static data stay below its first heap address.
    ...["--importMemory", "--sharedMemory", "--initialMemory", "16", "--maximumMemory", "65536", "--memoryBase", "4096"],
    ...["--enable", "simd", "--enable", "threads", "--enable", "bulk-memory", ...extra],
    ...["--disable", "gc"],
  ]);
  if (error) {
    console.error(stderr.toString());
    process.exit(1);
  }
}
await copyFile(join(root, "src/backends/kernels/thread.js"), join(out, "thread.js"));
