import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { rng } from "../../tensor/random.ts";
import { f32, i32 } from "../../tensor/types.ts";
import { type Emoji, emojiKinds, placed, readEmoji } from "../scenes/emoji.ts";
import { paint, paintGround } from "../scenes/picture.ts";
import { datasetSource } from "../source.ts";

const size = 48;

const info: DatasetInfo = {
  name: "emoji-scenes",
  title: "Emoji with masks",
  about:
    "1,200 pictures of 48 × 48: one to three emoji of 160 (faces, animals, food, vehicles) on patterned ground, and what each pixel belongs to. Composited with seed 42 from Google's Noto emoji, Apache-2.0.",
  ports: {
    x: { ...f32(size, size, 3), view: "image" },
    label: { ...i32([size, size], 1 + emojiKinds.length), names: ["ground", ...emojiKinds] },
  },
  counts: { train: 1000, validation: 0, test: 200 },
};

/** For semantic segmentation (book 10.5.3): the emoji's own outlines are the ground truth. */
export const emojiScenes = datasetSource(info, async (reader) => {
  const emoji = await readEmoji(reader);
  return { train: generate("train", emoji), test: generate("test", emoji) };
});

function generate(split: "train" | "test", emoji: readonly Emoji[]): SplitData {
  const count = info.counts[split];
  const random = rng(42, info.name, split);
  const x = new Float32Array(count * size * size * 3);
  const label = new Int32Array(count * size * size);
  for (let i = 0; i < count; i++) {
    const scene = { size, pixels: x.subarray(i * size * size * 3, (i + 1) * size * size * 3) };
    paintGround(scene, random);
    for (let objects = 1 + random.int(3); objects > 0; objects--) {
      const one = emoji[random.int(emoji.length)] as Emoji;
      const placement = {
        x: size * (0.15 + 0.7 * random.uniform()),
        y: size * (0.15 + 0.7 * random.uniform()),
        side: 18 + 14 * random.uniform(),
        angle: 0.3 * random.normal(),
        mirrored: random.uniform() < 0.5,
      };
      paint(scene, placed(one, placement), (px, py) => {
        label[(i * size + py) * size + px] = 1 + one.kind;
      });
    }
  }
  return { count, ports: { x, label } };
}
