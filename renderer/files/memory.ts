import { z } from "zod";

/** What this tab remembers across a reload: which document it had open, and the work in it. */
const rememberedSchema = z.object({
  /** Its autosave's key. */
  key: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  path: z.string().optional(),
  version: z.string().optional(),
  edited: z.boolean(),
  /** The document, where it is not simply the file's. */
  text: z.string().optional(),
  /** The run in the training desk. */
  run: z.string().optional(),
});
export type Remembered = z.infer<typeof rememberedSchema>;

export interface TabMemory {
  read(): Remembered | undefined;
  write(remembered: Remembered): void;
}

const name = "netloom";

/** Kept in the tab's session storage: it lives through reloads and ends with the tab. */
export function tabMemory(storage: Pick<Storage, "getItem" | "setItem"> | undefined): TabMemory {
  return {
    read() {
      try {
        const parsed = rememberedSchema.safeParse(JSON.parse(storage?.getItem(name) ?? "null"));
        return parsed.success ? parsed.data : undefined;
      } catch {
        return undefined;
      }
    },
    write(remembered) {
      try {
        storage?.setItem(name, JSON.stringify(remembered));
      } catch {
        // Too large for the tab's storage: the autosave has the work.
        const { text: _, ...small } = remembered;
        try {
          storage?.setItem(name, JSON.stringify(small));
        } catch {
          // No storage at all: a reload then starts as a new window does.
        }
      }
    },
  };
}
