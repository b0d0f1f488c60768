import type { Safetensor } from "../../src/tensor/safetensors.ts";
import { createFeeds, drawingOf, type RawFeed } from "../../src/training/feeds.ts";
import { createTrainer, type Trainer, type TrainerOptions } from "../../src/training/trainer.ts";
import { type Fixture, optimiserSchema } from "./fixture.ts";

const checkedSteps = 3;

/** Makes the trainer, takes its first steps and writes down what they were. */
export async function startWithFixture(options: TrainerOptions): Promise<{ trainer: Trainer; fixture: Fixture }> {
  const trainer = createTrainer(options);
  const { program, plan, batch, seed } = trainer;
  const [phase] = plan.phases;
  if (phase === undefined) throw new Error("The document has no phase.");
  const { feeds } = program.plan([phase.minimise]);
  const data = createFeeds(options.datasets, drawingOf(options.datasets, { batch, seed }));
  const batches = Array.from({ length: checkedSteps }, (_, step) =>
    Object.fromEntries(feeds.map(({ port, key }) => [port, tensorOf(data.trainingValues(feeds, step).find((raw) => raw.key === key))])),
  );
  const weights = await trainer.weights();
  const frozen = program.variables.filter(({ spec }) => spec.trainable === false).map(({ name }) => name);
  const losses: number[] = [];
  for (let i = 0; i < checkedSteps; i++) {
    trainer.trainStep();
    losses.push((await trainer.readLosses())[phase.minimise.path] ?? Number.NaN);
  }
  const optimiser = optimiserSchema.parse({ ...phase.optimiser, clipNorm: phase.clipNorm });
  return { trainer, fixture: { weights, frozen, batches, losses, optimiser } };
}

/** A copy: the numbers of a feed are only lent. */
function tensorOf(raw: RawFeed | undefined): Safetensor {
  if (raw === undefined) throw new Error("A feed is missing.");
  const { values, shape } = raw;
  return values instanceof Int32Array ? { dtype: "I32", shape, data: values.slice() } : { dtype: "F32", shape, data: values.slice() };
}
