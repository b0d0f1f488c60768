import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openApp } from "../e2e/app.ts";
import { bigDocument } from "./big-document.ts";
import { median } from "./median.ts";
import { traceFrames } from "./trace.ts";

/** Scripting of the page in each frame while a person works on a big document: from Chromium's trace, without paint. */

interface Gesture {
  readonly gesture: string;
  act(page: Page): Promise<void>;
}

/** Frames of one gesture. */
const moves = 60;

/** A thousand nodes, all of them in view, and what is done with them; then typing beside two thousand. */
export async function benchFrames(): Promise<object[]> {
  return [...(await measure(1000, gestures)), ...(await measure(2000, gestures.slice(-1)))];
}

async function measure(count: number, list: readonly Gesture[]): Promise<object[]> {
  const app = await openApp({ width: 1920, height: 1080 });
  try {
    const { page } = app;
    page.setDefaultTimeout(120_000);
    await openDocument(app.folder, page, count);
    const rows: object[] = [];
    for (const { gesture, act } of list) {
      await rest(page);
      const { frames, inputs } = await traceFrames(app.browser, page, () => act(page));
      const beside = `${count.toLocaleString("en")} nodes`;
      rows.push(row(`${gesture}, ${beside}`, frames));
      if (inputs.length > 0) rows.push(row(`– a keystroke's own handler, ${beside}`, inputs));
    }
    return rows;
  } finally {
    await app.close();
  }
}

function row(gesture: string, frames: readonly number[]): object {
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return {
    gesture,
    frames: frames.length,
    "median ms": rounded(median(frames)),
    "p95 ms": rounded(at(0.95)),
    "worst ms": rounded(at(1)),
  };
}
const rounded = (ms: number): number => Number(ms.toFixed(1));

async function openDocument(folder: string, page: Page, count: number): Promise<void> {
  const name = `big${count}.netloom`;
  writeFileSync(join(folder, name), JSON.stringify(bigDocument(count)));
  await page.getByRole("button", { name: "Blank document" }).click();
  await page.keyboard.press("Control+o");
  await page.getByRole("dialog").getByText(name).dblclick();
  await page
    .getByRole("contentinfo")
    .locator(".figure", { hasText: `${count.toLocaleString("en")} nodes` })
    .waitFor();
  await page.getByText("Measuring backends").waitFor({ state: "detached" });
  await page.locator(".canvas-area").click({ position: { x: 4, y: 4 } });
  await page.keyboard.press("Shift+1");
  await page.waitForFunction((least) => document.querySelectorAll(".react-flow__node").length >= least, count);
}

/** Until nothing is under way: labels, prefetching, autosave. */
const rest = (page: Page): Promise<void> => page.waitForTimeout(600);

/** A convolution in the middle of the picture. */
const node = "n501";
/** Five rows of ten around it: the first and the last. */
const corners = ["n416", "n585"] as const;

const gestures: readonly Gesture[] = [
  { gesture: "pan", act: async (page) => drag(page, await gapBefore(page, node), 3, 2) },
  { gesture: "zoom in and out", act: zoom },
  { gesture: "drag one node", act: async (page) => drag(page, await middleOf(page, node), 2, 1) },
  { gesture: "box-select 50", act: boxSelect },
  { gesture: "drag the 50", act: async (page) => drag(page, await middleOf(page, node), 2, 1) },
  { gesture: "undo and redo", act: undoAndRedo },
  { gesture: "type in the inspector", act: typeFilters },
];

/** Where an element is on the screen. */
async function boxOf(page: Page, id: string) {
  const box = await page.locator(`.react-flow__node[data-id="${id}"]`).boundingBox();
  if (!box) throw new Error(`${id} is not on the screen.`);
  return box;
}
type Place = readonly [x: number, y: number];
const middleOf = async (page: Page, id: string): Promise<Place> => {
  const { x, y, width, height } = await boxOf(page, id);
  return [x + width / 2, y + height / 2];
};
/** The empty canvas left of a node and above it. */
const gapBefore = async (page: Page, id: string): Promise<Place> => {
  const { x, y } = await boxOf(page, id);
  return [x - 2, y - 2];
};

/** Presses, moves once a frame, lets go. */
async function drag(page: Page, [x, y]: Place, dx: number, dy: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= moves; i++) await Promise.all([page.mouse.move(x + dx * i, y + dy * i), nextFrame(page)]);
  await page.mouse.up();
  await page.waitForTimeout(300);
}

async function zoom(page: Page): Promise<void> {
  await page.mouse.move(...(await gapBefore(page, node)));
  for (const by of [-120, 120]) for (let i = 0; i < moves / 2; i++) await Promise.all([page.mouse.wheel(0, by), nextFrame(page)]);
  await page.waitForTimeout(300);
}

/** Draws a box from before the first node to the middle of the last. */
async function boxSelect(page: Page): Promise<void> {
  const [x, y] = await gapBefore(page, corners[0]);
  const to = await middleOf(page, corners[1]);
  await page.keyboard.down("Shift");
  await drag(page, [x, y], (to[0] - x) / moves, (to[1] - y) / moves);
  await page.keyboard.up("Shift");
}

async function undoAndRedo(page: Page): Promise<void> {
  for (const keys of ["Control+z", "Control+Shift+z"])
    for (let i = 0; i < 2; i++) {
      await page.keyboard.press(keys);
      await page.waitForTimeout(200);
    }
}

async function typeFilters(page: Page): Promise<void> {
  await page.mouse.click(...(await middleOf(page, node)));
  await page.getByRole("textbox", { name: "Filters" }).fill("");
  // As between all other keys: nobody presses two within a frame.
  await page.waitForTimeout(60);
  for (let i = 0; i < 6; i++) {
    await page.keyboard.type("16", { delay: 60 });
    for (let j = 0; j < 2; j++) await page.keyboard.press("Backspace", { delay: 60 });
  }
  await page.keyboard.type("16", { delay: 60 });
  await page.waitForTimeout(300);
}

/** A frame's time, told by this process: asking the page would be scripting of its own. */
const nextFrame = (page: Page): Promise<void> => page.waitForTimeout(16);
