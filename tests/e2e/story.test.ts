import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

/** The story of a newcomer, told once in a real browser; each chapter goes on where the last one ended. */
describe("from nothing to a trained model", () => {
  let app: App;
  let page: Page;
  beforeAll(async () => {
    app = await openApp();
    page = app.page;
  });
  afterAll(() => app.close());

  const canvas = () => page.getByRole("application").first();
  const node = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`);
  const port = (end: string): Locator => page.locator(`[data-end="${end}"]`);
  const figure = () =>
    page
      .locator(".training-desk")
      .getByText(/^[\d.]+ %$/)
      .first();
  const status = () => page.getByRole("contentinfo");
  /** Adds a layer as one does by keyboard: it lands right of the selection and is wired to it. */
  async function add(words: string): Promise<void> {
    await page.keyboard.press("/");
    await page.keyboard.type(words);
    await page.keyboard.press("Enter");
  }
  async function wire(from: string, to: string): Promise<void> {
    const [start, end] = [await centre(port(from)), await centre(port(to))];
    await page.mouse.move(...start);
    await page.mouse.down();
    await page.mouse.move(...end, { steps: 5 });
    await page.mouse.up();
  }

  it("starts with a gallery; a blank document is one click away", async () => {
    await page.getByRole("dialog", { name: "Start something" }).waitFor();
    await page.getByRole("button", { name: "Blank document" }).click();
    await canvas().waitFor();
  });

  it("layers are dragged out and wired by mouse", async () => {
    await page.getByRole("button", { name: "Data set", exact: true }).dragTo(canvas(), { targetPosition: { x: 120, y: 100 } });
    await page.getByRole("button", { name: "Convolution 2D" }).dragTo(canvas(), { targetPosition: { x: 400, y: 100 } });
    await node("conv1").getByText("nothing is connected").waitFor();
    await wire("dataset.x", "conv1.x");
    await node("conv1").getByText("320 params").waitFor();
  });

  it("more layers come by keyboard, wired to the selection", async () => {
    await node("conv1").click();
    for (const words of ["relu", "max pooling", "convolution 2d", "relu", "linear", "cross-entropy"]) await add(words);
    await page.keyboard.press("ArrowLeft");
    await add("accuracy");
    await status().getByText("9 nodes").waitFor();
  });

  it("a mistake is found in the problems list and mended with its buttons", async () => {
    await status()
      .getByRole("button", { name: /problem/ })
      .click();
    const list = page.getByRole("region", { name: "Problems" });
    for (let mended = 0; mended < 6; mended++) {
      const mends = list.getByRole("button", { name: /^(Insert|Connect|Set|Use)/ });
      if ((await mends.count()) === 0) break;
      await mends.first().click();
      await page.waitForTimeout(300);
    }
    await status()
      .getByText(/No problems/)
      .waitFor();
    await page.keyboard.press("Control+z");
    await status()
      .getByText(/1 problem/)
      .waitFor();
    await page.keyboard.press("Control+Shift+z");
    await status()
      .getByText(/No problems/)
      .waitFor();
  });

  it("it learns the digits: more than 95 % of the test set", async () => {
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await page.getByText("Finished").waitFor({ timeout: 120_000 });
    await figure().waitFor();
    expect(Number.parseFloat((await figure().textContent()) ?? "")).toBeLessThan(5);
  }, 150_000);

  it("the trained model is written to a folder, loaded again and compared", async () => {
    await page.getByRole("button", { name: "Export…" }).click();
    const dialog = page.getByRole("dialog", { name: "Export the model" });
    await dialog.getByRole("textbox", { name: "Folder" }).fill("digits");
    await dialog.getByRole("button", { name: "Export", exact: true }).click();
    const verdict = dialog.getByText(/max difference/);
    await verdict.waitFor();
    expect(Number(/max difference ([\d.e-]+)/.exec((await verdict.textContent()) ?? "")?.[1])).toBeLessThan(1e-5);
    expect(readdirSync(join(app.folder, "digits"))).toContain("model.json");
    await page.keyboard.press("Escape");
  });

  it("after a reload everything is there again", async () => {
    await page.reload();
    await status()
      .getByText(/No problems/)
      .waitFor();
    await figure().waitFor();
    expect(Number.parseFloat((await figure().textContent()) ?? "")).toBeLessThan(5);
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.getByText("Run 1").first().waitFor();
  });

  it("nothing went wrong behind the scenes", () => expect(app.errors).toEqual([]));
});

/** The middle of an element on the screen. */
async function centre(element: Locator): Promise<[x: number, y: number]> {
  const box = await element.boundingBox();
  if (!box) throw new Error("The element cannot be seen.");
  return [box.x + box.width / 2, box.y + box.height / 2];
}
