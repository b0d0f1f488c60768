import fc from "fast-check";
import { encode } from "fast-png";
import { type Zippable, zipSync, zlibSync } from "fflate";
import { describe, expect, test } from "vitest";
import { imagesFromFiles } from "../../src/data/images.ts";
import { loadDataset } from "../../src/data/load.ts";
import { decodePng } from "../../src/data/png.ts";
import { resizePicture } from "../../src/data/resize.ts";
import type { DecodeImage } from "../../src/data/types.ts";
import { describeUserData } from "../../src/data/user.ts";
import { isSafePath, readZip } from "../../src/data/zip.ts";
import { testReader, utf8 } from "./reader.ts";

/** A grey PNG of one level. */
const grey = (level: number, width = 8, height = 8): Uint8Array =>
  encode({ width, height, channels: 1, data: new Uint8Array(width * height).fill(level) });
const colour = (r: number, g: number, b: number): Uint8Array =>
  encode({ width: 4, height: 4, channels: 3, data: Uint8Array.from({ length: 48 }, (_, i) => [r, g, b][i % 3] as number) });
const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 2, 3);

const darkAndLight = (extra: Zippable = {}): Uint8Array =>
  zipSync({
    ...Object.fromEntries(
      Array.from({ length: 5 }, (_, i) => [
        [`set/dark/${i}.png`, grey(i)],
        [`set/light/${i}.png`, grey(255 - i)],
      ]).flat(),
    ),
    ...extra,
  });

const problems = async (bytes: Uint8Array, decodeImage?: DecodeImage) => {
  const outcome = await describeUserData("pictures.zip", bytes, decodeImage ? { decodeImage } : {});
  return outcome.ok ? [] : outcome.problems;
};
const described = async (bytes: Uint8Array, decodeImage?: DecodeImage) => {
  const outcome = await describeUserData("pictures.zip", bytes, decodeImage ? { decodeImage } : {});
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.problems));
  if (outcome.preview.kind !== "images") throw new Error("not pictures");
  return { info: outcome.info, preview: outcome.preview };
};

describe("a zip of class folders", () => {
  test("becomes pictures and labels named by folder", async () => {
    const { info, preview } = await described(darkAndLight());
    expect(info.ports.x).toMatchObject({ shape: [8, 8, 1], view: "image" });
    expect(info.ports.label).toMatchObject({ classes: 2, names: ["dark", "light"] });
    expect(info.counts).toEqual({ train: 8, validation: 0, test: 2 });
    expect(preview.counts).toEqual([
      { name: "dark", count: 5 },
      { name: "light", count: 5 },
    ]);
    expect(preview.samples.find(({ className }) => className === "light")?.values[0]).toBeGreaterThan(0.9);
  });

  test("loads with labels that fit the pictures", async () => {
    const dataset = await loadDataset({ name: "p.zip", validation: 0, seed: 1 }, testReader({ "p.zip": darkAndLight() }));
    const { x, label } = dataset.splits.train.ports;
    label?.forEach((value, i) => {
      expect((x?.[i * 64] as number) > 0.5).toBe(value === 1);
    });
  });

  test("may hold colour, and pictures of several sizes: all get the most frequent one", async () => {
    const { info } = await described(darkAndLight({ "set/light/red.png": colour(255, 0, 0) }));
    expect(info.ports.x?.shape).toEqual([8, 8, 3]);
  });

  test("has large pictures shrunk to 64 on their longest side, in proportion", async () => {
    const files = Object.fromEntries(["a", "b"].flatMap((name) => [0, 1, 2].map((i) => [`${name}/${i}.png`, grey(i, 200, 100)])));
    expect((await described(zipSync(files))).info.ports.x?.shape).toEqual([32, 64, 1]);
  });

  test("may hold what systems leave behind", async () =>
    expect((await described(darkAndLight({ "__MACOSX/set/._0.png": utf8("x"), "set/.DS_Store": utf8("x") }))).preview.skipped).toEqual([]));

  test("has files that are no pictures skipped by name, as long as they are few", async () => {
    const { preview } = await described(
      darkAndLight({ "set/dark/notes.txt": utf8("hello"), "set/dark/cut.png": grey(3).slice(0, 50), "set/dark/p.jpg": jpeg }),
    );
    expect(preview.skipped).toEqual([
      { file: "set/dark/notes.txt", message: "It is not a picture." },
      { file: "set/dark/cut.png", message: "It cannot be read: it is cut short." },
      { file: "set/dark/p.jpg", message: "JPEG pictures can only be read in the app, not on the command line. Convert it to PNG." },
    ]);
  });

  test("reads JPEG where the surroundings can", async () => {
    const decodeImage: DecodeImage = async () => ({ width: 8, height: 8, data: new Uint8Array(256).fill(255) });
    expect((await described(darkAndLight({ "set/light/p.jpg": jpeg }), decodeImage)).preview.counts[1]?.count).toBe(6);
  });

  test("is made of a dropped folder too", async () => {
    const files = ["a", "b"].flatMap((name) => [0, 1, 2].map((i) => ({ path: `/pets\\${name}/${i}.png`, bytes: grey(i) })));
    const packed = imagesFromFiles([...files, { path: "pets/.DS_Store", bytes: utf8("x") }]);
    if (!packed.ok) throw new Error("not packed");
    expect((await described(packed.zip)).info.ports.label?.names).toEqual(["a", "b"]);
    expect(imagesFromFiles([{ path: "../../etc/passwd", bytes: utf8("x") }])).toMatchObject({ ok: false, problems: [{ file: "../../etc/passwd" }] });
  });
});

