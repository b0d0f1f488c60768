import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

describe("a run on a graphics card that is taken away", () => {
  let app: App;
  beforeAll(async () => {
    app = await openApp({ width: 1280, height: 800 }, ["--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]);
  });
  afterAll(() => app.close());

  it("goes on from its last checkpoint on a new context", async () => {
    const { page } = app;
    const desk = page.locator(".training-desk");
    const steps = async () => Number(/([\d,]+) \/ 100,000/.exec((await desk.textContent()) ?? "")?.[1]?.replaceAll(",", "") ?? 0);
    await page.getByRole("button", { name: /MNIST-1D, convolutional/ }).click();
    await page.locator(".backend-chip[data-state=ready]").click({ timeout: 90_000 });
    const webgl = page.getByRole("radio", { name: /WebGL/ });
    await webgl.check({ timeout: 60_000 });
    await page.getByRole("button", { name: "Close", exact: true }).last().click();
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(5);
    // The run's first checkpoint is made after two seconds.
    await page.waitForTimeout(4000);
    const before = await steps();
    // tfjs keeps its engine where every copy of it finds it.
    const lose = `(() => {
      const backend = self._tfengine?.backend;
      if (!backend?.gpgpu) return false;
      backend.gpgpu.gl.getExtension("WEBGL_lose_context").loseContext();
      return true;
    })()`;
    // The other workers answer nothing: they wait for work.
    const engines = () => page.workers().filter((worker) => worker.url().includes("engine.worker"));
    const lost = await Promise.all(engines().map((worker) => worker.evaluate<boolean>(lose)));
    expect(lost).toContain(true);
    await page.getByText("The run goes on from its last checkpoint on a new one.").waitFor({ timeout: 20_000 });
    await expect.poll(steps, { timeout: 60_000 }).toBeGreaterThan(before);
    const onWebgl = "Boolean(self._tfengine?.backend?.gpgpu && !self._tfengine.backend.gpgpu.gl.isContextLost())";
    expect(await Promise.all(engines().map((worker) => worker.evaluate<boolean>(onWebgl)))).toContain(true);
    expect(app.errors).toEqual([]);
  });
});
