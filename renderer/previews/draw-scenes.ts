import type { Gathered } from "../../src/layers/contract.ts";
import { type Box, boxNumbers, predictedBoxes, suppress, trueBoxes } from "../../src/layers/loss/boxes.ts";
import { gridFor } from "./draw.ts";
import { classColours } from "./picture.tsx";

/** Drawings of pictures with what was found in them: boxes, classes of pixels, joints. Contexts are in CSS pixels. */

type Context = CanvasRenderingContext2D;

/** Where one example's picture stands. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const gap = 2;

/** The height at which `panels` pictures an example fill a width, drawn as large as `drawScenes` draws them. */
export function scenesHeight({ shape }: Gathered, width: number, panels = 1): number {
  const [count = 1, rows = 1, columns = 1] = shape;
  const across = panels === 1 ? Math.ceil(Math.sqrt(count * (rows / columns))) : panels;
  const cell = (width - (across - 1) * gap) / across;
  const down = panels === 1 ? Math.ceil(count / across) : count;
  return Math.round(down * ((cell * rows) / columns + gap) - gap);
}

/** Draws the pictures `[count, height, width, 1 or 3]`, and calls `over` for each. With panels, each example has a row of so many pictures. */
function drawScenes(
  context: Context,
  images: Gathered,
  width: number,
  height: number,
  over: (example: number, place: Place, panel: number) => void,
  panels = 1,
) {
  const [count = 0, rows = 0, columns = 0] = images.shape;
  if (count * rows * columns === 0) return;
  const aspect = columns / rows;
  const grid =
    panels === 1
      ? gridFor(count, aspect, width + gap, height + gap)
      : { columns: panels, cell: Math.min((width + gap) / panels, ((height + gap) / count) * aspect) };
  const [cellWidth, cellHeight] = [grid.cell - gap, (grid.cell - gap) / aspect];
  const left = Math.max(0, (width - grid.columns * grid.cell + gap) / 2);
  const tile = new OffscreenCanvas(columns, rows);
  const pen = tile.getContext("2d");
  if (pen === null) return;
  const scale = scaleOf(images);
  for (let i = 0; i < count * panels; i++) {
    const example = Math.floor(i / panels);
    pen.putImageData(picture(pen, images, example, scale), 0, 0);
    const place = {
      left: left + (i % grid.columns) * grid.cell,
      top: Math.floor(i / grid.columns) * (cellHeight + gap),
      width: cellWidth,
      height: cellHeight,
    };
    context.imageSmoothingEnabled = false;
    context.drawImage(tile, place.left, place.top, place.width, place.height);
    over(example, place, i % panels);
  }
}

/** Values from 0 to 1 are shown as they are, others stretched. */
function scaleOf({ values }: Gathered): (value: number) => number {
  let [low, high] = [0, 1];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return (value) => (255 * (value - low)) / (high - low);
}

function picture(pen: OffscreenCanvasRenderingContext2D, { values, shape }: Gathered, example: number, scale: (value: number) => number): ImageData {
  const [, rows = 0, columns = 0, channels = 1] = shape;
  const pixels = pen.createImageData(columns, rows);
  const start = example * rows * columns * channels;
  for (let pixel = 0; pixel < rows * columns; pixel++) {
    for (let c = 0; c < 3; c++) pixels.data[4 * pixel + c] = scale(values[start + pixel * channels + (channels === 3 ? c : 0)] as number);
    pixels.data[4 * pixel + 3] = 255;
  }
  return pixels;
}

/** Least score of a predicted box that is drawn. */
const leastScore = 0.2;

