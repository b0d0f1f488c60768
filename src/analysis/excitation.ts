import * as tf from "@tensorflow/tfjs-core";
import type { Plan } from "../compiler/plan.ts";
import { evaluate } from "./pictures.ts";
import type { Subject } from "./subject.ts";
import { AnalysisError } from "./types.ts";

/** Examples that are run at once. */
const atOnce = 32;

/** Runs a plan on many examples, a few at a time; `use` gets what the plan gives, within a tidy, and the number of the first of them. */
export async function inPieces(
  subject: Subject,
  plan: Plan,
  feeds: Readonly<Record<string, tf.Tensor>>,
  batch: number,
  use: (outputs: readonly tf.Tensor[], first: number) => void,
  progress: (done: number) => Promise<void>,
): Promise<void> {
  for (let first = 0; first < batch; first += atOnce) {
    const count = Math.min(atOnce, batch - first);
    tf.tidy(() => {
      const cut = Object.entries(feeds).map(([key, tensor]) => [key, tf.slice(tensor, first, count)] as const);
      use(evaluate(subject, plan, Object.fromEntries(cut), count), first);
    });
    await progress((first + count) / batch);
  }
}

/** The sizes of a map of activations. @throws AnalysisError if it is none */
export function mapShape(output: string, y: tf.Tensor): [number, number, number] {
  if (y.rank !== 4) throw new AnalysisError(`"${output}" [${y.shape.join(", ")}] is no map of activations: [batch, height, width, channels].`);
  return y.shape.slice(1) as [number, number, number];
}
