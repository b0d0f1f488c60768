import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type App, openApp } from "./app.ts";

describe("a network that says which token comes next", () => {
  let app: App;
  beforeAll(async () => {
    app = await openApp();
  });
  afterAll(() => app.close());

  it("writes on from a prompt, tells what else was probable, and stops when asked to", async () => {
    const { page } = app;
    await page.getByRole("button", { name: /GPT-3, mini/ }).click();
    await page.getByRole("button", { name: "Text", exact: true }).click({ timeout: 30_000 });
    await page.getByRole("textbox", { name: "Prompt" }).fill("Call me ");
    await page.getByRole("textbox", { name: "Tokens" }).fill("12");
    await page.keyboard.press("Control+Enter");
    const text = page.getByRole("textbox", { name: "Written text" });
    await page.getByText(/^12 tokens by untrained weights/).waitFor({ timeout: 90_000 });
    expect(await text.textContent()).toMatch(/^Call me ./s);
    expect(await text.locator("[data-index]").count()).toBe(12);

    await text.focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator(".writing-card .writing-row").count()).toBeGreaterThanOrEqual(5);
    await page.keyboard.press("Escape");

    await page.getByRole("textbox", { name: "Tokens" }).fill("9999");
    await page.getByRole("button", { name: "Write", exact: true }).click();
    await expect.poll(() => text.locator("[data-index]").count(), { timeout: 20_000 }).toBeGreaterThan(20);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await page.getByRole("button", { name: "Write", exact: true }).waitFor();
    expect(await text.locator("[data-index]").count()).toBeLessThan(9999);
    expect(app.errors).toEqual([]);
  });

  it("has its tokens explained merge by merge, by the arrow keys alone", async () => {
    const { page } = app;
    await page.keyboard.press("Control+k");
    await page.keyboard.type("byte-pair");
    await page
      .getByRole("option", { name: /Byte-pair encoding/ })
      .first()
      .waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Before the first of").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.getByText(/^Merge 1 of \d+: s and e, side by side 13 times, become se$/).waitFor();
    expect(await page.locator(".tokens-text [data-fresh]").count()).toBe(13);
    await page.keyboard.press("Escape");
    expect(app.errors).toEqual([]);
  });
});
