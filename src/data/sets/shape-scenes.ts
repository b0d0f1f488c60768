import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { type Rng, rng } from "../../tensor/random.ts";
import { f32 } from "../../tensor/types.ts";
import { contrasting, coverage, paint, paintGround } from "../scenes/picture.ts";
import { datasetSource } from "../source.ts";

const size = 56;
/** Cells of the grid along each side; a cell describes the one object whose centre lies in it. */
const cells = 7;
const classes = ["disc", "box", "triangle"] as const;
/** Centre in the cell, extent in the image, whether there is an object; then one number for each class. */
const numbers = 5 + classes.length;

const info: DatasetInfo = {
  name: "shape-scenes",
  title: "Shapes with boxes",
  about:
    "1,200 pictures of 56 × 56 with one to four discs, boxes and triangles in any colour on patterned ground, and where each of them lies: for every cell of a 7 × 7 grid the centre in the cell, width and height as shares of the picture, 1 if an object's centre is there, and its class. Generated with seed 42.",
  ports: { x: { ...f32(size, size, 3), view: "image" }, target: f32(cells, cells, numbers) },
  counts: { train: 1000, validation: 0, test: 200 },
};

/** A box in pixels by its centre, and which shape fills it. */
interface Shape {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: number;
}

/** For object detection (book 10.5.2): the target is what YOLO's loss asks for. Boxes bound their shapes exactly. */
export const shapeScenes = datasetSource(info, () => ({ train: generate("train"), test: generate("test") }));

function generate(split: "train" | "test"): SplitData {
  const count = info.counts[split];
  const random = rng(42, info.name, split);
  const x = new Float32Array(count * size * size * 3);
  const target = new Float32Array(count * cells * cells * numbers);
  for (let i = 0; i < count; i++) {
    const scene = { size, pixels: x.subarray(i * size * size * 3, (i + 1) * size * size * 3) };
    const ground = paintGround(scene, random);
    for (const shape of place(1 + random.int(4), random)) {
      const colour = contrasting(random, ground);
      const inside = outline(shape);
      const near = (px: number, py: number) => Math.abs(px + 0.5 - shape.x) <= shape.width && Math.abs(py + 0.5 - shape.y) <= shape.height;
      paint(scene, (px, py) => (near(px, py) ? { cover: coverage(px, py, inside), colour } : undefined));
      write(target.subarray(i * cells * cells * numbers, (i + 1) * cells * cells * numbers), shape);
    }
  }
  return { count, ports: { x, target } };
}

/** Shapes inside the picture that hardly overlap, no two with their centres in one cell. */
function place(wanted: number, random: Rng): Shape[] {
  const placed: Shape[] = [];
  for (let attempt = 0; attempt < 40 && placed.length < wanted; attempt++) {
    const [width, height] = [10 + 14 * random.uniform(), 10 + 14 * random.uniform()];
    const x = width / 2 + (size - width) * random.uniform();
    const y = height / 2 + (size - height) * random.uniform();
    const shape = { x, y, width, height, kind: random.int(classes.length) };
    if (placed.every((other) => cellOf(other) !== cellOf(shape) && gap(other, shape) > -3)) placed.push(shape);
  }
  return placed;
}

/** Pixels between two boxes along the axis on which they are farther apart; negative where they overlap. */
const gap = (a: Shape, b: Shape): number => Math.max(Math.abs(a.x - b.x) - (a.width + b.width) / 2, Math.abs(a.y - b.y) - (a.height + b.height) / 2);

const cellOf = ({ x, y }: Shape): number => Math.floor((y * cells) / size) * cells + Math.floor((x * cells) / size);

function outline({ x, y, width, height, kind }: Shape): (px: number, py: number) => boolean {
  return (px, py) => {
    // From −1 to 1 over the box.
    const across = (2 * (px - x)) / width;
    const down = (2 * (py - y)) / height;
    if (Math.abs(across) > 1 || Math.abs(down) > 1) return false;
    if (kind === 0) return across * across + down * down <= 1;
    return kind === 1 || Math.abs(across) <= (down + 1) / 2;
  };
}

function write(target: Float32Array, shape: Shape): void {
  const at = cellOf(shape) * numbers;
  const inCell = (value: number) => ((value * cells) / size) % 1;
  target.set([inCell(shape.x), inCell(shape.y), shape.width / size, shape.height / size, 1], at);
  target[at + 5 + shape.kind] = 1;
}
