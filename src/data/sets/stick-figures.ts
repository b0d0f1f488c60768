import type { DatasetInfo, SplitData } from "../../tensor/dataset.ts";
import { type Rng, rng } from "../../tensor/random.ts";
import { f32 } from "../../tensor/types.ts";
import { type Colour, contrasting, coverage, paint, paintGround, type Scene } from "../scenes/picture.ts";
import { datasetSource } from "../source.ts";

const size = 48;
/** Side of a heat map. */
const side = 24;
/** Standard deviation of the bump at a joint, in pixels of the heat map. */
const spread = 1;

const joints = ["head", "hip", "left elbow", "left hand", "right elbow", "right hand", "left knee", "left foot", "right knee", "right foot"] as const;

const info: DatasetInfo = {
  name: "stick-figures",
  title: "Stick figures with joints",
  about:
    "1,200 pictures of 48 × 48 with a stick figure in any pose on patterned ground, left limbs in one colour and right limbs in another; for each of ten joints a heat map of 24 × 24 with a bump of height 1 where it is, and its place as shares of width and height. Generated with seed 42.",
  ports: {
    x: { ...f32(size, size, 3), view: "image" },
    heat: f32(side, side, joints.length),
    joints: { ...f32(joints.length, 2) },
  },
  counts: { train: 1000, validation: 0, test: 200 },
};

type Point = readonly [x: number, y: number];

/** For pose estimation (book 11.5.3). */
export const stickFigures = datasetSource(info, () => ({ train: generate("train"), test: generate("test") }));

function generate(split: "train" | "test"): SplitData {
  const count = info.counts[split];
  const random = rng(42, info.name, split);
  const x = new Float32Array(count * size * size * 3);
  const heat = new Float32Array(count * side * side * joints.length);
  const places = new Float32Array(count * joints.length * 2);
  for (let i = 0; i < count; i++) {
    const scene = { size, pixels: x.subarray(i * size * size * 3, (i + 1) * size * size * 3) };
    const figure = pose(random);
    drawFigure(scene, figure, random);
    figure.joints.forEach(([px, py], joint) => {
      places.set([px / size, py / size], 2 * (i * joints.length + joint));
      bump(heat.subarray(i * side * side * joints.length, (i + 1) * side * side * joints.length), joint, (px * side) / size, (py * side) / size);
    });
  }
  return { count, ports: { x, heat, joints: places } };
}

interface Figure {
  readonly neck: Point;
  /** In the order of `joints`. */
  readonly joints: readonly Point[];
  /** Length of the trunk in pixels. */
  readonly trunk: number;
}

/** A figure that lies inside the picture: limbs hang down and are turned at random, elbows and knees bent. */
function pose(random: Rng): Figure {
  for (;;) {
    const trunk = 9 + 3 * random.uniform();
    const lean = 0.2 * random.normal();
    const hip: Point = [size * (0.3 + 0.4 * random.uniform()), size * (0.42 + 0.2 * random.uniform())];
    // Angles are from straight down, positive to the right.
    const step = ([x, y]: Point, angle: number, length: number): Point => [x + length * Math.sin(angle), y + length * Math.cos(angle)];
    const neck = step(hip, Math.PI + lean, trunk);
    const head = step(neck, Math.PI + lean + 0.15 * random.normal(), 0.45 * trunk);
    const limb = (from: Point, side: number, widest: number, upper: number, lower: number): [Point, Point] => {
      const angle = side * (0.15 + widest * random.uniform());
      const middle = step(from, angle, upper * trunk);
      return [middle, step(middle, angle + side * (random.uniform() - 0.35) * 1.4, lower * trunk)];
    };
    const arms = [limb(neck, -1, 2.2, 0.6, 0.6), limb(neck, 1, 2.2, 0.6, 0.6)];
    const legs = [limb(hip, -1, 0.9, 0.7, 0.7), limb(hip, 1, 0.9, 0.7, 0.7)];
    const all = [head, hip, ...arms.flat(), ...legs.flat()];
    if (all.every(([x, y]) => x > 2 && y > 3 && x < size - 2 && y < size - 2)) return { neck, joints: all, trunk };
  }
}

function drawFigure(scene: Scene, { neck, joints: at, trunk }: Figure, random: Rng): void {
  const ground = paintGround(scene, random);
  const light = (ground[0] + ground[1] + ground[2]) / 3 < 0.5;
  const shade = (colour: Colour): Colour => (light ? colour : [0.7 * colour[0], 0.7 * colour[1], 0.7 * colour[2]]);
  const middle = contrasting(random, ground);
  // Left is reddish, right bluish, as seen by whoever looks at the picture: they can be told apart when they cross.
  const [left, right] = [shade([1, 0.35, 0.2]), shade([0.2, 0.5, 1])];
  const [head, hip, leftElbow, leftHand, rightElbow, rightHand, leftKnee, leftFoot, rightKnee, rightFoot] = at as readonly [
    Point,
    Point,
    Point,
    Point,
    Point,
    Point,
    Point,
    Point,
    Point,
    Point,
  ];
  const thick = 1.1;
  const bone = (a: Point, b: Point, colour: Colour) => stroke(scene, a, b, thick, colour);
  bone(neck, hip, middle);
  bone(hip, leftKnee, left);
  bone(leftKnee, leftFoot, left);
  bone(hip, rightKnee, right);
  bone(rightKnee, rightFoot, right);
  bone(neck, leftElbow, left);
  bone(leftElbow, leftHand, left);
  bone(neck, rightElbow, right);
  bone(rightElbow, rightHand, right);
  stroke(scene, head, head, 0.3 * trunk, middle);
}

/** A line with round ends, `thick` pixels to either side; a disc where both ends are one point. */
function stroke(scene: Scene, [ax, ay]: Point, [bx, by]: Point, thick: number, colour: Colour): void {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const inside = (x: number, y: number): boolean => {
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
    return Math.hypot(x - ax - along * dx, y - ay - along * dy) <= thick;
  };
  const reach = thick + 1;
  const [left, right] = [Math.min(ax, bx) - reach, Math.max(ax, bx) + reach];
  const [top, bottom] = [Math.min(ay, by) - reach, Math.max(ay, by) + reach];
  paint(scene, (x, y) => (x >= left && x <= right && y >= top && y <= bottom ? { cover: coverage(x, y, inside), colour } : undefined));
}

/** exp(−d²/2σ²) around a place, given in pixels of the heat map. */
function bump(heat: Float32Array, joint: number, x: number, y: number): void {
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const squared = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2;
      heat[(row * side + column) * joints.length + joint] = Math.exp(-squared / (2 * spread * spread));
    }
  }
}
