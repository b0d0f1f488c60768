import { zipSync } from "fflate";
import type { DatasetInfo } from "../tensor/dataset.ts";
import { f32, i32 } from "../tensor/types.ts";
import { decodePng, isPng } from "./png.ts";
import { isGreyPicture, resizePicture } from "./resize.ts";
import { select } from "./select.ts";
import type { TrainTest } from "./source.ts";
import { stratifiedSplit } from "./stratify.ts";
import { type DataProblem, type DecodeImage, type Outcome, type Picture, refuse } from "./types.ts";
import { isSafePath, isZip, readZip, type ZipEntry, zipLimits } from "./zip.ts";

/** Longest side after resizing, and numbers in the whole set: what trains here in reasonable time and memory. */
const most = { side: 64, elements: 64_000_000, classes: 1000, decodedBytes: 512 * 1024 * 1024 } as const;
const testShare = 0.2;
const splitSeed = 42;

/** Pictures in class folders, decoded and all of one size. */
export interface ImageSet {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Names of the folders, in alphabetical order. */
  readonly classes: readonly string[];
  /** Path of each picture in the zip. */
  readonly paths: readonly string[];
  readonly labels: Int32Array;
  /** `[count, height, width, channels]`, 0 to 1. */
  readonly values: Float32Array;
  /** Files that are no pictures and were left out. */
  readonly skipped: readonly DataProblem[];
}

/** A file dropped on the app, with its path inside the folder that was dropped. */
export interface DroppedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Packs a dropped folder as the zip in which picture sets are stored; nothing is compressed a second time. */
export function imagesFromFiles(files: readonly DroppedFile[]): Outcome<{ readonly zip: Uint8Array }> {
  const kept = files
    .map(({ path, bytes }) => ({ path: path.replaceAll("\\", "/").replace(/^\/+/, ""), bytes }))
    .filter(({ path }) => !isClutter(path));
  if (kept.length === 0) return refuse("The folder is empty.");
  const unsafe = kept.find(({ path }) => !isSafePath(path));
  if (unsafe) return refuse("The name leads out of its folder.", { file: unsafe.path });
  const total = kept.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (kept.length > zipLimits.entries || total > zipLimits.bytes)
    return refuse("The folder holds more than can be read: take fewer or smaller files.");
  return {
    ok: true,
    zip: zipSync(Object.fromEntries(kept.map(({ path, bytes }) => [path, [bytes, { level: 0, mtime: "1980-01-01" }]])), { level: 0 }),
  };
}

/**
 * Reads a zip of class folders (`cats/1.png`, also inside further folders). Files that are no pictures are skipped and
 * named as long as they are fewer than half.
 */
