import { formatShape, sameType, type TensorType } from "../tensor/types.ts";
import { isProblem, type Layer, type LayerProblem, type Params, type Port, type PortValues, problem } from "./contract.ts";

/** The port of a log-determinant, in a layer and in a block: it stays an output whichever way the map runs. */
export const logdetPort = "logdet";

/** The input ports that a layer's inverse gives back, in its own order. */
export const undone = (layer: Layer): readonly string[] => Object.keys(layer.inputs).filter((port) => !layer.conditions?.includes(port));

/** Names that the wires at an input port go by once it is an output: `x`, or `x0`, `x1` … of a port that takes many. */
export const namesBack = (layer: Layer, port: string, wires: number): readonly string[] =>
  layer.inputs[port]?.many ? Array.from({ length: wires }, (_, i) => `${port}${i}`) : wires > 0 ? [port] : [];

const known = new WeakMap<Layer, Map<string, Layer>>();

/**
 * The layer that undoes another: its inputs are the other's outputs and conditions, its outputs the other's inputs. Weights, parameters
 * and costs are the other's; `logdet` is minus the other's. The same object for the same question.
 * @param outputs the output ports that the layer has under its parameters.
 * @param wires how many wires arrive at each of its input ports.
 */
export function invert(layer: Layer, outputs: readonly string[], wires: Readonly<Record<string, number>>): Layer {
  let made = known.get(layer);
  if (!made) known.set(layer, (made = new Map()));
  const key = JSON.stringify([outputs, wires]);
  let inverted = made.get(key);
  if (!inverted) made.set(key, (inverted = make(layer, outputs, wires)));
  return inverted;
}

function make(layer: Layer, outputs: readonly string[], wires: Readonly<Record<string, number>>): Layer {
  const { inverse, advance: _a, window: _w, inferInverse: _i, conditions = [], ...same } = layer;
  const arriving = outputs.filter((port) => port !== logdetPort);
  const inputs: Record<string, Port> = {};
  for (const port of arriving) inputs[port] = { help: `What left ${layer.title} by this port.` };
  for (const port of conditions) if (layer.inputs[port]) inputs[port] = layer.inputs[port];
  const leaving = undone(layer).flatMap((port) => namesBack(layer, port, wires[port] ?? 0));
  /** Types of the other's inputs, from what arrives here. */
  const before = (x: PortValues<TensorType>, p: Params): PortValues<TensorType> | LayerProblem => {
    const y: Record<string, TensorType> = {};
    for (const port of arriving) y[port] = x[port] as TensorType;
    const types = layer.inferInverse?.(y, p, wires) ?? sameTypes(layer, y);
    if (isProblem(types)) return types;
    return { ...types, ...Object.fromEntries(conditions.map((port) => [port, x[port]])) };
  };
  const sizes = (x: PortValues<TensorType>, p: Params): PortValues<TensorType> => {
    const types = before(x, p);
    return isProblem(types) ? {} : types;
  };
  return {
    ...same,
    title: `${layer.title}, backwards`,
    inputs,
    outputs: outputs.includes(logdetPort) ? [...leaving, logdetPort] : leaving,
    examples: [],
    infer(x, p, env) {
      const types = before(x, p);
      if (isProblem(types)) return types;
      const forward = layer.infer(types, p, env);
      if (isProblem(forward)) return { ...forward, ...(forward.port && !inputs[forward.port] && { port: arriving[0] ?? forward.port }) };
      for (const port of arriving) {
        const [given, due] = [x[port] as TensorType, forward[port]];
        if (due && (due.dtype !== given.dtype || formatShape(due.shape) !== formatShape(given.shape)) && !sameType(due, given))
          return problem(`${layer.title} never gives a tensor like this one, so it cannot be undone.`, {
            port,
            expected: formatShape(due.shape),
            received: formatShape(given.shape),
          });
      }
      const back = flatten(layer, types, wires);
      const logdet = forward[logdetPort];
      return logdet ? { ...back, [logdetPort]: logdet } : back;
    },
    ...(layer.weights && { weights: (x: PortValues<TensorType>, p: Params) => layer.weights?.(sizes(x, p), p) ?? {} }),
    ...(layer.cost && {
      cost: (x: PortValues<TensorType>, _y: unknown, p: Params) => layer.cost?.(sizes(x, p), x as Record<string, TensorType>, p) ?? 0,
    }),
    ...(inverse && {
      apply: (x, w, p, ctx) => {
        const found = inverse.call(layer, x as never, w, p, ctx, x, wires);
        const back = flatten(layer, found, wires);
        const logdet = found[logdetPort];
        return logdet ? { ...back, [logdetPort]: logdet as never } : back;
      },
    }),
  } satisfies Layer;
}

/** Without a word of its own, a layer with one input and one output leaves types as they are. */
function sameTypes(layer: Layer, y: Readonly<Record<string, TensorType>>): Readonly<Record<string, TensorType>> {
  const types = Object.values(y);
  return Object.fromEntries(undone(layer).flatMap((port, i) => (types[i] ? [[port, types[i]]] : [])));
}

/** Values of input ports by the names they leave under. */
function flatten<V>(
  layer: Layer,
  values: Readonly<Record<string, V | readonly V[] | undefined>>,
  wires: Readonly<Record<string, number>>,
): Record<string, V> {
  const flat: Record<string, V> = {};
  for (const port of undone(layer)) {
    const value = values[port];
    const all = Array.isArray(value) ? (value as readonly V[]) : [value as V];
    for (const [i, name] of namesBack(layer, port, wires[port] ?? 0).entries()) flat[name] = all[i] as V;
  }
  return flat;
}
