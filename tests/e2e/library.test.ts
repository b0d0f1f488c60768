import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

/** The library of blocks in the built app: served, found, dragged, undone. */

let app: App;
beforeAll(async () => {
  app = await openApp();
}, 60_000);
afterAll(() => app?.close());

describe("ready blocks", () => {
  const nodes = () => app.page.locator(".react-flow__node");

  it("stand in the blocks tab by chapter, and are dragged onto the canvas with their definitions", async () => {
    const { page } = app;
    await page.getByRole("button", { name: "Blank document" }).click();
    await page.getByRole("tab", { name: "Blocks" }).click();
    await page.getByRole("region", { name: "Library: Residual networks" }).waitFor();
    await page
      .getByRole("button", { name: "Hourglass", exact: true })
      .dragTo(page.locator(".react-flow__pane"), { targetPosition: { x: 200, y: 150 } });
    await page.locator('[data-id="hourglass1"]').waitFor();
    await page.getByRole("region", { name: "This document" }).getByText("Bottleneck block").waitFor();
  }, 30_000);

  it("go away with one undo, definitions and all", async () => {
    await app.page.keyboard.press("Control+z");
    await app.page.getByText("None yet.").waitFor();
    expect(await nodes().count()).toBe(0);
  });

  it("are found by the search for layers, and open to show their inside", async () => {
    const { page } = app;
    await page.keyboard.press("/");
    await page.keyboard.type("bottleneck");
    await page.keyboard.press("Enter");
    await page.locator('[data-id="bottleneck1"]').dblclick();
    await page.locator('[data-id="norm1"]').waitFor();
    expect(app.errors).toEqual([]);
  });
});
