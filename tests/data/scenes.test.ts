import { expect, test } from "vitest";
import { loadDataset } from "../../src/data/load.ts";
import { type Emoji, emojiKinds, placed, readEmoji } from "../../src/data/scenes/emoji.ts";
import { paint } from "../../src/data/scenes/picture.ts";
import { testReader } from "./reader.ts";

/** Scenes with exact ground truth: what the targets say must be what the pictures show. */

const testSplit = async (name: string) => {
  const { splits } = await loadDataset({ name, validation: 0, seed: 1 }, testReader());
  const values = (port: string): Float32Array | Int32Array => splits.test.ports[port] ?? new Float32Array();
  return { count: splits.test.count, values };
};

/** Objects of one scene's grid, in pixels of 56. */
function objects(target: ArrayLike<number>, scene: number) {
  return Array.from({ length: 49 }, (_, cell) => Array.from({ length: 8 }, (_, k) => target[(scene * 49 + cell) * 8 + k] as number)).flatMap(
    ([x = 0, y = 0, width = 0, height = 0, object, ...classes], cell) =>
      object === 1
        ? [{ x: 8 * ((cell % 7) + x), y: 8 * (Math.floor(cell / 7) + y), width: 56 * width, height: 56 * height, kind: classes.indexOf(1) }]
        : [],
  );
}

test("each scene has one to four shapes of all three classes, wholly inside the picture", async () => {
  const { count, values } = await testSplit("shape-scenes");
  const all = Array.from({ length: count }, (_, i) => objects(values("target"), i));
  expect(new Set(all.map(({ length }) => length))).toEqual(new Set([1, 2, 3, 4]));
  expect(new Set(all.flat().map(({ kind }) => kind))).toEqual(new Set([0, 1, 2]));
  for (const { x, y, width, height } of all.flat()) {
    expect(Math.min(x - width / 2, y - height / 2)).toBeGreaterThan(-1e-4);
    expect(Math.max(x + width / 2, y + height / 2)).toBeLessThan(56.0001);
  }
});

test("a box bounds its shape: the shape's colour touches all four sides and is nowhere outside", async () => {
  const { count, values } = await testSplit("shape-scenes");
  const x = values("x");
  let seen = 0;
  for (let i = 0; i < count; i++) {
    const [one, ...more] = objects(values("target"), i);
    if (one === undefined || more.length > 0) continue;
    const colour = (px: number, py: number) => [0, 1, 2].map((c) => x[3 * ((i * 56 + py) * 56 + px) + c] as number).join();
    const own = colour(Math.floor(one.x), Math.floor(one.y + one.height / 6));
    const pixels = Array.from({ length: 56 * 56 }, (_, at) => [at % 56, Math.floor(at / 56)] as const).filter(([px, py]) => colour(px, py) === own);
    const [left, right] = [Math.min(...pixels.map(([px]) => px)), Math.max(...pixels.map(([px]) => px)) + 1];
    const [top, bottom] = [Math.min(...pixels.map(([, py]) => py)), Math.max(...pixels.map(([, py]) => py)) + 1];
    const short = [left - (one.x - one.width / 2), one.x + one.width / 2 - right, top - (one.y - one.height / 2), one.y + one.height / 2 - bottom];
    for (const distance of short) {
      expect(distance).toBeGreaterThan(-0.4);
      expect(distance).toBeLessThan(4);
    }
    seen++;
  }
  expect(seen).toBeGreaterThan(20);
});

