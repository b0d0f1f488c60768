import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { printable } from "../../src/cli/command.ts";
import { processTerminal } from "../../src/cli/terminal.ts";

const events = ["SIGINT", "SIGTERM"] as const;

describe("what a file says to the terminal", () => {
  const before = events.map((event) => process.listeners(event));
  afterEach(() => {
    vi.restoreAllMocks();
    for (const [i, event] of events.entries())
      for (const listener of process.listeners(event)) if (!before[i]?.includes(listener)) process.removeListener(event, listener);
  });

  it("holds no command for it, and is else as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(/[^\P{Cc}\n\t]/u);
        expect(shown.length).toBe(text.length);
        for (let i = 0; i < text.length; i++) if (shown[i] !== text[i]) expect(text[i]).toMatch(/\p{Cc}/u);
      }),
    );
  });

  it("passes through there on every way out", () => {
    const written: string[] = [];
    const take = (text: string | Uint8Array) => written.push(String(text)) > 0;
    vi.spyOn(process.stdout, "write").mockImplementation(take);
    vi.spyOn(process.stderr, "write").mockImplementation(take);
    const terminal = processTerminal();
    terminal.out("\u001b[2Jout\n");
    terminal.error("\u001b]0;title\u0007error\n");
    terminal.progress("\u009b2Jbar");
    vi.restoreAllMocks();
    expect(written).toEqual(["\ufffd[2Jout\n", "\ufffd]0;title\ufffderror\n", "\r\u001b[K\ufffd2Jbar"]);
  });
});
