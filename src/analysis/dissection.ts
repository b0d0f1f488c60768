import * as tf from "@tensorflow/tfjs-core";
import type { Target } from "../compiler/plan.ts";
import { inPieces, mapShape } from "./excitation.ts";
import { channelsOf, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface DissectionAnalysis {
  /** A map of activations, whose channels are the units. */
  readonly output: string;
  /** Share of places at which a unit counts as active. */
  readonly top: number;
  readonly examples: number;
}

/** A unit detects a concept if they overlap by more than this (Bau et al. 2017). */
const detects = 0.04;
const shownUnits = 8;
const shownPictures = 4;

/**
 * Network dissection (Bau et al. 2017; UDL 10 notes): a unit's activations, enlarged to the picture, are cut at the value that a share `top` of
 * places exceeds; IoU of what is left with each concept's masks, over all examples together: |M ∩ L| / |M ∪ L|. The paper's share is 0.005 on
 * tens of thousands of photographs; of few small ones more is needed. Figures: `best`: the highest IoU; `detectors`: the share of units above 0.04
 * for a concept that is not the ground; `concepts`: how many concepts have such a unit.
 * @throws AnalysisError if the output is no map of activations, or the data has no class for each pixel
 */
export async function networkDissection(
  subject: Subject,
  { output, top, examples }: DissectionAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const target = outputNamed(subject, output);
  const units = channelsOf(subject, target);
  const { masks, pictures, classes, names } = conceptsOf(subject);
  const plan = subject.program.plan([target, masks, ...(pictures ? [pictures] : [])]);
  const { feeds, batch } = subject.examples(plan, examples);
  try {
    const activations: Float32Array[] = [];
    await inPieces(
      subject,
      plan,
      feeds,
      batch,
      ([y]) => void activations.push(read(output, y)),
      (done) => progress(done / 2),
    );
    const thresholds = Array.from({ length: units }, (_, unit) => quantile(activations, unit, units, top));
    const overlap = Array.from({ length: units }, () => new Float64Array(classes));
    const active = new Float64Array(units);
    const present = new Float64Array(classes);
    const peaks = Array.from({ length: units }, (): { value: number; example: number }[] => []);
    const count = ([y, labels]: readonly tf.Tensor[], first: number) => {
      const [size, height, width] = (labels as tf.Tensor).shape as [number, number, number];
      const enlarged = tf.image.resizeBilinear(y as tf.Tensor4D, [height, width], false, true).dataSync();
      const label = (labels as tf.Tensor).dataSync();
      const highest = tf.max(y as tf.Tensor, [1, 2]).dataSync();
      for (let pixel = 0; pixel < label.length; pixel++) {
        const concept = label[pixel] as number;
        present[concept] = (present[concept] as number) + 1;
        for (let unit = 0; unit < units; unit++) {
          if ((enlarged[pixel * units + unit] as number) <= (thresholds[unit] as number)) continue;
          active[unit] = (active[unit] as number) + 1;
          const own = overlap[unit] as Float64Array;
          own[concept] = (own[concept] as number) + 1;
        }
      }
      for (let i = 0; i < size; i++)
        for (let unit = 0; unit < units; unit++) peaks[unit]?.push({ value: highest[i * units + unit] as number, example: first + i });
    };
    await inPieces(subject, plan, feeds, batch, count, (done) => progress((1 + done) / 2));
    const rows = overlap
      .map((own, unit) => {
        const shares = [...own].map((both, concept) => both / Math.max(1, (active[unit] as number) + (present[concept] as number) - both));
        const concept = shares.indexOf(Math.max(...shares));
        return { unit, concept, name: names[concept] ?? `class ${concept}`, iou: shares[concept] as number };
      })
      .sort((a, b) => b.iou - a.iou);
    const detectors = rows.filter(({ concept, iou }) => iou > detects && concept > 0);
    const shown = rows.slice(0, shownUnits).map((row) => ({
      ...row,
      best: (peaks[row.unit] ?? [])
        .sort((a, b) => b.value - a.value)
        .slice(0, shownPictures)
        .map(({ example }) => example),
    }));
    const drawn = pictures && drawActive(subject, plan, feeds, shown, thresholds);
    return {
      figures: {
        best: rows[0]?.iou ?? 0,
        detectors: detectors.length / units,
        concepts: new Set(detectors.map(({ concept }) => concept)).size,
      },
      about: `Highest overlap (IoU) of a unit with a concept; share of the units above ${detects} for something other than the ground; how many concepts they cover.`,
      findings: [
        ...(drawn
          ? [
              {
                kind: "images" as const,
                title: `Units of ${output} that overlap most with a concept: lit where they are active`,
                across: Math.min(shownPictures, batch),
                ...drawn,
              },
            ]
          : []),
        {
          kind: "table",
          title: `Concept of each unit of ${output}`,
          columns: ["unit", "concept", "IoU"],
          rows: rows.map((r) => [r.unit, r.name, r.iou]),
        },
      ],
    };
  } finally {
    tf.dispose(feeds);
  }
}

function read(output: string, y: tf.Tensor | undefined): Float32Array {
  if (y === undefined) throw new AnalysisError(`"${output}" gave nothing.`);
  mapShape(output, y);
  return Float32Array.from(y.dataSync());
}

/** The value of a unit that a share of all places exceeds. */
function quantile(activations: readonly Float32Array[], unit: number, units: number, top: number): number {
  const values = new Float32Array(activations.reduce((sum, piece) => sum + piece.length / units, 0));
  let at = 0;
  for (const piece of activations) for (let i = unit; i < piece.length; i += units) values[at++] = piece[i] as number;
  values.sort();
  return values[Math.min(values.length - 1, Math.floor(values.length * (1 - top)))] as number;
}

interface Concepts {
  readonly masks: Target;
  /** The pictures themselves, to show units on. */
  readonly pictures: Target | undefined;
  readonly classes: number;
  readonly names: readonly string[];
}

/** The data's classes of pixels. */
function conceptsOf({ checked, datasets }: Subject): Concepts {
  for (const [index, { path }] of checked.nodes.entries()) {
    const info = datasets.get(path)?.info;
    if (!info) continue;
    const outputs = Object.entries(checked.facts[index]?.outputs ?? {});
    const found = outputs.find(([, { dtype, shape, classes }]) => dtype === "int32" && shape.length === 3 && classes !== undefined);
    if (!found) continue;
    const [port, { classes = 0 }] = found;
    const picture = outputs.find(([, { dtype, shape }]) => dtype === "float32" && shape.length === 4 && (shape[3] === 1 || shape[3] === 3));
    return {
      masks: { path, port },
      pictures: picture && { path, port: picture[0] },
      classes,
      names: info.ports[port]?.names ?? [],
    };
  }
  throw new AnalysisError(
    "No data set of this network has a class for each pixel, such as Emoji with masks: there is nothing to compare units with.",
  );
}

/** Pictures that excite each unit most, dark where it is not active. */
function drawActive(
  subject: Subject,
  plan: ReturnType<Subject["program"]["plan"]>,
  feeds: Readonly<Record<string, tf.Tensor>>,
  shown: readonly { readonly unit: number; readonly name: string; readonly iou: number; readonly best: readonly number[] }[],
  thresholds: readonly number[],
) {
  return tf.tidy(() => {
    const rows = shown.map(({ unit, best }) => {
      const few = Object.entries(feeds).map(([key, tensor]) => [key, tf.gather(tensor, tf.tensor1d([...best], "int32"))] as const);
      const outputs = plan.run({
        feeds: Object.fromEntries(few),
        weights: subject.weights,
        training: false,
        step: 0,
        seed: subject.seed,
        batch: best.length,
      });
      const [y, , x] = outputs.outputs as [tf.Tensor4D, tf.Tensor, tf.Tensor4D];
      const own = tf.slice(y, [0, 0, 0, unit], [-1, -1, -1, 1]);
      const lit = tf.greater(tf.image.resizeBilinear(own, [x.shape[1], x.shape[2]], false, true), thresholds[unit] as number);
      const [low, high] = [tf.min(x), tf.max(x)];
      const scaled = tf.div(tf.sub(x, low), tf.maximum(tf.sub(high, low), 1e-6));
      return tf.mul(scaled, tf.add(0.2, tf.mul(0.8, tf.cast(lit, "float32"))));
    });
    const all = tf.concat(rows);
    return {
      shape: all.shape as [number, number, number, number],
      values: Float32Array.from(all.dataSync()),
      captions: shown.flatMap(({ unit, name, iou, best }) => best.map((_, i) => (i === 0 ? `${unit}: ${name} ${iou.toFixed(2)}` : ""))),
    };
  });
}