test("an emoji laid straight over a ground covers exactly what its alpha says", async () => {
  const emoji = await readEmoji(testReader());
  expect(emoji).toHaveLength(160);
  expect(emojiKinds.map((_, kind) => emoji.filter((one) => one.kind === kind).length)).toEqual([40, 40, 40, 40]);
  const one = emoji[50] as Emoji;
  for (const mirrored of [false, true]) {
    const pixels = new Float32Array(32 * 32 * 3).fill(0.25);
    const hits = new Set<number>();
    paint({ size: 32, pixels }, placed(one, { x: 16, y: 16, side: 32, angle: 0, mirrored }), (x, y) => hits.add(32 * y + x));
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 32; x++) {
        const from = 4 * (32 * y + (mirrored ? 31 - x : x));
        const alpha = (one.pixels[from + 3] as number) / 255;
        expect(hits.has(32 * y + x)).toBe(alpha >= 0.5);
        for (let c = 0; c < 3; c++)
          expect(pixels[3 * (32 * y + x) + c]).toBeCloseTo(0.25 * (1 - alpha) + (alpha * (one.pixels[from + c] as number)) / 255, 5);
      }
    }
  }
});

test("masks lie on their emoji: what is labelled a face is yellow, the ground is any colour, and every kind is there", async () => {
  const { values } = await testSplit("emoji-scenes");
  const [x, label] = [values("x"), values("label")];
  const yellow = emojiKinds.map(() => 0);
  const counts = emojiKinds.map(() => 0);
  let ground = 0;
  label.forEach((kind, at) => {
    const blueness = (x[3 * at] as number) + (x[3 * at + 1] as number) - 2 * (x[3 * at + 2] as number);
    if (kind === 0) ground++;
    else {
      yellow[kind - 1] = (yellow[kind - 1] as number) + blueness;
      counts[kind - 1] = (counts[kind - 1] as number) + 1;
    }
  });
  expect(ground / label.length).toBeGreaterThan(0.5);
  expect(ground / label.length).toBeLessThan(0.85);
  for (const count of counts) expect(count / label.length).toBeGreaterThan(0.03);
  expect((yellow[0] as number) / (counts[0] as number)).toBeGreaterThan(0.9);
  expect((yellow[3] as number) / (counts[3] as number)).toBeLessThan(0.4);
});

test("each joint is where its heat map is highest, and left limbs are redder than right ones", async () => {
  const { count, values } = await testSplit("stick-figures");
  const [x, heat, joints] = [values("x"), values("heat"), values("joints")];
  let red = 0;
  for (let i = 0; i < count; i++) {
    for (let joint = 0; joint < 10; joint++) {
      const [px, py] = [24 * (joints[2 * (10 * i + joint)] as number), 24 * (joints[2 * (10 * i + joint) + 1] as number)];
      const at = (row: number, column: number) => heat[((24 * i + row) * 24 + column) * 10 + joint] as number;
      const peak = at(Math.floor(py), Math.floor(px));
      expect(peak).toBeGreaterThan(0.77);
      expect(Math.max(at(Math.floor(py), Math.floor(px) - 1), at(Math.floor(py) + 1, Math.floor(px)))).toBeLessThanOrEqual(peak + 1e-6);
    }
    const redness = (joint: number) => {
      const at =
        3 *
        ((48 * i + Math.floor(48 * (joints[2 * (10 * i + joint) + 1] as number))) * 48 + Math.floor(48 * (joints[2 * (10 * i + joint)] as number)));
      return (x[at] as number) - (x[at + 2] as number);
    };
    if (redness(3) > redness(5) && redness(7) > redness(9)) red++;
  }
  expect(red / count).toBeGreaterThan(0.98);
});

test("an outline is white where the emoji is even, and dark at its edge", async () => {
  const { count, values } = await testSplit("emoji-outlines");
  const [x, y] = [values("x"), values("y")];
  for (let i = 0; i < count; i++) {
    const corner = i * 32 * 32;
    if ([0, 1, 2].every((c) => y[3 * corner + c] === 1 && y[3 * (corner + 1) + c] === 1 && y[3 * (corner + 32) + c] === 1)) expect(x[corner]).toBe(1);
    const own = x.subarray(corner, corner + 32 * 32);
    expect(Math.min(...own)).toBeLessThan(0.5);
    expect(Float32Array.from(own).reduce((sum, value) => sum + value, 0) / 1024).toBeGreaterThan(0.55);
  }
});