export async function readImages(bytes: Uint8Array, decodeImage?: DecodeImage): Promise<Outcome<{ readonly images: ImageSet }>> {
  const zip = readZip(bytes);
  if (!zip.ok) return zip;
  if (zip.entries.some(({ path }) => /^(xl|word|ppt)\//.test(path)))
    return refuse("This is an office document. Save its table as CSV and try again.");
  const files = zip.entries.filter(({ path }) => !isClutter(path));
  if (files.length === 0) return refuse("The zip is empty.");
  const skipped: DataProblem[] = [];
  const pictures: { path: string; className: string; picture: Picture }[] = [];
  let pixels = 0;
  for (const file of files) {
    const className = file.path.split("/").at(-2);
    const read = className === undefined ? "It lies in no folder; the folder's name is the class." : await readPicture(file, decodeImage);
    if (typeof read === "string") skipped.push({ message: read, file: file.path });
    else {
      pixels += read.width * read.height;
      if (4 * pixels > most.decodedBytes)
        return refuse("The pictures are too large to hold together. Make them smaller, or take fewer.", { file: file.path });
      pictures.push({ path: file.path, className: className as string, picture: read });
    }
  }
  if (skipped.length * 2 >= files.length) {
    const summary = {
      message: `${skipped.length} of ${files.length} files cannot be used as pictures. A picture set is a zip of folders, one for each class, with pictures in them; a graph is a zip of edges.csv and nodes.csv.`,
    };
    return { ok: false, problems: [summary, ...skipped.slice(0, 20)] };
  }
  const classes = [...new Set(pictures.map(({ className }) => className))].sort();
  if (classes.length < 2) return refuse(`All pictures lie in one folder, "${classes[0]}". Put those of each class into a folder of its own.`);
  if (classes.length > most.classes) return refuse(`There are ${classes.length} folders; at most ${most.classes} classes can be read.`);
  if (pictures.length < 5) return refuse(`There are only ${pictures.length} pictures; at least 5 are needed.`);
  const channels = pictures.every(({ picture }) => isGreyPicture(picture)) ? 1 : 3;
  const { width, height } = commonSize(
    pictures.map(({ picture }) => picture),
    channels,
  );
  const elements = width * height * channels;
  const values = new Float32Array(pictures.length * elements);
  pictures.forEach(({ picture }, i) => {
    values.set(resizePicture(picture, width, height, channels), i * elements);
  });
  const labels = Int32Array.from(pictures, ({ className }) => classes.indexOf(className));
  return { ok: true, images: { width, height, channels, classes, paths: pictures.map(({ path }) => path), labels, values, skipped } };
}

/** Facts and examples of a picture set: ports `x` `[height, width, channels]` and `label`. */
export function imageData(name: string, images: ImageSet): { info: DatasetInfo; data: TrainTest } {
  const { width, height, channels, classes, labels, values } = images;
  const { train, test } = stratifiedSplit(labels, Math.max(1, Math.round(labels.length * testShare)), splitSeed, "images");
  const all = { count: labels.length, ports: { x: values, label: labels } };
  const info: DatasetInfo = {
    name,
    title: name,
    about: `Your own pictures, ${labels.length} in ${classes.length} folders, resized to ${width} × ${height}${channels === 1 ? " grey levels" : " in colour"}.`,
    ports: { x: { ...f32(height, width, channels), view: "image" }, label: { ...i32([], classes.length), view: "label", names: classes } },
    counts: { train: train.length, validation: 0, test: test.length },
  };
  return { info, data: { train: select(all, train), test: select(all, test) } };
}

/** What systems leave in folders. */
const isClutter = (path: string): boolean =>
  path.split("/").some((part) => /^\.[^.]/.test(part) || part === "__MACOSX" || /^(thumbs\.db|desktop\.ini)$/i.test(part));

/** The picture, or why there is none. */
async function readPicture(file: ZipEntry, decodeImage: DecodeImage | undefined): Promise<Picture | string> {
  try {
    const bytes = file.read();
    if (isPng(bytes)) return decodePng(bytes);
    const kind = otherKind(bytes);
    if (kind === undefined) return "It is not a picture.";
    if (decodeImage) return await decodeImage(bytes);
    return `${kind} pictures can only be read in the app, not on the command line. Convert it to PNG.`;
  } catch (error) {
    return `It cannot be read: ${error instanceof Error && error.message ? error.message : "it is damaged"}.`;
  }
}

/** Which kind of picture a browser could decode it as, by its first bytes. */
function otherKind(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\xff\xd8\xff")) return "JPEG";
  if (start.startsWith("GIF8")) return "GIF";
  if (start.startsWith("BM")) return "BMP";
  if (start.startsWith("RIFF") && start.endsWith("WEBP")) return "WebP";
  if (start.slice(4, 12) === "ftypavif") return "AVIF";
  return undefined;
}

/** The most frequent size, shrunk in proportion until its longest side and the whole set are within limits. */
function commonSize(pictures: readonly Picture[], channels: number): { width: number; height: number } {
  const counts = new Map<string, { picture: Picture; count: number }>();
  for (const picture of pictures) {
    const key = `${picture.width} × ${picture.height}`;
    const entry = counts.get(key) ?? { picture, count: 0 };
    entry.count++;
    counts.set(key, entry);
  }
  const { width, height } = [...counts.values()].reduce((best, entry) => (entry.count > best.count ? entry : best)).picture;
  const byMemory = Math.sqrt(most.elements / (pictures.length * channels * width * height));
  const scale = Math.min(1, most.side / Math.max(width, height), byMemory);
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

/** True for a single picture, which is no data set by itself. */
export const isPicture = (bytes: Uint8Array): boolean => !isZip(bytes) && (isPng(bytes) || otherKind(bytes) !== undefined);
