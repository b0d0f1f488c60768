import type { Extent } from "../extent.ts";
import { type BatchExtent, sameExtent, sameShape } from "../extent.ts";
import { attr } from "./graph-def.ts";
import { emit, extents, flag, given, input, listed, number, numbers, output, type Rule, refuse, text } from "./rule.ts";

/** What moves numbers without changing them. */

const add = (extent: Extent, n: number): Extent =>
  typeof extent === "number" ? extent + n : ({ times: extent.times, plus: extent.plus + n } satisfies BatchExtent);

const slice: Rule = (at) => {
  const x = given(at, "x").shape;
  const begin = numbers(at, "begin");
  // What reaches to the end of its axis is written −1.
  const size = extents(at, "size").map((extent, axis) => (sameExtent(add(extent, begin[axis] ?? 0), x[axis] ?? 0) ? -1 : extent));
  return [emit(at, "Slice", [input(at, "x"), at.graph.integers(begin), at.graph.sizes(size)])];
};

const stridedSlice: Rule = (at) => {
  const masks = {
    begin_mask: "beginMask",
    end_mask: "endMask",
    ellipsis_mask: "ellipsisMask",
    new_axis_mask: "newAxisMask",
    shrink_axis_mask: "shrinkAxisMask",
  };
  return [
    emit(
      at,
      "StridedSlice",
      [input(at, "x"), at.graph.integers(numbers(at, "begin")), at.graph.sizes(extents(at, "end")), at.graph.integers(numbers(at, "strides"))],
      Object.fromEntries(Object.entries(masks).map(([name, ours]) => [name, attr.int(number(at, ours, 0))])),
    ),
  ];
};

const split: Rule = (at) => {
  const rank = given(at, "x").shape.length;
  const axis = (number(at, "axis") + rank) % rank;
  const parts = at.outputs.map(({ shape }) => shape[axis] ?? 0);
  const name = emit(at, "SplitV", [input(at, "x"), at.graph.sizes(parts), at.graph.integers(axis)], { num_split: attr.int(parts.length) });
  return at.outputs.map((_, i) => (i === 0 ? name : `${name}:${i}`));
};

const unpack: Rule = (at) => {
  const name = emit(at, "Unpack", [input(at, "value")], { num: attr.int(at.outputs.length), axis: attr.int(number(at, "axis")) });
  return at.outputs.map((_, i) => (i === 0 ? name : `${name}:${i}`));
};

const concatenate: Rule = (at) => {
  const tensors = listed(at);
  if (tensors.length === 1) return tensors;
  const rank = output(at).shape.length;
  const axis = (number(at, "axis") + rank) % rank;
  return [emit(at, "ConcatV2", [...tensors, at.graph.integers(axis)], { N: attr.int(tensors.length) })];
};

const pad: Rule = (at) => {
  const paddings = at.graph.store(`${at.call.node}/paddings`, "int32", [output(at).shape.length, 2], (at.call.attrs.paddings as number[][]).flat());
  if (at.call.kernel === "MirrorPad") return [emit(at, "MirrorPad", [input(at, "x"), paddings], { mode: attr.text(text(at, "mode").toUpperCase()) })];
  return [emit(at, "PadV2", [input(at, "x"), paddings, at.graph.number(number(at, "constantValue", 0), output(at).dtype)])];
};

const resize =
  (op: string): Rule =>
  (at) => [
    emit(at, op, [input(at, "images"), at.graph.sizes(extents(at, "size"))], {
      align_corners: attr.flag(flag(at, "alignCorners")),
      half_pixel_centers: attr.flag(flag(at, "halfPixelCenters")),
    }),
  ];

const fill: Rule = (at) => {
  const { shape, dtype } = output(at);
  return [emit(at, "Fill", [at.graph.sizes(shape), at.graph.number(number(at, "value"), dtype)])];
};

const range: Rule = (at) => {
  const { dtype } = output(at);
  const bounds = (["start", "stop", "step"] as const).map((name) => at.graph.number(number(at, name, name === "step" ? 1 : undefined), dtype));
  return [emit(at, "Range", bounds, { Tidx: attr.type(dtype) })];
};

const oneHot: Rule = (at) => {
  const { dtype } = output(at);
  const [on, off] = [number(at, "onValue", 1), number(at, "offValue", 0)].map((value) => at.graph.number(value, dtype));
  return [emit(at, "OneHot", [input(at, "indices"), at.graph.integers(number(at, "depth")), on ?? "", off ?? ""], { axis: attr.int(-1) })];
};

