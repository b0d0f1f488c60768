import { readFileSync } from "node:fs";
import { prepareBackend } from "../../src/backends/backends.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import { openInChromium } from "../support/chromium.ts";
import { tryWebgpu, webgpuOptions } from "../support/dawn.ts";
import type { Fixture } from "./fixture.ts";
import { type Race, race } from "./gpu-race.ts";
import { digits, median } from "./median.ts";
import { startWithFixture } from "./start.ts";
import { mlp, openWorkload, type WorkloadName, workloads } from "./workloads.ts";

/** Small ones: without a graphics card the drivers are software. */
const raced: Readonly<Partial<Record<WorkloadName, () => NetloomDocument>>> = {
  mlp: () => mlp(64, 32),
  mnist1d: workloads.mnist1d,
  gcn: workloads.gcn,
};

/** Training steps against tfjs by hand on the same backend: WebGPU in Node, WebGL in Chromium. */
export async function benchGpu(): Promise<object[]> {
  const rows: object[] = [];
  const contestants: { name: WorkloadName; text: string; fixture: Fixture }[] = [];
  await prepareBackend("cpu");
  for (const [key, make] of Object.entries(raced)) {
    const document = make();
    const { trainer, fixture } = await startWithFixture(await openWorkload(document));
    trainer.dispose();
    contestants.push({ name: key as WorkloadName, text: writeDocument(document), fixture });
  }
  const refusal = await tryWebgpu();
  if (refusal !== undefined) console.log(`WebGPU is not measured: ${refusal}\n`);
  else {
    const adapter = await (await webgpuOptions.gpu?.())?.requestAdapter();
    const device = `WebGPU, Node: ${adapter?.info.description || adapter?.info.device || "a graphics card"}`;
    const bundled = async (name: string) => new Uint8Array(readFileSync(`src/data/files/${name}`));
    for (const { name, text, fixture } of contestants) rows.push(rowOf(device, name, await race(name, text, fixture, bundled)));
    await prepareBackend("cpu");
  }
  const { page, close } = await openInChromium("tests/bench/gpu-page.ts");
  try {
    for (const { name, text, fixture } of contestants) {
      const result: Race = await page.evaluate(
        `raceOnWebgl(${JSON.stringify(name)}, ${JSON.stringify(text)}, ${JSON.stringify(fixture, plainArrays)})`,
      );
      rows.push(rowOf("WebGL, Chromium", name, result));
    }
  } finally {
    await close();
  }
  return rows;
}

const plainArrays = (_: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);

/** The ratio is the median of the rounds' own. */
function rowOf(device: string, workload: string, { ours, byHand }: Race): object {
  const ratios = ours.map((mine, i) => (byHand[i] ?? Number.NaN) / mine);
  return {
    device,
    workload,
    "Netloom, ms": digits(median(ours)),
    "tfjs by hand, ms": digits(median(byHand)),
    "by hand / Netloom": median(ratios).toFixed(2),
    rounds: `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`,
  };
}
