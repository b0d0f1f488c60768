import { z } from "zod";
import type { Host } from "../../src/host/contract.ts";
import { type Remembered, useInterface } from "./interface.ts";

/** Keeps the look of the window in the host's settings under "interface". A file edited by hand is read with care. */

const panels = <T extends z.ZodType>(value: T) => z.object({ left: value, right: value, bottom: value });

const remembered = z.object({
  theme: z.enum(["system", "light", "dark"]),
  leftTab: z.enum(["layers", "blocks", "data", "runs"]),
  folded: panels(z.boolean()),
  sizes: panels(z.number().min(100).max(2000)),
  minimap: z.boolean(),
});

const pick = ({ theme, leftTab, folded, sizes, minimap }: Remembered): Remembered => ({ theme, leftTab, folded, sizes, minimap });

/** Reads the settings once and writes them a second after each change. Returns how to stop. */
export async function rememberInterface(host: Pick<Host, "settings" | "saveSettings">): Promise<() => void> {
  const read = remembered.partial().safeParse((await host.settings()).interface);
  if (read.success) useInterface.setState(read.data);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = JSON.stringify(pick(useInterface.getState()));
  const stop = useInterface.subscribe((state) => {
    const now = JSON.stringify(pick(state));
    if (now === last) return;
    last = now;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      try {
        await host.saveSettings({ ...(await host.settings()), interface: pick(useInterface.getState()) } as Record<string, z.core.util.JSONType>);
      } catch {
        // A setting that cannot be kept is no reason to disturb anyone: it holds until the window closes.
      }
    }, 1000);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
