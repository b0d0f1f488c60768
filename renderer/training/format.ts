/** Numbers and times as the interface writes them. Digits are set in tabular figures by the styles. */

export const formatCount = (value: number): string => Math.round(value).toLocaleString("en-GB");

/** `"34 s"`, `"2 min 05 s"`, `"1 h 12 min"`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "–";
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** `"1,120 steps/s"`; slow ones with a decimal. */
export const formatSpeed = (perSecond: number): string =>
  `${perSecond >= 10 ? formatCount(perSecond) : perSecond.toFixed(perSecond >= 1 ? 1 : 2)} steps/s`;

export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB", "TiB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `"just now"`, `"3 s ago"`, `"5 min ago"`, `"2 h ago"`, else the day: `"24 Nov, 14:05"`. */
export function formatAgo(time: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - time) / 1000));
  if (seconds < 2) return "just now";
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 12 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(time).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** A value of the vertical axis in few characters, no two neighbours alike: 0.25, 1.5e9, 2e−5. */
export const formatTick = (value: number): string => {
  const size = Math.abs(value);
  return size !== 0 && (size >= 1e5 || size < 1e-3)
    ? Number(value.toPrecision(2)).toExponential().replace("e+", "e").replaceAll("-", "−")
    : String(Number(value.toPrecision(3)));
};
