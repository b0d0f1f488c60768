/**
 * Boxes on a grid as YOLO has them (book 10.5.2; Redmon et al., 2016): plain numbers, without tensors, for metrics and drawings alike.
 *
 * A target has for each cell `[x, y, width, height, object, class 1 … class C]`: the centre in the cell and the extent in the image, 0 to 1,
 * whether an object's centre lies there, and a 1 at its class. A prediction has for each cell B boxes of `[x, y, √width, √height, confidence]`, then
 * C scores of classes; the net gives roots so that an error of a pixel weighs more in a small box than in a large one.
 */

/** Numbers that describe one box. */
export const boxNumbers = 5;

/** Shares of the image's width and height, by the centre; what it is and how sure that is. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly kind: number;
  readonly score: number;
}

type Numbers = ArrayLike<number>;

/** `[examples, rows, columns, numbers]`. */
type GridShape = readonly number[];

/** Classes that a target has, and boxes a cell that a prediction of this many numbers then has; undefined if the numbers do not fit. */
export function gridLayout(predicted: number, target: number): { readonly classes: number; readonly boxes: number } | undefined {
  const classes = target - boxNumbers;
  const boxes = (predicted - classes) / boxNumbers;
  return classes >= 1 && Number.isInteger(boxes) && boxes >= 1 ? { classes, boxes } : undefined;
}

/** The objects of one example of a target. */
export function trueBoxes(values: Numbers, shape: GridShape, example: number): Box[] {
  const found: Box[] = [];
  eachCell(shape, example, (at, row, column) => {
    const value = (i: number) => values[at + i] as number;
    if (value(4) <= 0.5) return;
    const { kind } = bestClass(values, at + boxNumbers, numbersOf(shape) - boxNumbers);
    const place = { x: (column + value(0)) / columnsOf(shape), y: (row + value(1)) / rowsOf(shape) };
    found.push({ ...place, width: value(2), height: value(3), kind, score: 1 });
  });
  return found;
}

/** All boxes of one example of a prediction: each takes its cell's likeliest class and scores confidence · class, as in equation 1 of the paper. */
export function predictedBoxes(values: Numbers, shape: GridShape, example: number, classes: number): Box[] {
  const found: Box[] = [];
  const boxes = (numbersOf(shape) - classes) / boxNumbers;
  eachCell(shape, example, (at, row, column) => {
    const { kind, score } = bestClass(values, at + boxes * boxNumbers, classes);
    for (let box = 0; box < boxes; box++) {
      const value = (i: number) => values[at + box * boxNumbers + i] as number;
      const place = { x: (column + value(0)) / columnsOf(shape), y: (row + value(1)) / rowsOf(shape) };
      found.push({ ...place, width: value(2) ** 2, height: value(3) ** 2, kind, score: value(4) * score });
    }
  });
  return found;
}

/** Area of the intersection over area of the union. */
export function overlap(a: Box, b: Box): number {
  const across = Math.min(a.x + a.width / 2, b.x + b.width / 2) - Math.max(a.x - a.width / 2, b.x - b.width / 2);
  const down = Math.min(a.y + a.height / 2, b.y + b.height / 2) - Math.max(a.y - a.height / 2, b.y - b.height / 2);
  const shared = Math.max(0, across) * Math.max(0, down);
  const union = a.width * a.height + b.width * b.height - shared;
  return union > 0 ? shared / union : 0;
}

/**
 * Non-maximum suppression: of boxes of one class that overlap by more than `limit`, only the surest stays.
 * Boxes that score less than `least` are dropped first. The surest come first.
 */
export function suppress(boxes: readonly Box[], limit = 0.5, least = 0.05): Box[] {
  const kept: Box[] = [];
  const sorted = boxes.filter(({ score }) => score >= least).sort((a, b) => b.score - a.score);
  for (const box of sorted) if (kept.every((other) => other.kind !== box.kind || overlap(other, box) <= limit)) kept.push(box);
  return kept;
}

function eachCell(shape: GridShape, example: number, visit: (at: number, row: number, column: number) => void): void {
  const [rows, columns, numbers] = [rowsOf(shape), columnsOf(shape), numbersOf(shape)];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) visit(((example * rows + row) * columns + column) * numbers, row, column);
}
const rowsOf = (shape: GridShape): number => shape[1] ?? 0;
const columnsOf = (shape: GridShape): number => shape[2] ?? 0;
const numbersOf = (shape: GridShape): number => shape[3] ?? 0;

function bestClass(values: Numbers, at: number, classes: number): { readonly kind: number; readonly score: number } {
  let kind = 0;
  for (let i = 1; i < classes; i++) if ((values[at + i] as number) > (values[at + kind] as number)) kind = i;
  return { kind, score: values[at + kind] as number };
}
