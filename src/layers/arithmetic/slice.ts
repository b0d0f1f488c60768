import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, i32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int } from "../params.ts";

/** A stretch of one axis: the last state of a sequence, all but the first token, every second frame. */
export const slice = defineLayer({
  type: "slice",
  title: "Slice",
  family: "arithmetic",
  book: "16.3.2",
  aliases: ["select", "take", "range", "index", "first", "last"],
  params: z.object({
    axis: int({ min: -7, max: 7, default: 1, help: "The axis that is cut, counted from 0, the batch axis; −1 is the last." }),
    begin: int({ min: -1_000_000, max: 1_000_000, default: 0, help: "Where the stretch begins, from 0; negative counts from the end." }),
    size: int({ min: 0, max: 1_000_000, default: 0, help: "How long it is; 0: to the end." }),
  }),
  inputs: { x: { help: "Any tensor, of whole numbers too." } },
  outputs: ["y"],
  infer({ x }, { axis, begin, size }) {
    const rank = x.shape.length;
    const at = axis < 0 ? axis + rank : axis;
    const length = x.shape[at];
    if (at < 1 || at >= rank)
      return problem(at === 0 && rank > 0 ? "The batch axis cannot be cut: batches differ in size." : `There is no axis ${axis}.`, {
        expected: rank > 1 ? `1 to ${rank - 1}, or −1` : "a tensor with an axis after the batch axis",
        received: `${axis} for ${formatShape(x.shape)}`,
      });
    if (typeof length !== "number")
      return problem(`Axis ${at} has no fixed size.`, { port: "x", expected: "a number", received: formatShape(x.shape) });
    const from = begin < 0 ? begin + length : begin;
    const taken = size === 0 ? length - from : size;
    if (from < 0 || taken < 1 || from + taken > length)
      return problem(`The stretch does not lie within axis ${at}, which has ${length} places.`, {
        expected: `0 to ${length}`,
        received: `${taken} from ${begin}`,
        mend: { label: "Take all of it", kind: "set", params: { begin: 0, size: 0 } },
      });
    const shape: Dim[] = x.shape.map((dim, i) => (i === at ? taken : dim));
    return { y: x.dtype === "float32" ? f32(...shape) : i32(shape, x.classes) };
  },
  apply({ x }, _w, { axis, begin, size }) {
    const at = axis < 0 ? axis + x.rank : axis;
    const length = x.shape[at] as number;
    const from = begin < 0 ? begin + length : begin;
    const taken = size === 0 ? length - from : size;
    if (taken === length) return { y: tf.clone(x) };
    const starts = x.shape.map((_, i) => (i === at ? from : 0));
    const sizes = x.shape.map((dim, i) => (i === at ? taken : dim));
    return { y: tf.slice(x, starts, sizes) };
  },
  summary: ({ axis, begin, size }) => `axis ${axis}: ${size === 0 ? `from ${begin}` : `${size} from ${begin}`}`,
  explain: { summary: "Takes a stretch of one axis." },
  examples: [
    { params: { begin: 1, size: 2 }, inputs: { x: f32("batch", 4, 3) } },
    { params: { axis: -1, begin: -1 }, inputs: { x: f32("batch", 4, 3) } },
    { inputs: { x: i32(["batch", 5], 4) } },
  ],
});
