import * as tf from "@tensorflow/tfjs-core";
import { compile } from "../compiler/compile.ts";
import type { Checked } from "../graph/types.ts";
import { gradientsOf } from "../training/step.ts";
import { inPieces, mapShape } from "./excitation.ts";
import { evaluate, pictureShape, usualInput } from "./pictures.ts";
import { channelsOf, onlyInput, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Found } from "./types.ts";

export interface DeconvolutionAnalysis {
  /** A map of activations, whose channels are the units. */
  readonly output: string;
  /** Channels; the first ones if absent. */
  readonly channels?: readonly number[] | undefined;
  /** Pictures for each unit. */
  readonly best: number;
  /** Held-out examples that are searched. */
  readonly examples: number;
}

const mostUnits = 12;

/** Passes back what is positive, whatever the unit itself did: a deconvnet's rectifier (Zeiler and Fergus 2014, 2.1). */
const rectifyBack = tf.customGrad((x) => ({ value: tf.relu(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.relu(dy) }));

/** The same network, in which rectifiers pass back as those of a deconvnet do. */
const deconvnet = (checked: Checked): Checked => ({
  ...checked,
  nodes: checked.nodes.map((node) =>
    node.layer.type === "relu" ? { ...node, layer: { ...node.layer, apply: ({ x }) => ({ y: rectifyBack(x as tf.Tensor) }) } } : node,
  ),
});

/**
 * What in the pixels excites units (Zeiler and Fergus 2014; UDL 10 notes): for each unit the examples in which it is strongest at some place, and
 * its projection: that activation alone, passed back through transposed filters, the switches of max pooling, and rectifiers that let
 * positive signals through. Convolution and pooling pass back what their gradients are; only rectifiers differ. Figures: `near`: the share of the
 * projection's size that lies in the tenth of the pixels where it is largest (0.1 if spread evenly).
 * @throws AnalysisError if the output is no map of activations, or its input is no picture
 */
export async function deconvolution(
  subject: Subject,
  { output, channels, best, examples }: DeconvolutionAnalysis,
  progress: (done: number) => Promise<void>,
): Promise<Found> {
  const target = outputNamed(subject, output);
  const units = channelsOf(subject, target);
  const plan = compile(deconvnet(subject.checked)).plan([target]);
  const input = onlyInput(plan);
  const [height, width, depth] = pictureShape(input.type.shape);
  const wanted = (channels ?? Array.from({ length: units }, (_, i) => i)).filter((channel) => channel < units).slice(0, mostUnits);
  if (wanted.length === 0) throw new AnalysisError(`"${output}" has ${units} channels; none of those asked for is among them.`);
  const { feeds, batch } = subject.examples(plan, examples);
  try {
    const peaks = wanted.map((): { value: number; example: number }[] => []);
    const note = ([y]: readonly tf.Tensor[], first: number) => {
      if (y) mapShape(output, y);
      const highest = tf.max(y as tf.Tensor, [1, 2]).dataSync();
      for (let i = 0; i < highest.length / units; i++)
        for (const [at, unit] of wanted.entries()) peaks[at]?.push({ value: highest[i * units + unit] as number, example: first + i });
    };
    await inPieces(subject, plan, feeds, batch, note, (done) => progress(done * 0.8));
    const rows: Float32Array[] = [];
    const captions: string[] = [];
    const shares: number[] = [];
    for (const [at, unit] of wanted.entries()) {
      const strongest = (peaks[at] ?? []).sort((a, b) => b.value - a.value).slice(0, best);
      tf.tidy(() => {
        const order = tf.tensor1d(
          strongest.map(({ example }) => example),
          "int32",
        );
        const few = Object.fromEntries(Object.entries(feeds).map(([key, tensor]) => [key, tf.gather(tensor, order)]));
        const pictures = few[input.key] as tf.Tensor;
        const [back] = gradientsOf(() => {
          const y = evaluate(subject, plan, few, strongest.length)[0] as tf.Tensor;
          return tf.sum(tf.max(tf.slice(y, [0, 0, 0, unit], [-1, -1, -1, 1]), [1, 2]));
        }, [pictures]);
        const projection = back ?? tf.zerosLike(pictures);
        const { low, high } = usualInput(feeds[input.key] as tf.Tensor);
        const scaled = tf.div(tf.sub(pictures, low), Math.max(1e-6, high - low));
        const size = tf.abs(projection);
        // Grey is nothing; each projection by its own largest value.
        const shown = tf.add(0.5, tf.div(projection, tf.maximum(tf.mul(2, tf.max(size, [1, 2, 3], true)), 1e-12)));
        rows.push(Float32Array.from(tf.reshape(tf.stack([scaled, shown], 1), [-1]).dataSync()));
        shares.push(nearness(tf.sum(size, 3).dataSync(), height * width));
      });
      for (const { value } of strongest) captions.push(`${unit}: ${value.toPrecision(3)}`, "");
      await progress(0.8 + (0.2 * (at + 1)) / wanted.length);
    }
    const across = 2 * Math.min(best, batch);
    const values = new Float32Array(rows.length * across * height * width * depth);
    for (const [i, row] of rows.entries()) values.set(row, i * row.length);
    return {
      figures: { near: shares.reduce((sum, share) => sum + share, 0) / shares.length },
      about:
        "Share of the projections that lies in the tenth of the pixels where they are strongest; 0.1 if they were spread evenly. Grey is nothing.",
      findings: [
        {
          kind: "images",
          title: `Examples that excite units of ${output} most, and what in them does`,
          shape: [rows.length * across, height, width, depth],
          values,
          captions,
          across,
        },
      ],
    };
  } finally {
    tf.dispose(feeds);
  }
}

/** The share of all pictures' sizes that lies in the tenth of their pixels where it is largest. */
function nearness(sizes: ArrayLike<number>, pixels: number): number {
  let [near, all] = [0, 0];
  for (let start = 0; start < sizes.length; start += pixels) {
    const sorted = Array.from({ length: pixels }, (_, i) => sizes[start + i] as number).sort((a, b) => b - a);
    near += sorted.slice(0, Math.ceil(pixels / 10)).reduce((sum, size) => sum + size, 0);
    all += sorted.reduce((sum, size) => sum + size, 0);
  }
  return near / Math.max(1e-12, all);
}
