import { type TrainingBackend, trainingBackends } from "../../src/backends/backends.ts";
import { rankBackends } from "../../src/backends/choose.ts";
import { heapLimit } from "../../src/backends/kernels/heap.ts";
import { compile } from "../../src/compiler/compile.ts";
import { type TrainingPlan, trainingPlan } from "../../src/graph/training.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { elementsPerExample } from "../../src/tensor/types.ts";
import { batchOf } from "../../src/training/feeds.ts";
import { forecastMemory } from "../../src/training/fit.ts";
import { expectedSizes } from "../../src/training/memory.ts";
import type { BackendMeasurement, Forecast, ForecastRequest } from "../engine/api.ts";
import { asMeasure } from "./backends.ts";
import { envOf } from "./data-client.ts";
import { machineMemory } from "./machine-memory.ts";
import { prepareDocument } from "./prepare.ts";

/**
 * Predicts what a run of the document would need, as `startRun` would before it begins. No data are loaded, no backend is started.
 * @returns undefined if the document cannot be trained as it is
 */
export async function forecast({ document: text, user, measured, preferred }: ForecastRequest): Promise<Forecast | undefined> {
  const env = envOf(() => user);
  const prepared = prepareDocument(text, { env });
  if (!prepared.ok) return undefined;
  const { document, checked } = prepared;
  const planned = trainingPlan(document, checked);
  if (!planned.ok) return undefined;
  const { plan } = planned;
  const { examples, bytes } = dataOf(plan, env);
  const backend = backendFor(measured, preferred, checked.totals.multiplyAdds * plan.batch);
  const batch = batchOf(examples, plan.batch);
  const limits = { tensors: backend === "wasm" ? heapLimit : Number.POSITIVE_INFINITY, ...machineMemory() };
  return {
    backend,
    batch,
    ...(await forecastMemory(compile(checked), plan, { backend, batch, data: bytes, limits, sizes: expectedSizes(plan, env.dataset) })),
  };
}

/** The backend that a run would take. */
function backendFor(measured: readonly BackendMeasurement[], preferred: string | undefined, multiplyAdds: number): TrainingBackend {
  const available = measured.some(({ name, available }) => available && name === preferred);
  const name = available ? preferred : rankBackends(measured.flatMap(asMeasure), multiplyAdds)[0]?.name;
  return trainingBackends.find((one) => one === name) ?? "wasm";
}

/** How many examples the plan's data sets have for training, and their bytes: four a number, sets that are the same once. */
function dataOf({ datasets }: TrainingPlan, env: InferEnv) {
  const sets = datasets.flatMap(({ name, options, validation }) => {
    const info = env.dataset(name, options);
    if (info === undefined) return [];
    const { train, validation: aside, test } = info.counts;
    const whole = info.whole === true;
    const numbers = Object.values(info.ports).reduce((sum, { shape }) => sum + elementsPerExample(shape), 0);
    return [
      {
        key: JSON.stringify([name, options]),
        whole,
        examples: whole ? 1 : Math.max(1, train - Math.round(train * Math.min(0.5, Math.max(0, validation)))),
        bytes: 4 * numbers * (whole ? 1 : train + aside + test),
      },
    ];
  });
  const distinct = new Map(sets.map((set) => [set.key, set.bytes]));
  return { examples: sets, bytes: [...distinct.values()].reduce((sum, bytes) => sum + bytes, 0) };
}