/** Pictures with boxes in the colours of their classes: true ones dashed, predicted ones drawn through, thicker the surer. */
export function drawBoxes(context: Context, images: Gathered, boxes: Gathered | undefined, target: Gathered, width: number, height: number): void {
  const colours = classColours();
  const outline = ({ x, y, width: w, height: h, kind }: Box, place: Place) => {
    const colour = colours[kind % colours.length] ?? "";
    const [left, top] = [place.left + (x - w / 2) * place.width, place.top + (y - h / 2) * place.height];
    // A pale rim keeps the box in sight on any ground.
    context.strokeStyle = "#fff";
    context.lineWidth += 1.5;
    context.strokeRect(left, top, w * place.width, h * place.height);
    context.lineWidth -= 1.5;
    context.strokeStyle = colour;
    context.strokeRect(left, top, w * place.width, h * place.height);
  };
  drawScenes(context, images, width, height, (example, place) => {
    context.save();
    context.beginPath();
    context.rect(place.left, place.top, place.width, place.height);
    context.clip();
    context.setLineDash([3, 3]);
    context.lineWidth = 1;
    for (const box of trueBoxes(target.values, target.shape, example)) outline(box, place);
    context.setLineDash([]);
    const classes = (target.shape[3] ?? 0) - boxNumbers;
    const found = boxes ? suppress(predictedBoxes(boxes.values, boxes.shape, example, classes), 0.5, leastScore) : [];
    for (const box of found) {
      context.lineWidth = 0.8 + 1.4 * Math.min(1, box.score);
      outline(box, place);
    }
    context.restore();
  });
}

/** Rows of pictures: each as it is, under the predicted classes of its pixels, and under the true ones. Class 0 is left clear. */
export function drawMasks(context: Context, images: Gathered, scores: Gathered, label: Gathered | undefined, width: number, height: number): void {
  const [, rows = 0, columns = 0, classes = 1] = scores.shape;
  if (rows * columns === 0) return;
  const colours = classColours().map(channelsOf);
  const tile = new OffscreenCanvas(columns, rows);
  const pen = tile.getContext("2d");
  if (pen === null) return;
  const predicted = (at: number) => {
    let best = 0;
    for (let c = 1; c < classes; c++) if ((scores.values[at * classes + c] as number) > (scores.values[at * classes + best] as number)) best = c;
    return best;
  };
  const over = (example: number, place: Place, panel: number) => {
    if (panel === 0) return;
    const pixels = pen.createImageData(columns, rows);
    for (let pixel = 0; pixel < rows * columns; pixel++) {
      const at = example * rows * columns + pixel;
      const kind = panel === 1 ? predicted(at) : (label?.values[at] ?? 0);
      pixels.data.set([...(colours[(kind + colours.length - 1) % colours.length] ?? []), kind === 0 ? 0 : 200], 4 * pixel);
    }
    pen.putImageData(pixels, 0, 0);
    context.drawImage(tile, place.left, place.top, place.width, place.height);
  };
  drawScenes(context, images, width, height, over, masksPanels(label));
}

export const masksPanels = (label: Gathered | undefined): number => (label ? 3 : 2);

/** `rgb(1, 2, 3)` as numbers. */
const channelsOf = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);

/** Pictures with a dot at the highest point of each heat map, in the joint's colour, and a line to where the joint truly is. */
export function drawKeypoints(context: Context, images: Gathered, heat: Gathered, target: Gathered | undefined, width: number, height: number): void {
  const [, rows = 0, columns = 0, joints = 0] = heat.shape;
  const colours = classColours();
  drawScenes(context, images, width, height, (example, place) => {
    for (let joint = 0; joint < joints; joint++) {
      const value = (pixel: number) => heat.values[(example * rows * columns + pixel) * joints + joint] as number;
      let best = 0;
      for (let pixel = 1; pixel < rows * columns; pixel++) if (value(pixel) > value(best)) best = pixel;
      const x = place.left + (((best % columns) + 0.5) / columns) * place.width;
      const y = place.top + ((Math.floor(best / columns) + 0.5) / rows) * place.height;
      const at = 2 * (example * joints + joint);
      const radius = Math.max(1.6, place.width / 40);
      if (target) {
        context.strokeStyle = "#fff";
        context.lineWidth = 1;
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(place.left + (target.values[at] as number) * place.width, place.top + (target.values[at + 1] as number) * place.height);
        context.stroke();
      }
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = colours[joint % colours.length] ?? "";
      context.fill();
      context.strokeStyle = "#fff";
      context.lineWidth = 0.8;
      context.stroke();
    }
  });
}
