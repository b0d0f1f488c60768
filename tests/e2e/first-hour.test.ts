import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

/** What a newcomer stumbled over in the first hour. */
describe("the first hour", () => {
  let app: App;
  let page: Page;
  beforeAll(async () => {
    app = await openApp();
    page = app.page;
  });
  afterAll(() => app.close());

  const node = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
  const desk = () => page.locator(".training-desk");
  const train = () => page.getByRole("button", { name: "Train", exact: true });
  const focused = () => page.evaluate(() => document.activeElement?.closest("[data-canvas], input")?.tagName);

  it("says that there is no loss yet before anything is trained", async () => {
    await page.getByRole("button", { name: "Blank document" }).click();
    await page.keyboard.press("/");
    await page.keyboard.type("data set");
    await page.keyboard.press("Enter");
    await page.getByText("Not ready to train yet").waitFor();
    await train().click();
    await page
      .locator(".toast")
      .getByText(/add a loss/)
      .waitFor();
    expect(await desk().count()).toBe(0);
  });

  it('finds the convolution of pictures by "conv" after a data set of pictures', async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("conv");
    await page.keyboard.press("Enter");
    await node("conv1").locator(".node-title", { hasText: "Convolution 2D" }).waitFor();
    await node("conv1").getByText("320 params").waitFor();
  });

  it("goes from the canvas into the settings by Enter and back by Escape", async () => {
    await page.keyboard.press("Enter");
    await expect.poll(focused).toBe("INPUT");
    await page.keyboard.press("Escape");
    expect(await focused()).toBe("DIV");
  });

  it("a node is renamed from its menu", async () => {
    await node("conv1").click({ button: "right" });
    await page.getByRole("menuitem", { name: /Rename/ }).click();
    await expect.poll(focused).toBe("INPUT");
    await page.keyboard.type("Edges");
    await page.keyboard.press("Enter");
    await node("conv1").locator(".node-title", { hasText: "Edges" }).waitFor();
  });

  it("Enter in Save as does not yet replace a file that is there", async () => {
    const file = join(app.folder, "mine.netloom");
    writeFileSync(file, "mine");
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").getByText("mine.netloom").waitFor();
    await page.getByRole("textbox", { name: "Name" }).fill("mine");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Replace the file");
    expect(readFileSync(file, "utf8")).toBe("mine");
    await page.keyboard.press("Enter");
    await expect.poll(() => readFileSync(file, "utf8")).toContain("Edges");
  });

  it("a failure leads to its node, wherever that is", async () => {
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+Shift+Y");
    await page.getByRole("button", { name: /MNIST-1D, fully connected/ }).click();
    await page.getByRole("textbox", { name: "Learning rate" }).fill("1000");
    await train().click();
    const link = desk().getByRole("button", { name: /^Show linear/ });
    await link.waitFor();
    const id = ((await link.textContent()) ?? "").replace("Show ", "");
    await link.click();
    await page.locator(`.react-flow__node.selected[data-id="${id}"]`).waitFor();
    const canvas = await page.locator("[data-canvas]").boundingBox();
    await expect
      .poll(async () => {
        const box = await node(id).boundingBox();
        return box && canvas ? box.x + box.width <= canvas.x + canvas.width && box.x >= canvas.x : undefined;
      })
      .toBe(true);
  });

  it("a run is renamed from its menu", async () => {
    await page.getByRole("tab", { name: "Runs" }).click();
    await page.locator(".run-item").first().hover();
    await page.getByRole("button", { name: "More for Run 1" }).click();
    await page.getByRole("menuitem", { name: "Rename" }).click();
    await expect.poll(focused).toBe("INPUT");
    await page.keyboard.type("too fast");
    await page.keyboard.press("Enter");
    await desk().getByText("too fast").waitFor();
  });

  it("looking at a run leaves unsaved work on the canvas", async () => {
    await page.locator(".react-flow__pane").click({ position: { x: 300, y: 20 } });
    await page.getByRole("textbox", { name: "Seed" }).fill("7");
    await page.locator(".run-open").first().click();
    await desk().getByRole("button", { name: "Reopen that graph" }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.getByRole("textbox", { name: "Seed" }).inputValue()).toBe("7");
  });

  it("nothing went wrong behind the scenes", () => expect(app.errors).toEqual([]));
});
