import * as tf from "@tensorflow/tfjs-core";
import type { Phase } from "./phases.ts";
import type { StepTrace } from "./step.ts";

export const disposeTrace = ({ losses, norm }: StepTrace): void => tf.dispose(norm ? [...losses, norm] : [...losses]);

/**
 * The latest losses of every phase by node path, its learning rate, and its gradient norm where it clips; of several phases
 * the last two by phase: `"rate/critic"`. One read from the device for all of them; training may go on meanwhile.
 * @param several the run has several phases, whether or not they have had their turn
 */
export async function readTraces(traces: ReadonlyMap<Phase, StepTrace>, several: boolean): Promise<Record<string, number>> {
  const names: string[] = [];
  const values: Record<string, number> = {};
  const packed = tf.tidy(() => {
    const scalars: tf.Tensor[] = [];
    for (const [{ name, plan }, { losses, norm, rate }] of traces) {
      const suffix = several ? `/${name}` : "";
      values[`rate${suffix}`] = rate;
      names.push(...plan.targets.map(({ path }) => path));
      scalars.push(...losses);
      if (!norm) continue;
      names.push(`gradientNorm${suffix}`);
      scalars.push(norm);
    }
    return scalars.length === 0 ? undefined : tf.stack(scalars);
  });
  if (packed === undefined) return values;
  try {
    const numbers = await packed.data();
    for (const [i, name] of names.entries()) values[name] = numbers[i] ?? Number.NaN;
    return values;
  } finally {
    packed.dispose();
  }
}