const blocks =
  (op: string, edges: string): Rule =>
  (at) => {
    const rows = at.call.attrs[edges] as number[][];
    const stored = at.graph.store(`${at.call.node}/${edges}`, "int32", [rows.length, 2], rows.flat());
    return [emit(at, op, [input(at, "x"), at.graph.integers(numbers(at, "blockShape")), stored])];
  };

/** Reshaping what was reshaped starts from the first shape; getting that one back is no work at all. */
const reshape =
  (port: string): Rule =>
  (at) => {
    const name = input(at, port);
    const from = at.before(name) ?? { name, shape: given(at, port).shape };
    const { shape } = output(at);
    if (sameShape(from.shape, shape)) return [from.name];
    const result = emit(at, "Reshape", [from.name, at.graph.reshapeTo(shape)]);
    at.remember(result, from);
    return [result];
  };

/** Sums of rows by index: graph models have none, but rows can be scattered into zeros, where those of one place add up. */
const segmentSum: Rule = (at) => {
  const places = emit(at, "ExpandDims", [input(at, "segmentIds"), at.graph.integers(-1)], { T: attr.type("int32") });
  return [emit(at, "ScatterNd", [places, input(at, "x"), at.graph.sizes(output(at).shape)], { Tindices: attr.type("int32") })];
};

const topK: Rule = (at) => {
  const name = emit(at, "TopKV2", [input(at, "x"), at.graph.integers(number(at, "k"))], { sorted: attr.int(1) });
  return [name, `${name}:1`];
};

/** Its input under another name. */
const alias: Rule = (at) => [input(at, "x")];

export const shapeRules: Readonly<Record<string, Rule>> = {
  Identity: alias,
  Reshape: reshape("x"),
  ExpandDims: reshape("input"),
  BroadcastTo: (at) => [emit(at, "BroadcastTo", [input(at, "x"), at.graph.sizes(output(at).shape)])],
  Transpose: (at) => [emit(at, "Transpose", [input(at, "x"), at.graph.integers(numbers(at, "perm"))])],
  Tile: (at) => [emit(at, "Tile", [input(at, "x"), at.graph.sizes(extents(at, "reps"))])],
  Reverse: (at) => [emit(at, "ReverseV2", [input(at, "x"), at.graph.integers(numbers(at, "dims"))])],
  Slice: slice,
  StridedSlice: stridedSlice,
  SplitV: split,
  Unpack: unpack,
  Concat: concatenate,
  Pack: (at) => [emit(at, "Pack", listed(at), { N: attr.int(listed(at).length), axis: attr.int(number(at, "axis")) })],
  PadV2: pad,
  MirrorPad: pad,
  SpaceToBatchND: blocks("SpaceToBatchND", "paddings"),
  BatchToSpaceND: blocks("BatchToSpaceND", "crops"),
  ResizeBilinear: resize("ResizeBilinear"),
  ResizeNearestNeighbor: resize("ResizeNearestNeighbor"),
  GatherV2: (at) => [
    emit(at, "GatherV2", [input(at, "x"), input(at, "indices"), at.graph.integers(number(at, "axis", 0))], {
      batch_dims: attr.int(number(at, "batchDims", 0)),
    }),
  ],
  UnsortedSegmentSum: segmentSum,
  ScatterNd: (at) => [emit(at, "ScatterNd", [input(at, "indices"), input(at, "updates"), at.graph.sizes(output(at).shape)])],
  TopK: topK,
  GatherNd: (at) => [emit(at, "GatherNd", [input(at, "params"), input(at, "indices")])],
  Fill: fill,
  Range: range,
  OneHot: oneHot,
  OnesLike: (at) => [emit(at, "OnesLike", [input(at, "x")])],
  ZerosLike: (at) => [emit(at, "ZerosLike", [input(at, "x")])],
  Cast: (at) => [
    given(at, "x").dtype === output(at).dtype
      ? input(at, "x")
      : emit(at, "Cast", [input(at, "x")], { SrcT: attr.type(given(at, "x").dtype), DstT: attr.type(output(at).dtype) }),
  ],
  Step: (at) => {
    if (number(at, "alpha", 0) !== 0) refuse(at, "A step with a slope is not known to the format.");
    const above = emit(at, "Greater", [input(at, "x"), at.graph.number(0)], { T: attr.type("float32") });
    return [emit(at, "Cast", [above], { SrcT: attr.type("bool"), DstT: attr.type("float32") })];
  },
};