describe("a zip that cannot be used says why", () => {
  test("mostly no pictures", async () => {
    const found = await problems(zipSync({ "a/1.txt": utf8("x"), "a/2.txt": utf8("y"), "b/1.png": grey(1) }));
    expect(found[0]?.message).toContain("2 of 3 files cannot be used as pictures");
    expect(found.map(({ file }) => file)).toEqual([undefined, "a/1.txt", "a/2.txt"]);
  });
  test("pictures outside folders", async () =>
    expect((await problems(zipSync({ "1.png": grey(1), "2.png": grey(2) })))[1]).toEqual({
      file: "1.png",
      message: "It lies in no folder; the folder's name is the class.",
    }));
  test("one folder only", async () =>
    expect((await problems(zipSync({ "a/1.png": grey(1), "a/2.png": grey(2) })))[0]?.message).toContain('All pictures lie in one folder, "a".'));
  test("an office document", async () =>
    expect((await problems(zipSync({ "xl/workbook.xml": utf8("<x/>") })))[0]?.message).toContain("Save its table as CSV"));
  test("a single picture", async () => expect((await problems(grey(1)))[0]?.message).toContain("One picture is no data set"));
  test("an empty zip", async () => expect((await problems(zipSync({})))[0]?.message).toBe("The zip is empty."));
  test("names that lead out of the folder", async () =>
    expect((await problems(darkAndLight({ "../../evil/1.png": grey(1) })))[0]?.message).toContain("leads out of its folder"));
  test("a zip cut short anywhere", async () => {
    const whole = darkAndLight();
    for (const share of [0.1, 0.5, 0.9, 0.999]) expect((await problems(whole.slice(0, whole.length * share)))[0]?.message).toContain("damaged");
  });
});

test.each(["a/b.png", "a b/ü.png", "a/..b/c"])("%s is a safe path", (path) => expect(isSafePath(path)).toBe(true));
test.each(["", "../a", "a/../../b", "/etc/passwd", "C:\\a", "a\\b", "a\0b"])("%j is not a safe path", (path) => expect(isSafePath(path)).toBe(false));

/** Overwrites the stated sizes in the directory of a zip. */
function lieAboutSize(zip: Uint8Array, size: number): Uint8Array {
  const copy = zip.slice();
  const view = new DataView(copy.buffer);
  let at = view.getUint32(copy.length - 6, true);
  while (view.getUint32(at, true) === 0x02014b50) {
    view.setUint32(at + 24, size, true);
    at += 46 + view.getUint16(at + 28, true);
  }
  return copy;
}

describe("bombs", () => {
  const zeros = new Uint8Array(40 * 1024 * 1024);

  test("a zip that states a huge size is refused before anything is inflated", () => {
    const outcome = readZip(lieAboutSize(zipSync({ "a/1.png": grey(1) }), 2 ** 31));
    expect(outcome).toMatchObject({ ok: false, problems: [{ file: "a/1.png" }] });
  });

  test("many files that are too much together are refused", () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`a/${i}`, utf8("x")]));
    const zip = lieAboutSize(zipSync(files), 60 * 1024 * 1024);
    expect(readZip(zip)).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining("more than 1024 MiB") }] });
  });

  test("a zip that lies about a size is unpacked no further than it states", () => {
    const outcome = readZip(lieAboutSize(zipSync({ "a/1.png": zeros }, { level: 9 }), 1000));
    if (!outcome.ok) throw new Error("refused");
    expect(() => outcome.entries[0]?.read()).toThrow("more than it states");
  });

  test("a PNG whose pixels unpack to more than its header states is refused at once", () => {
    const small = encode({ width: 8, height: 8, channels: 1, data: new Uint8Array(64) });
    const bomb = withChunk(small, "IDAT", zlibSync(zeros, { level: 9 }));
    expect(() => decodePng(bomb)).toThrow("more than it states");
  });

  test("a PNG with a damaged colour profile is decoded without looking at it, where bombs could hide", () => {
    const small = encode({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(7) });
    const bomb = Buffer.concat([
      small.slice(0, 33),
      chunk("iCCP", Buffer.concat([Buffer.from("x\0\0"), zlibSync(zeros, { level: 9 })])),
      small.slice(33),
    ]);
    expect(decodePng(new Uint8Array(bomb)).data[0]).toBe(7);
  });

  test("a PNG that states gigantic sides is refused", () => {
    const png = grey(1);
    new DataView(png.buffer, png.byteOffset).setUint32(16, 60_000);
    expect(() => decodePng(png)).toThrow("too many");
  });
});

