import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { type Dim, f32, formatShape, sameShape } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { int, ints } from "../params.ts";

/** Tensors side by side along one axis, by default the channels: dense connections, U-Nets. */
export const concatenate = defineLayer({
  type: "concatenate",
  title: "Concatenate",
  family: "arithmetic",
  book: "11.5.2",
  aliases: ["concat", "join", "stack", "densenet", "u-net"],
  params: z.object({
    axis: int({ min: -8, max: 7, default: -1, help: "Axis along which they are joined; −1 is the last one, the channels." }),
    sizes: ints({
      min: 1,
      length: [0, 64],
      default: [],
      title: "Sizes, backwards",
      help: "Where a block runs backwards: how much each wire takes back. If empty, all take as much.",
    }),
  }),
  inputs: { x: { many: true, dtype: "float32", help: "Tensors that differ along the joined axis only." } },
  outputs: ["y"],
  infer({ x }, { axis }) {
    const [first] = x;
    if (!first) return problem("There is nothing to join yet.", { port: "x", expected: "one wire or more" });
    const rank = first.shape.length;
    const at = axis < 0 ? axis + rank : axis;
    if (at < 1 || at >= rank)
      return problem(
        at === 0 ? "The batch axis cannot be joined: examples would be mixed up." : `There is no axis ${axis} in ${formatShape(first.shape)}.`,
        {
          expected: rank > 1 ? `1 to ${rank - 1}, or −1` : "tensors with an axis after the batch axis",
          received: `${axis}`,
          ...(rank > 1 && { mend: { label: "Join the last axis", kind: "set", params: { axis: -1 } } }),
        },
      );
    const rest = (shape: readonly Dim[]) => shape.filter((_, i) => i !== at);
    if (x.some((type) => type.shape.length !== rank || !sameShape(rest(type.shape), rest(first.shape))))
      return problem(`They must agree in every axis but axis ${at}.`, {
        port: "x",
        expected: formatShape(first.shape.map((dim, i) => (i === at ? "any" : dim))),
        received: x.map((type) => formatShape(type.shape)).join(" and "),
      });
    let total = 0;
    for (const { shape } of x) {
      const size = shape[at];
      if (typeof size !== "number")
        return problem(`Axis ${at} has no fixed size.`, { port: "x", expected: "a number", received: formatShape(shape) });
      total += size;
    }
    return { y: f32(...first.shape.map((dim, i) => (i === at ? total : dim))) };
  },
  apply: ({ x }, _w, { axis }) => ({ y: tf.concat([...x], axis < 0 ? axis + (x[0] as tf.Tensor).rank : axis) }),
  inverse({ y }, _w, { axis, sizes }, _ctx, _known, { x = 1 }) {
    return { x: x === 1 ? [tf.clone(y)] : tf.split(y, sizes.length > 0 ? sizes : x, axis < 0 ? axis + y.rank : axis) };
  },
  inferInverse({ y }, { axis, sizes }, { x = 1 }) {
    const shape = y?.shape ?? [];
    const at = axis < 0 ? axis + shape.length : axis;
    const total = shape[at];
    const parts = sizes.length > 0 ? sizes : Array<number>(x).fill(Number(total) / x);
    if (parts.length !== x || parts.some((size) => !Number.isInteger(size)) || parts.reduce((sum, size) => sum + size, 0) !== total)
      return problem(`${total} cannot be taken apart into ${x} such pieces: set the sizes of the pieces.`, {
        expected: `${x} sizes, ${total} together`,
      });
    return { x: parts.map((size) => f32(...shape.map((dim, i) => (i === at ? size : dim)))) };
  },
  summary: ({ axis }) => (axis === -1 ? "" : `axis ${axis}`),
  explain: { summary: "Puts tensors side by side along one axis.", equation: "\\mathbf{y} = [\\mathbf{x}_1, \\mathbf{x}_2, \\ldots]" },
  examples: [
    { inputs: { x: [f32("batch", 3), f32("batch", 2)] } },
    { params: { axis: 1 }, inputs: { x: [f32("batch", 2, 3), f32("batch", 1, 3), f32("batch", 4, 3)] } },
    { inputs: { x: [f32("batch", 2, 2, 1), f32("batch", 2, 2, 3)] } },
  ],
});
