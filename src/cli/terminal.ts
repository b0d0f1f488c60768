import { printable, type Terminal } from "./command.ts";

/** The terminal of this process. The first Ctrl-C asks for a clean end, the second ends at once. */
export function processTerminal(): Terminal {
  const interrupt = new AbortController();
  const stop = (): void => {
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  // A reader that has seen enough (`| head`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    out: (text) => process.stdout.write(printable(text)),
    error: (text) => process.stderr.write(printable(text)),
    progress: (line) => process.stderr.write(`\r\u001b[K${printable(line)}`),
    live: process.stdout.isTTY === true && process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    interrupted: interrupt.signal,
    folder: process.cwd(),
    environment: process.env,
  };
}