function chunk(type: string, data: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type, "ascii"), data, Buffer.alloc(4)]);
}
/** The picture with its pixel chunk replaced. */
function withChunk(png: Uint8Array, type: string, data: Uint8Array): Uint8Array {
  return new Uint8Array(Buffer.concat([png.slice(0, 33), chunk(type, data), chunk("IEND", new Uint8Array())]));
}

test("damaged zips and PNGs give problems, never an exception or a hang", async () => {
  const zip = darkAndLight();
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(zip.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (edits) => {
      const copy = zip.slice();
      for (const [at, value] of edits) copy[at] = value;
      const outcome = await describeUserData("p.zip", copy);
      if (!outcome.ok) expect(outcome.problems[0]?.message).not.toBe("");
    }),
    { numRuns: 150 },
  );
});

describe("PNG", () => {
  test("of every kind decodes to what was encoded", () => {
    const level = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.array(level, { minLength: 324, maxLength: 324 }),
        fc.constantFrom("null" as const, "Adam7" as const),
        (channels, width, height, levels, interlace) => {
          const data = Uint8Array.from(levels.slice(0, width * height * channels));
          const picture = decodePng(encode({ width, height, channels, data }, { interlace }));
          for (let i = 0; i < width * height; i++) {
            const pixel = [...data.subarray(i * channels, (i + 1) * channels)];
            const expected =
              channels === 1
                ? [pixel[0], pixel[0], pixel[0], 255]
                : channels === 2
                  ? [pixel[0], pixel[0], pixel[0], pixel[1]]
                  : channels === 3
                    ? [...pixel, 255]
                    : pixel;
            expect([...picture.data.subarray(4 * i, 4 * i + 4)]).toEqual(expected);
          }
        },
      ),
    );
  });

  test("of one bit, of a palette and of 16 bits are read", () => {
    const raw = (width: number, depth: number, type: number, rows: readonly (readonly number[])[], palette?: number[]) => {
      const header = Buffer.alloc(13);
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(rows.length, 4);
      header.set([depth, type, 0, 0, 0], 8);
      const parts = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk("IHDR", header)];
      if (palette) parts.push(chunk("PLTE", Uint8Array.from(palette)));
      return new Uint8Array(
        Buffer.concat([...parts, chunk("IDAT", zlibSync(Uint8Array.from(rows.flatMap((row) => [0, ...row])))), chunk("IEND", new Uint8Array())]),
      );
    };
    const reds = (png: Uint8Array) => [...decodePng(png).data].filter((_, i) => i % 4 === 0);
    expect(
      reds(
        raw(10, 1, 0, [
          [0b10100000, 0b01000000],
          [0, 0b10000000],
        ]),
      ),
    ).toEqual([255, 0, 255, 0, 0, 0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0]);
    expect(reds(raw(3, 2, 3, [[0b00011000]], [10, 0, 0, 20, 0, 0, 30, 0, 0]))).toEqual([10, 20, 30]);
    expect(reds(raw(2, 16, 0, [[0x80, 0x00, 0xff, 0xff]]))).toEqual([128, 255]);
  });
});

describe("resizing", () => {
  const picture = (width: number, height: number, levels: readonly number[]) => ({
    width,
    height,
    data: Uint8Array.from(levels.flatMap((level) => [level, level, level, 255])),
  });

  test("keeps a picture of the right size as it is", () => {
    const levels = [0, 51, 102, 153, 204, 255];
    expect([...resizePicture(picture(3, 2, levels), 3, 2, 1)].map((value) => Math.round(value * 255))).toEqual(levels);
  });

  test("keeps an even picture even and stays from 0 to 1, whatever the sizes", () => {
    const side = fc.integer({ min: 1, max: 20 });
    fc.assert(
      fc.property(side, side, side, side, fc.integer({ min: 0, max: 255 }), (w, h, width, height, level) => {
        const out = resizePicture(picture(w, h, new Array(w * h).fill(level)), width, height, 1);
        expect(out).toHaveLength(width * height);
        for (const value of out) expect(value).toBeCloseTo(level / 255, 5);
      }),
    );
  });

  test("averages when it shrinks, so that fine stripes become grey", () => {
    const stripes = Array.from({ length: 64 * 64 }, (_, i) => (i % 2 ? 255 : 0));
    const middle = [...resizePicture(picture(64, 64, stripes), 8, 8, 1)].filter((_, i) => i % 8 > 0 && i % 8 < 7);
    for (const value of middle) expect(value).toBeCloseTo(0.5, 1);
  });

  test("puts transparent pictures on white", () =>
    expect([...resizePicture({ width: 1, height: 1, data: Uint8Array.of(255, 0, 0, 0) }, 1, 1, 3)]).toEqual([1, 1, 1]));
});
