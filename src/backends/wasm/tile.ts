import type { TileAttrs } from "@tensorflow/tfjs-core";
import { anyNumbers, copyRun } from "./blocks.ts";
import { defineKernel, size } from "./kernel.ts";

/**
 * A tensor repeated along its axes, as every broadcast does: the last axis first, each axis by copying what the ones after it
 * have made. tfjs's kernel finds the source of every number by division.
 */
export const runTile = defineKernel<"x", TileAttrs>("Tile", ({ x }, { reps }, backend) => {
  const shape = x.shape.map((n, i) => n * (reps[i] as number));
  const out = backend.makeOutput(shape, x.dtype);
  const from = anyNumbers(backend, x);
  const to = anyNumbers(backend, out);
  if (to.length === 0) return out;
  /** Writes the tiles of the axes from `axis` on, of one place in the axes before; returns where it ended. */
  const write = (axis: number, source: number, target: number): number => {
    const n = x.shape[axis];
    if (n === undefined) {
      to[target] = from[source] as number;
      return target + 1;
    }
    const inner = size(x.shape.slice(axis + 1));
    let end = target;
    if (reps.slice(axis + 1).every((times) => times === 1)) {
      copyRun(from, source, to, target, n * inner);
      end += n * inner;
    } else for (let i = 0; i < n; i++) end = write(axis + 1, source + i * inner, end);
    const made = end - target;
    const total = made * (reps[axis] as number);
    if (made === 1) to.fill(to[target] as number, target, target + total);
    else for (let done = made; done < total; done *= 2) to.copyWithin(target + done, target, target + Math.min(done, total - done));
    return target + total;
  };
  write(0, 0, 0);
  return out;
});
