import type { Page } from "playwright-core";
import { openApp } from "../e2e/app.ts";
import { median } from "./median.ts";

const repeats = 5;

/**
 * From the start of the navigation to a canvas that can be used: its nodes are drawn where they belong, and what one presses
 * is heard. `cold`: a browser that has never seen the page, with the gallery's blank document; `warm`: a reload with a template open.
 */
export async function benchStart(): Promise<object[]> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const app = await openApp();
    try {
      const { page } = app;
      await page.addInitScript({ content: watch });
      cold.push(await gallery(page));
      await page.getByRole("button", { name: /MNIST-1D, convolutional/ }).click();
      await page.locator(".react-flow__node").first().waitFor();
      await page.reload();
      warm.push(await usable(page));
      await canBeDragged(page);
    } finally {
      await app.close();
    }
  }
  return [row("cold, gallery", cold), row("warm, document open", warm)];
}

const row = (start: string, times: readonly number[]) => ({
  start,
  "median ms": Math.round(median(times)),
  "best ms": Math.round(Math.min(...times)),
  "worst ms": Math.round(Math.max(...times)),
});

/** Runs in the page before its own code, thus as text: notes the frame in which the first node is to be seen. */
const watch = `requestAnimationFrame(function look() {
  const node = document.querySelector(".react-flow__node");
  if (node && getComputedStyle(node).visibility === "visible") performance.mark("usable");
  else requestAnimationFrame(look);
});`;

const usable = async (page: Page): Promise<number> => {
  await page.waitForFunction(() => performance.getEntriesByName("usable").length > 0);
  return page.evaluate(() => performance.getEntriesByName("usable")[0]?.startTime ?? Number.NaN);
};

/** Runs in the page: when the last thing that mattered for its look was painted. */
const lastPaint = `new Promise((found) => {
  new PerformanceObserver((list) => found(list.getEntries().at(-1).startTime)).observe({ type: "largest-contentful-paint", buffered: true });
})`;

/** The gallery is there, and so is the canvas under it. */
async function gallery(page: Page): Promise<number> {
  await page.getByRole("button", { name: "Blank document" }).waitFor();
  return page.evaluate<number>(lastPaint);
}

async function canBeDragged(page: Page): Promise<void> {
  const node = page.locator(".react-flow__node").first();
  const before = await node.boundingBox();
  if (!before) throw new Error("No node is on the screen.");
  await page.mouse.move(before.x + 40, before.y + 10);
  await page.mouse.down();
  await page.mouse.move(before.x + 140, before.y + 90, { steps: 4 });
  await page.mouse.up();
  const after = await node.boundingBox();
  if (!after || Math.abs(after.x - before.x) < 50) throw new Error("The node did not follow the pointer.");
}
