import { open, rename } from "node:fs/promises";
import type { FileSystem } from "../../src/host/atomic.ts";

const failure = (code: string): Error => Object.assign(new Error(`${code}: simulated`), { code });

/** A disk that can be made to fail at a moment of one's choice. */
export function breakableDisk() {
  let fault: { at: "open" | "write" | "sync" | "rename"; code: string; after: number } | undefined;
  const due = (at: "open" | "write" | "sync" | "rename"): void => {
    if (fault?.at !== at) return;
    if (fault.after-- <= 0) throw failure(fault.code);
  };
  const files: FileSystem = {
    open: async (...args) => {
      due("open");
      const handle = await open(...args);
      const writeFile = handle.writeFile.bind(handle);
      const appendFile = handle.appendFile.bind(handle);
      const sync = handle.sync.bind(handle);
      // A disk that fills up takes a part before it refuses.
      handle.writeFile = async (content, options) => {
        if (fault?.at === "write") await writeFile(typeof content === "string" ? content.slice(0, 3) : new Uint8Array(3));
        due("write");
        return writeFile(content, options);
      };
      handle.appendFile = async (content, options) => {
        if (fault?.at === "write") await appendFile(typeof content === "string" ? content.slice(0, 3) : new Uint8Array(3));
        due("write");
        return appendFile(content, options);
      };
      handle.sync = async () => {
        due("sync");
        return sync();
      };
      return handle;
    },
    rename: async (from, to) => {
      due("rename");
      return rename(from, to);
    },
  };
  return {
    files,
    /** From now on fails with this code, after so many that go well. */
    fail(at: "open" | "write" | "sync" | "rename", code: string, after = 0): void {
      fault = { at, code, after };
    },
    mend(): void {
      fault = undefined;
    },
  };
}
