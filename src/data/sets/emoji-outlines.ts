import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { type Emoji, emojiKinds, placed, readEmoji } from "../scenes/emoji.ts";
import { paint } from "../scenes/picture.ts";
import { datasetSource } from "../source.ts";

const size = 32;

const info: DatasetInfo = {
  name: "emoji-outlines",
  title: "Outlines and emoji",
  about:
    "Pairs for translating pictures: the outlines of an emoji and the emoji itself, 32 × 32 on white, 2,000 of 160 emoji in changing size, place and turn. Composited with seed 42 from Google's Noto emoji, Apache-2.0.",
  ports: {
    x: { ...f32(size, size, 1), view: "image" },
    y: { ...f32(size, size, 3), view: "image" },
    label: { ...i32([], emojiKinds.length), view: "label", names: emojiKinds },
  },
  counts: { train: 1800, validation: 0, test: 200 },
};

/** x is the strength of edges in y: the gradient of the colours, largest over the three, black on white. */
export const emojiOutlines = datasetSource(info, async (reader) => {
  const emoji = await readEmoji(reader);
  return { train: generate("train", emoji), test: generate("test", emoji) };
});

function generate(split: "train" | "test", emoji: readonly Emoji[]): SplitData {
  const count = info.counts[split];
  const random = rng(42, info.name, split);
  const x = new Float32Array(count * size * size);
  const y = new Float32Array(count * size * size * 3).fill(1);
  const label = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const one = emoji[random.int(emoji.length)] as Emoji;
    label[i] = one.kind;
    const pixels = y.subarray(i * size * size * 3, (i + 1) * size * size * 3);
    const side = 22 + 8 * random.uniform();
    const slack = Math.max(0, size - side) / 2;
    const placement = {
      x: size / 2 + slack * (2 * random.uniform() - 1),
      y: size / 2 + slack * (2 * random.uniform() - 1),
      side,
      angle: 0.15 * random.normal(),
      mirrored: random.uniform() < 0.5,
    };
    paint({ size, pixels }, placed(one, placement));
    outline(pixels, x.subarray(i * size * size, (i + 1) * size * size));
  }
  return { count, ports: { x, y, label } };
}

/** 1 on even ground, towards 0 where neighbours differ. */
function outline(pixels: Float32Array, out: Float32Array): void {
  const at = (row: number, column: number, c: number) => pixels[3 * (Math.min(row, size - 1) * size + Math.min(column, size - 1)) + c] as number;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const steps = [0, 1, 2].map((c) => Math.hypot(at(row, column + 1, c) - at(row, column, c), at(row + 1, column, c) - at(row, column, c)));
      out[row * size + column] = 1 - Math.min(1, 2 * Math.max(...steps));
    }
  }
}
