import { afterAll, beforeAll, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

/** Looking inside in the built app: histograms while training, analyses of a node, a run that begins with another's weights. */

let app: App;
beforeAll(async () => {
  app = await openApp();
}, 60_000);
afterAll(() => app?.close());

it("shows a node's histograms while it trains, looks inside it, and begins another run with its weights", async () => {
  const { page } = app;
  await page.getByRole("button", { name: /Handwritten digits/ }).click();
  await page.locator("#node-relu1").click();
  await page.getByRole("button", { name: "Train", exact: true }).click();
  await page.getByRole("img", { name: /^Activations: mean .* exactly 0/ }).waitFor({ timeout: 30_000 });
  await page.getByRole("img", { name: /^Gradient of the loss: mean/ }).waitFor();
  await page.getByText("Activations and gradient").click();
  await page.keyboard.press("Control+.");
  await page.getByText("Stopped", { exact: false }).first().waitFor();

  await page.locator("#node-relu1").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Look inside this node" }).click();
  await page.getByRole("button", { name: "Feature maps relu1" }).waitFor();
  await page.getByRole("button", { name: "What units respond to relu1" }).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");

  await page.getByRole("tab", { name: "Runs" }).click();
  await page.getByRole("button", { name: "More for Run 1" }).click();
  await page.getByRole("menuitem", { name: "Start from its weights" }).click();
  await page.getByText("8 of 8 weights come from Run 1.").waitFor();
  await page.getByLabel("Other names").fill("linear2=elsewhere");
  await page.getByText("6 of 8 weights come from Run 1. 2 there are not taken.").waitFor();
  await page.getByRole("switch", { name: "Freeze what is carried over" }).click();
  await page.getByText("Only linear2 would learn.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Train" }).click();
  await page.getByText("from Run 1 · 6 of 8 weights").waitFor({ timeout: 30_000 });
  expect(app.errors).toEqual([]);
}, 90_000);
