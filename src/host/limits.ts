import { HostError } from "./contract.ts";

const mega = 1024 * 1024;

/** Bytes at most of what is read, written or sent: more than real work needs, little enough to hold in memory. */
export const hostLimits = {
  document: 64 * mega,
  data: 256 * mega,
  checkpoint: 480 * mega,
  metrics: 256 * mega,
  settings: mega,
  exported: 480 * mega,
  /** A call over HTTP: the largest of the above and its frame. */
  call: 512 * mega,
} as const;

const readable = (bytes: number): string =>
  bytes >= mega ? `${(bytes / mega).toFixed(bytes < 10 * mega ? 1 : 0)} MiB` : `${Math.ceil(bytes / 1024)} KiB`;

/** @throws HostError "too-large" */
export function requireSize(what: string, bytes: number, limit: number): void {
  if (bytes > limit) throw new HostError("too-large", `${what} is ${readable(bytes)}; Netloom takes ${readable(limit)} at most.`);
}
