import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer, problem } from "../contract.ts";
import { choice } from "../params.ts";

/** `[tokens, width]`: sines and cosines whose wavelengths grow geometrically from 2π to 10000 · 2π (Vaswani et al., 2017). */
export function sinusoids(tokens: number, width: number): Float32Array {
  const table = new Float32Array(tokens * width);
  for (let position = 0; position < tokens; position++)
    for (let i = 0; i < width; i++) {
      const angle = position / 10000 ** ((i - (i % 2)) / width);
      table[position * width + i] = i % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  return table;
}

/** The last table made: every step of a run asks for the same one. */
let last: { readonly tokens: number; readonly width: number; readonly table: Float32Array } | undefined;
function cachedSinusoids(tokens: number, width: number): Float32Array {
  if (last?.tokens !== tokens || last.width !== width) last = { tokens, width, table: sinusoids(tokens, width) };
  return last.table;
}

/** y = x + Π: tells tokens at different places apart (UDL 12.3.1, figure 12.5). */
export const positionalEncoding = defineLayer({
  type: "positional-encoding",
  title: "Positional encoding",
  family: "attention",
  book: "12.3.1",
  aliases: ["position", "sinusoidal", "learned positions", "order"],
  params: z.object({
    kind: choice(["sinusoidal", "learned"], { help: "Fixed waves, which fit any length, or one learned vector for each position." }),
  }),
  inputs: { x: { rank: 3, dtype: "float32", help: "Token vectors: [batch, tokens, width]." } },
  outputs: ["y"],
  infer({ x }, { kind }) {
    const [, tokens, width] = x.shape;
    if (typeof width !== "number") return problem("The vectors have no fixed width.", { port: "x", expected: "[batch, tokens, width]" });
    if (kind === "learned" && typeof tokens !== "number")
      return problem("Learned positions need a fixed number of tokens.", {
        port: "x",
        expected: "a number of tokens",
        received: `${tokens}`,
        mend: { kind: "set", label: "Use sinusoidal positions", params: { kind: "sinusoidal" } },
      });
    return { y: f32(...x.shape) };
  },
  weights: ({ x }, { kind }) => ({
    positions: kind === "learned" ? { shape: x.shape.slice(1) as number[], init: { normal: 0.02 } } : undefined,
  }),
  apply({ x }, { positions }) {
    const [, tokens, width] = x.shape as [number, number, number];
    return { y: tf.add(x, positions ?? tf.tensor2d(cachedSinusoids(tokens, width), [tokens, width])) };
  },
  advance({ x }, { positions }, _p, { offset }) {
    const [, tokens, width] = x.shape as [number, number, number];
    const end = offset + tokens;
    if (positions && end > (positions.shape[0] as number)) return undefined;
    const table = positions ?? tf.tensor2d(cachedSinusoids(end, width), [end, width]);
    return { outputs: { y: tf.add(x, tf.slice(table, [offset, 0], [tokens, width])) }, keep: {} };
  },
  cost: () => 0,
  summary: ({ kind }) => kind,
  explain: {
    summary: "Adds a pattern to each token that says where it stands.",
    equation:
      "\\mathbf{y}_n = \\mathbf{x}_n + \\boldsymbol\\pi_n, \\quad \\pi_{n,2i} = \\sin\\!\\left(n / 10^{8i/D}\\right),\\; \\pi_{n,2i+1} = \\cos\\!\\left(n / 10^{8i/D}\\right)",
  },
  examples: [
    { params: { kind: "sinusoidal" }, inputs: { x: f32("batch", 6, 4) } },
    { params: { kind: "sinusoidal" }, inputs: { x: f32("batch", "tokens", 3) } },
    { params: { kind: "learned" }, inputs: { x: f32("batch", 6, 4) } },
  ],
});
