import { beforeAll, describe, expect, it } from "vitest";
import { prepareBackend } from "../../src/backends/backends.ts";
import { heapLimit } from "../../src/backends/kernels/heap.ts";
import { tensorRoom } from "../../src/backends/room.ts";
import { compile } from "../../src/compiler/compile.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { trainingPlan } from "../../src/graph/training.ts";
import { registry } from "../../src/layers/registry.ts";
import { formatBytes } from "../../src/tensor/bytes.ts";
import { checkMemory } from "../../src/training/fit.ts";
import { predictMemory } from "../../src/training/memory.ts";
import { createTrainer } from "../../src/training/trainer.ts";
import { builtKernels } from "../support/kernels.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";
import { clouds, documentOf, node, wires } from "./documents.ts";

const GiB = 2 ** 30;

beforeAll(() => prepareBackend("wasm", { kernels: builtKernels }));

/** Bytes of the kernels' memory in use. */
const taken = () => heapLimit - tensorRoom();

/** A network for the clouds with layers so wide, trained with Adam. */
function network(widths: readonly number[], batch: number) {
  const layers = [...widths, 2].map((units, i) => node(`dense${i}`, "dense", { units }));
  const document = documentOf(
    [node("data", "dataset", { name: "clouds" }), ...layers, node("loss", "loss.cross-entropy")],
    wires(
      "data.x > dense0.x",
      ...layers.slice(1).map((_, i) => `dense${i}.y > dense${i + 1}.x`),
      `dense${layers.length - 1}.y > loss.x`,
      "data.label > loss.label",
    ),
    { batch, phases: [{ minimise: "loss", optimiser: { type: "adam", rate: 0.001 } }] },
  );
  const { info } = clouds();
  const checked = checkDocument(document, registry, { dataset: () => info, datasetNames: () => [info.name] });
  const planned = trainingPlan(document, checked);
  if (!planned.ok) throw new Error(planned.problems[0]?.message);
  return { program: compile(checked), plan: planned.plan, request: { backend: "wasm", batch, data: 0, limits: { tensors: 4 * GiB } } };
}

describe("the memory that is predicted", () => {
  it.each(["digits-cnn", "tiny-gpt", "mnist1d-conv", "moons-flow"])("is what the tensors of a run take: %s", async (id) => {
    const { document, checked } = openTemplate(id);
    const planned = trainingPlan(document, checked);
    if (!planned.ok) throw new Error(planned.problems[0]?.message);
    const { plan } = planned;
    const datasets = await loadDatasets({ document, checked });
    const before = taken();
    const trainer = createTrainer({ document, checked, datasets });
    for (let i = 0; i < 3; i++) {
      trainer.remember();
      trainer.trainStep();
      await trainer.readLosses();
    }
    trainer.remember();
    trainer.trainStep();
    const used = taken() - before;
    const { total } = await predictMemory(trainer.program, plan, { backend: "wasm", batch: trainer.batch, recompute: false });
    trainer.dispose();
    expect(used / total).toBeGreaterThan(0.9);
    expect(used / total).toBeLessThan(1.2);
  });

  it("grows with the batch, and is less with recomputation where a network is deep", async () => {
    const { program, plan } = network(Array(24).fill(64), 32);
    const at = async (batch: number, recompute = false) => (await predictMemory(program, plan, { backend: "wasm", batch, recompute })).step ?? 0;
    expect(await at(4096)).toBeGreaterThan(1.8 * (await at(2048)));
    expect(await at(4096, true)).toBeLessThan(0.6 * (await at(4096)));
  });

  it("is told for graphics cards too, where a step is repeated kernel by kernel", async () => {
    const { program, plan } = network([64, 64], 32);
    const { step = 0 } = await predictMemory(program, plan, { backend: "webgl", batch: 1000, recompute: false });
    expect(step).toBeGreaterThan(3 * 64 * 1000 * 4);
  });
});

describe("a run that cannot fit", () => {
  it("is let through if it can", async () => {
    const { program, plan, request } = network([64, 64], 32);
    expect(await checkMemory(program, plan, request)).toBeUndefined();
  });

  it("is refused with a batch that fits, and does", async () => {
    const { program, plan, request } = network(Array(16).fill(1024), 100_000);
    const refused = await checkMemory(program, plan, request);
    expect(refused?.message).toMatch(/needs about [\d.,]+ GiB, but there is room for 4.0 GiB/);
    expect(refused?.message).toMatch(/Most is needed by "dense\d+" \(/);
    expect(refused?.remedy).toMatch(/To recompute activations would bring it to [\d.]+ GiB/);
    const batch = Number(/A batch of ([\d,]+) instead of/.exec(refused?.remedy ?? "")?.[1]?.replaceAll(",", ""));
    expect(batch).toBeGreaterThan(1000);
    expect(await checkMemory(program, plan, { ...request, batch })).toBeUndefined();
  });

  it("is refused where the machine is too small, with the data sets counted", async () => {
    const { program, plan, request } = network([64, 64], 32);
    const limits = { tensors: 4 * GiB, machine: GiB };
    expect(await checkMemory(program, plan, { ...request, limits })).toBeUndefined();
    expect((await checkMemory(program, plan, { ...request, limits, data: GiB }))?.message).toMatch(/this machine has 1.0 GiB/);
  });

  it("is refused at once at the size of GPT-3, before anything is allocated", async () => {
    const { program, plan, request } = network(Array(1200).fill(12_288), 32);
    const before = taken();
    const begun = performance.now();
    const refused = await checkMemory(program, plan, request);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(taken()).toBe(before);
    expect(refused?.message).toMatch(/more than 2\.0 TiB|more than 1\.9 TiB/);
    expect(refused?.remedy).toMatch(/Make the network smaller/);
  });
});

it("writes bytes as people do", () => {
  expect([12, 2048, 412 * 2 ** 20, 1.9 * GiB].map(formatBytes)).toEqual(["12 bytes", "2.0 KiB", "412 MiB", "1.9 GiB"]);
});
