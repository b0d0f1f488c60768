import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { decodeSafetensors, encodeSafetensors, type Safetensor } from "../../src/tensor/safetensors.ts";

/**
 * What a rival needs to do exactly what Netloom does: the first weights, three batches and the optimiser, and the losses of
 * three steps on them, by which it is seen that it does.
 */
export interface Fixture {
  readonly weights: Readonly<Record<string, Safetensor>>;
  /** Names of those that no optimiser moves: running averages. */
  readonly frozen: readonly string[];
  /** By port of the data set: `x`, `label`, … */
  readonly batches: readonly Readonly<Record<string, Safetensor>>[];
  readonly losses: readonly number[];
  readonly optimiser: OptimiserFacts;
}

export const optimiserSchema = z.object({
  type: z.enum(["sgd", "adam"]),
  rate: z.number(),
  momentum: z.number().optional(),
  /** Bound on the norm of all gradients together. */
  clipNorm: z.number().optional(),
});
export type OptimiserFacts = z.infer<typeof optimiserSchema>;

/** Writes a fixture as a safetensors file: `weight/…`, `0/x`, `1/x`, …; the rest as metadata. */
export function writeFixture(path: string, { weights, batches, frozen, losses, optimiser }: Fixture): void {
  const tensors: Record<string, Safetensor> = {};
  for (const [name, tensor] of Object.entries(weights)) tensors[`weight/${name}`] = tensor;
  batches.forEach((ports, i) => {
    for (const [port, tensor] of Object.entries(ports)) tensors[`${i}/${port}`] = tensor;
  });
  const metadata = { frozen: JSON.stringify(frozen), losses: JSON.stringify(losses), optimiser: JSON.stringify(optimiser) };
  writeFileSync(path, encodeSafetensors(tensors, metadata));
}

export function readFixture(path: string): Fixture {
  const { tensors, metadata } = decodeSafetensors(new Uint8Array(readFileSync(path)));
  const under = (prefix: string) =>
    Object.fromEntries(Object.entries(tensors).flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [])));
  const losses = z.array(z.number()).parse(JSON.parse(metadata.losses ?? ""));
  return {
    weights: under("weight/"),
    frozen: z.array(z.string()).parse(JSON.parse(metadata.frozen ?? "")),
    batches: losses.map((_, i) => under(`${i}/`)),
    losses,
    optimiser: optimiserSchema.parse(JSON.parse(metadata.optimiser ?? "")),
  };
}

/** Throws where a rival's losses are not Netloom's: then it does something else, and its time says nothing. */
export function expectSameLosses(rival: string, ours: readonly number[], theirs: readonly number[]): void {
  const same =
    ours.length === theirs.length && ours.every((loss, i) => Math.abs(loss - (theirs[i] ?? Number.NaN)) <= 2e-3 * Math.max(1, Math.abs(loss)));
  if (!same) throw new Error(`${rival} does not train the same network: its first losses are ${theirs.join(", ")}, Netloom's ${ours.join(", ")}.`);
}
