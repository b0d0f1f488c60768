import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "fast-png";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

/** Two classes of pictures of 32 × 32 that differ in their tint. */
const zip = () =>
  zipSync(
    Object.fromEntries(
      ["cold", "warm"].flatMap((name, c) =>
        Array.from({ length: 100 }, (_, i) => {
          const data = Uint8Array.from({ length: 32 * 32 * 3 }, (_value, k) => ((k * 7 + i * 13) % 100) + (k % 3 === 2 * (1 - c) ? 120 : 0));
          return [`${name}/${i}.png`, encode({ width: 32, height: 32, channels: 3, data })] as const;
        }),
      ),
    ),
  );

/** Batches of 64 pictures: 786 kB, enough for a thread. */
const document = {
  netloom: 1,
  name: "pictures",
  nodes: [
    { id: "data", type: "dataset", params: { name: "tints.zip" } },
    { id: "flat", type: "flatten" },
    { id: "linear", type: "dense", params: { units: 2 } },
    { id: "loss", type: "loss.cross-entropy" },
  ],
  edges: [
    { from: "data.x", to: "flat.x" },
    { from: "flat.y", to: "linear.x" },
    { from: "linear.y", to: "loss.x" },
    { from: "data.label", to: "loss.label" },
  ],
  training: { batch: 64, phases: [{ minimise: "loss", optimiser: { type: "sgd", rate: 0.001 } }], stop: { steps: 100_000 } },
};

describe("a person's pictures", () => {
  let app: App;
  beforeAll(async () => {
    app = await openApp();
  });
  afterAll(() => app.close());

  it("train with batches from a thread of their own, one for the run at hand", async () => {
    const { page, folder } = app;
    mkdirSync(join(folder, ".netloom", "data"), { recursive: true });
    writeFileSync(join(folder, ".netloom", "data", "tints.zip"), zip());
    writeFileSync(join(folder, "pictures.netloom"), JSON.stringify(document));
    // The gallery comes the first time only.
    await page.getByRole("button", { name: "Blank document" }).click();
    await page.reload();
    await page.getByRole("button", { name: "Browse templates" }).waitFor();
    await page.keyboard.press("Control+o");
    await page.getByRole("dialog").getByText("pictures.netloom").dblclick();
    const desk = page.locator(".training-desk");
    const steps = async () => Number(/([\d,]+) \/ 100,000/.exec((await desk.textContent()) ?? "")?.[1]?.replaceAll(",", "") ?? 0);
    const threads = () => page.workers().filter((worker) => worker.url().includes("batches.worker")).length;
    // The dialog closes before the document is there.
    await page.locator("#node-linear").waitFor();
    expect(threads()).toBe(0);
    await page.getByRole("button", { name: "Train", exact: true }).click();
    for (const until of [30, 200]) {
      await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(until);
      await expect.poll(threads, { timeout: 10_000 }).toBe(1);
      await desk.getByRole("button", { name: "Stop" }).click();
      await desk.getByText(/Stopped/).waitFor();
      // A stopped run is taken up as a new one, from its last checkpoint.
      await desk.getByRole("button", { name: "Resume" }).click();
    }
    await desk.getByRole("button", { name: "Stop" }).click();
    expect(app.errors).toEqual([]);
  }, 180_000);
});
