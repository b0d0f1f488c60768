import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bigDocument } from "../bench/big-document.ts";
import { type App, openApp } from "./app.ts";

/** A graph so large that gestures are spread over frames: whoever is quicker than a frame must not notice. */

let app: App;
beforeAll(async () => {
  app = await openApp({ width: 1920, height: 1080 });
  writeFileSync(join(app.folder, "large.netloom"), JSON.stringify(bigDocument(300)));
  const { page } = app;
  await page.getByRole("button", { name: "Blank document" }).click();
  await page.keyboard.press("Control+o");
  await page.getByRole("dialog").getByText("large.netloom").dblclick();
  await page.getByRole("contentinfo").locator(".figure", { hasText: "300 nodes" }).waitFor();
  await page.locator(".canvas-area").click({ position: { x: 4, y: 4 } });
  await page.keyboard.press("Shift+1");
  await page.waitForFunction(() => document.querySelectorAll(".react-flow__node").length === 300);
  await page.waitForTimeout(400);
});
afterAll(() => app.close());

const node = (id: string) => app.page.locator(`.react-flow__node[data-id="${id}"]`);
const middle = async (id: string): Promise<readonly [number, number]> => {
  const box = await node(id).boundingBox();
  if (!box) throw new Error(`${id} is not on the screen.`);
  return [box.x + box.width / 2, box.y + box.height / 2];
};

describe("in a large graph", () => {
  test("a key that follows a click at once acts on what was clicked", async () => {
    const { page } = app;
    await page.mouse.click(...(await middle("n50")));
    await page.keyboard.press("Delete");
    await expect.poll(() => node("n50").count()).toBe(0);
    await page.keyboard.press("Control+z");
    await expect.poll(() => node("n50").count()).toBe(1);
    expect(await node("n51").count()).toBe(1);
  });

  test("a dragged node stays where it was dropped, and undo at once takes it back", async () => {
    const { page } = app;
    const [x, y] = await middle("n101");
    const drag = async () => {
      await page.mouse.move(x, y);
      await page.mouse.down();
      for (let i = 1; i <= 5; i++) await page.mouse.move(x + 8 * i, y + 8 * i);
      await page.mouse.up();
    };
    const moved = async () => Math.round((await middle("n101"))[0] - x);
    await drag();
    await page.waitForTimeout(200);
    expect(await moved()).toBeGreaterThan(20);
    await page.keyboard.press("Control+z");
    await expect.poll(moved).toBe(0);
    await drag();
    await page.keyboard.press("Control+z");
    await page.waitForTimeout(200);
    expect(await moved()).toBe(0);
  });

  test("what is typed shows on the card, and its figures follow", async () => {
    const { page } = app;
    await page.mouse.click(...(await middle("n0")));
    await page.locator(".inspector-id", { hasText: /^n0$/ }).waitFor();
    await page.getByRole("textbox", { name: "Filters" }).fill("32");
    await expect.poll(() => node("n0").getByRole("article").getAttribute("aria-label")).toMatch(/32 × 3×3, output .* 32\]/);
  });

  test("a click beside the nodes leaves none of them selected", async () => {
    const { page } = app;
    await page.mouse.click(...(await middle("n7")));
    await expect.poll(() => page.locator(".node[data-selected]").count()).toBe(1);
    await page.locator(".canvas-area").click({ position: { x: 4, y: 4 } });
    await expect.poll(() => page.locator(".node[data-selected]").count()).toBe(0);
  });

  test("a wire that is only part of a long line tells of itself, is selected by a click, and goes by a key", async () => {
    const { page } = app;
    const [left, right] = [await node("n70").boundingBox(), await node("n71").boundingBox()];
    if (!left || !right) throw new Error("The nodes are not on the screen.");
    const at = [(left.x + left.width + right.x) / 2, left.y + left.height * 0.24] as const;
    const label = page.locator(".wire-label[data-plain]", { hasText: "n70.y → n71.x" });
    await page.mouse.move(...at);
    await label.waitFor();
    expect((await label.boundingBox())?.height).toBeGreaterThan(16);
    await page.mouse.click(...at);
    await page.getByRole("complementary", { name: "Inspector" }).getByRole("heading", { name: "Wire" }).waitFor();
    await page.mouse.move(left.x, left.y - 120);
    await page.waitForTimeout(100);
    expect(await label.count()).toBe(1);
    await page.locator(".canvas-area").click({ position: { x: 4, y: 4 } });
    await label.waitFor({ state: "detached" });
    await page.mouse.click(...at);
    await page.keyboard.press("Delete");
    await page.mouse.move(...at);
    await page.waitForTimeout(200);
    expect(await label.count()).toBe(0);
    await page.keyboard.press("Control+z");
    await page.waitForTimeout(200);
    await page.mouse.move(at[0] + 1, at[1]);
    await label.waitFor();
    expect(app.errors).toEqual([]);
  });
});
