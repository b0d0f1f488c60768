import { type Dim, f32, formatShape, type Shape, type TensorType } from "../../tensor/types.ts";
import { isProblem, type LayerMend, type LayerProblem, problem } from "../contract.ts";

/** Shapes that go together as in NumPy: aligned at the last axis, sizes equal or 1. Undefined if they do not. */
export function broadcastShape(shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length));
  const joined: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sizes = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((size) => size !== 1);
    if (new Set(sizes).size > 1) return undefined;
    joined.push(sizes[0] ?? 1);
  }
  return joined;
}

/** The shape of an elementwise operation on all that arrives, or why there is none. `verb`: "multiplied". */
export function broadcastInputs(ports: Readonly<Record<string, TensorType | readonly TensorType[]>>, verb: string): Shape | LayerProblem {
  const wires = Object.entries(ports).flatMap(([port, types]) =>
    [types].flat().map((type: TensorType, wire) => ({ port, type, ...(Array.isArray(types) && { wire }) })),
  );
  const [first] = wires;
  if (!first) return problem(`There is nothing to be ${verb} yet.`, { port: Object.keys(ports)[0] ?? "x", expected: "one wire or more" });
  const shape = broadcastShape(wires.map(({ type }) => type.shape));
  if (shape) return shape;
  const odd = wires.find(({ type }) => !broadcastShape([first.type.shape, type.shape])) ?? first;
  const mend = perChannel(first.type.shape, odd.type.shape);
  return problem(`These shapes cannot be ${verb} element by element: aligned at their last axis, sizes must be equal or 1.`, {
    port: odd.port,
    expected: formatShape(first.type.shape),
    received: wires.map(({ type }) => formatShape(type.shape)).join(" and "),
    ...(mend && { mend: { ...mend, kind: "insert", port: odd.port, ...("wire" in odd && { wire: odd.wire }) } as LayerMend }),
  });
}

/** A vector for each example meets a map with as many channels: a size of 1 for each axis between lets them meet. */
function perChannel(map: Shape, vector: Shape): { label: string; type: string; params: Readonly<Record<string, unknown>> } | undefined {
  const channels = vector[1];
  if (vector.length !== 2 || map.length < 3 || vector[0] !== map[0] || channels !== map.at(-1) || typeof channels !== "number") return undefined;
  const sizes = [...map.slice(1, -1).map(() => 1), channels];
  return { label: `Insert a reshape to ${sizes.join(" × ")}`, type: "reshape", params: { shape: sizes } };
}

/** The ports of an operation on two tensors, element by element. */
export const operandPorts = {
  a: { dtype: "float32", help: "Any tensor, a single number included." },
  b: { dtype: "float32", help: "A tensor of the same shape, or one whose sizes are 1 where it is to be repeated." },
} as const;

/** What such an operation gives: real numbers of the shape that both are repeated to, or why there is none. */
export function elementwise(ports: Readonly<Record<string, TensorType | readonly TensorType[]>>, verb: string): { y: TensorType } | LayerProblem {
  const shape = broadcastInputs(ports, verb);
  return isProblem(shape) ? shape : { y: f32(...shape) };
}
