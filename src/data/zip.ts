import { Inflate } from "fflate";
import { type Outcome, refuse } from "./types.ts";

/** Limits on what is unpacked; all are checked on the directory before anything is inflated. */
export const zipLimits = { bytes: 512 * 1024 * 1024, entries: 50_000, unpacked: 1024 * 1024 * 1024, entry: 64 * 1024 * 1024 } as const;

/** A file inside a zip. */
export interface ZipEntry {
  readonly path: string;
  readonly size: number;
  /**
   * Unpacks it, never beyond the size that the directory states.
   * @throws Error if it is damaged or larger than stated
   */
  read(): Uint8Array;
}

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);

/**
 * Reads the directory of a zip (PKWARE's APPNOTE 4.3). Entries are unpacked one at a time when asked for. Folders are left out.
 * A zip with names that lead out of its folder, with too much in it, or that is damaged, is refused as a whole.
 */
export function readZip(bytes: Uint8Array): Outcome<{ readonly entries: readonly ZipEntry[] }> {
  if (bytes.length > zipLimits.bytes) return refuse(`The zip has ${mebibytes(bytes.length)}; at most ${mebibytes(zipLimits.bytes)} can be read.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end === undefined) return refuse("The zip is damaged or cut short: its directory is missing. Make it again, or download it again.");
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffffffff)
    return refuse("This is a zip of the large kind (zip64), which is not read. Make several smaller ones.");
  if (count > zipLimits.entries) return refuse(`The zip holds ${count} files; at most ${zipLimits.entries} are read.`);
  const entries: ZipEntry[] = [];
  let unpacked = 0;
  for (let i = 0, at = directory; i < count; i++) {
    const entry = readEntry(bytes, view, at, end);
    if (typeof entry === "string") return refuse(`The zip is damaged: ${entry} Make it again, or download it again.`);
    at = entry.next;
    const { path, size } = entry;
    if (path.endsWith("/")) continue;
    if (!isSafePath(path))
      return refuse(`The zip holds "${path.slice(0, 100)}", a name that leads out of its folder. Such a zip is not opened.`, { file: path });
    if (size > zipLimits.entry)
      return refuse(`It would unpack to ${mebibytes(size)}; at most ${mebibytes(zipLimits.entry)} a file are read.`, { file: path });
    unpacked += size;
    if (unpacked > zipLimits.unpacked)
      return refuse(`The zip would unpack to more than ${mebibytes(zipLimits.unpacked)}. Take fewer or smaller files.`);
    entries.push(entry);
  }
  return { ok: true, entries };
}

/** A relative path that stays in its folder, with forward slashes. */
export const isSafePath = (path: string): boolean =>
  path !== "" && path.length <= 1000 && !/^[/\\]|^[A-Za-z]:|\\|\0/.test(path) && !path.split("/").some((part) => part === "..");

/** Offset of the end-of-directory record, which stands last, before a comment of at most 64 KiB. */
function findEnd(view: DataView): number | undefined {
  const earliest = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= earliest; at--) if (view.getUint32(at, true) === 0x06054b50) return at;
  return undefined;
}

/** An entry of the directory and where the next one begins, or what is wrong. */
function readEntry(bytes: Uint8Array, view: DataView, at: number, end: number): (ZipEntry & { readonly next: number }) | string {
  if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) return "an entry of its directory is cut short.";
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const packed = view.getUint32(at + 20, true);
  const size = view.getUint32(at + 24, true);
  const nameLength = view.getUint16(at + 28, true);
  const local = view.getUint32(at + 42, true);
  const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > end) return "an entry of its directory is cut short.";
  const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
  if (local + 30 > end || view.getUint32(local, true) !== 0x04034b50) return `"${path}" is not where its directory says.`;
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > end) return `"${path}" is cut short.`;
  const content = bytes.subarray(start, start + packed);
  return { path, size, next, read: () => unpack(content, size, method, (flags & 1) === 1) };
}

function unpack(content: Uint8Array, size: number, method: number, encrypted: boolean): Uint8Array {
  if (encrypted) throw new Error("it is encrypted");
  if (method === 0) {
    if (content.length !== size) throw new Error("its size is not the one stated");
    return content;
  }
  if (method !== 8) throw new Error(`it is packed by a method (${method}) that is not read`);
  return boundedInflate(new Inflate(), content, size);
}

/** What fflate's streaming decoders have in common. */
interface Inflater {
  ondata: (chunk: Uint8Array<ArrayBuffer>, final: boolean) => void;
  push(chunk: Uint8Array, final?: boolean): void;
}

/**
 * Inflates in small pieces into an array of the stated size and stops as soon as more comes out, so that a file that
 * lies about its size costs neither memory nor time.
 * @throws Error if the result has another size or the stream is damaged
 */
export function boundedInflate(inflater: Inflater, content: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let length = 0;
  inflater.ondata = (chunk) => {
    if (length + chunk.length > size) throw new Error("it unpacks to more than it states");
    out.set(chunk, length);
    length += chunk.length;
  };
  const piece = 4 * 1024;
  for (let at = 0; at < content.length; at += piece) inflater.push(content.subarray(at, at + piece), at + piece >= content.length);
  if (length !== size) throw new Error("it is cut short");
  return out;
}

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 1024 / 1024)} MiB`;
