import type { Shape } from "../tensor/types.ts";
import { type LayerProblem, problem, type Window } from "./contract.ts";
import { choice } from "./params.ts";

/** What convolution and pooling share: a window that slides over the spatial axes (book 10.2.2–10.2.3). */

export const paddingParam = (fallback: "same" | "valid") =>
  choice(["same", "valid"], {
    default: fallback,
    help: "Same: zeros around the edge, size divided by the stride. Valid: only positions where the whole window fits.",
  });

export interface Sliding {
  /** Window size along each spatial axis. */
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation?: readonly number[];
  readonly padding: "same" | "valid";
  /** What the parameter that holds the size is called, and the window in words, for messages. */
  readonly called: string;
}

/** Input samples that a window of `size` taps covers. */
export const covered = (size: number, dilation = 1): number => (size - 1) * dilation + 1;

/**
 * Sizes after sliding, by Keras's rule: same = ⌈n / stride⌉, valid = ⌊(n − covered) / stride⌋ + 1.
 * `shape` is the whole shape, batch first and channels last; the spatial axes stand between.
 */
export function slide(shape: Shape, { size, stride, dilation, padding, called }: Sliding): number[] | LayerProblem {
  const out: number[] = [];
  for (const [i, taps] of size.entries()) {
    const n = shape[i + 1];
    if (typeof n !== "number")
      return problem("A spatial axis has no fixed size, so a window cannot slide along it.", { port: "x", expected: "a number", received: `${n}` });
    const step = stride[i] ?? 1;
    const extent = covered(taps, dilation?.[i]);
    const length = padding === "same" ? Math.ceil(n / step) : Math.floor((n - extent) / step) + 1;
    if (length < 1)
      return problem(`The ${called} covers ${extent} positions, but the input has only ${n} along axis ${i + 1}.`, {
        port: "x",
        expected: `at least ${extent}`,
        received: `${n}`,
        mend: { label: "Pad the input (padding: same)", kind: "set", params: { padding: "same" } },
      });
    out.push(length);
  }
  return out;
}

export const windows = (size: readonly number[], stride: readonly number[], dilation?: readonly number[]): Window[] =>
  size.map((taps, i) => ({ extent: covered(taps, dilation?.[i]), stride: stride[i] ?? 1 }));

/** ` · stride 2 · dilation 2 · valid`: only what differs from the default. */
export function windowSummary(stride: number | readonly number[], dilation: number | readonly number[], padding: string, usual: string): string {
  const one = (name: string, value: number | readonly number[]) => {
    const values = typeof value === "number" ? [value] : value;
    return values.every((v) => v === 1) ? "" : ` · ${name} ${values.join("×")}`;
  };
  return one("stride", stride) + one("dilation", dilation) + (padding === usual ? "" : ` · ${padding}`);
}
