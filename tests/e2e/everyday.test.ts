import { writeFileSync } from "node:fs";
import { join } from "node:path";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deepNetwork } from "../support/documents.ts";
import { type App, openApp } from "./app.ts";

describe("everyday use", () => {
  let app: App;
  let page: Page;
  beforeAll(async () => {
    app = await openApp();
    page = app.page;
  });
  afterAll(() => app.close());

  const status = () => page.getByRole("contentinfo");
  const desk = () => page.locator(".training-desk");

  it("a run that a reload interrupts goes on from its last checkpoint", async () => {
    await page.getByRole("button", { name: /MNIST-1D, convolutional/ }).click();
    await page.getByRole("button", { name: "Train", exact: true }).click();
    await desk()
      .getByText(/^[1-9][\d,]* \/ 100,000$/)
      .waitFor();
    await desk().getByRole("button", { name: "Pause" }).click();
    await desk().getByRole("button", { name: "Resume" }).click();
    await page.waitForTimeout(2000);
    await page.reload();
    await desk()
      .getByText(/Interrupted/)
      .waitFor();
    const before = await steps();
    await desk().getByRole("button", { name: "Resume" }).click();
    await expect.poll(steps, { timeout: 30_000 }).toBeGreaterThan(before + 100);
    await desk().getByRole("button", { name: "Stop" }).click();
    await desk()
      .getByText(/Stopped/)
      .waitFor();
  });
  const steps = async () => Number(/([\d,]+) \/ 100,000/.exec((await desk().textContent()) ?? "")?.[1]?.replaceAll(",", ""));

  it("a document is drawn with the keyboard alone, and saved", async () => {
    await page.keyboard.press("Control+Alt+n");
    await page.keyboard.press("Enter");
    for (const words of ["data set", "flatten", "linear", "cross-entropy"]) {
      await page.keyboard.press("/");
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
    }
    await status().getByText("4 nodes").waitFor();
    await page.keyboard.press("Control+s");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("by-keyboard.netloom");
    await page.keyboard.press("Enter");
    await status().getByText(/Saved/).waitFor();
  });

  it("a file that is no document is refused with its line, and what is open stays open", async () => {
    writeFileSync(
      join(app.folder, "broken.netloom"),
      '{\n  "netloom": 1,\n  "name": "x",\n  "nodes": [{ "id": "2", "type": "relu" }],\n  "edges": []\n}\n',
    );
    await page.keyboard.press("Control+o");
    await page.getByRole("dialog").getByText("broken.netloom").dblclick();
    await page
      .getByText(/line 4/i)
      .first()
      .waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await status().getByText("4 nodes").waitFor();
  });

  it("what a run needs is said before it; recomputation is one click, and undo takes it back; what cannot fit is refused there", async () => {
    await open("deep.netloom", deep(40, 512));
    const settings = page.getByRole("complementary", { name: "Inspector" });
    await settings.getByText(/^Needs about \d+ MiB \(weights 39 MiB, optimiser 78 MiB, earlier states \d+ MiB, step \d+ MiB\)/).waitFor();
    await settings.getByRole("button", { name: "Recompute", exact: true }).click();
    const recompute = settings.getByRole("switch", { name: "Recompute activations" });
    await expect.poll(() => recompute.getAttribute("aria-checked")).toBe("true");
    await page.keyboard.press("Control+z");
    await expect.poll(() => recompute.getAttribute("aria-checked")).toBe("false");
    await open("vast.netloom", deep(60, 8192));
    await settings.getByText(/^Training needs more than [\d.]+ GiB, but there is room for 4\.0 GiB/).waitFor();
    await open("small.netloom", deep(1, 8));
    await settings.getByText(/^Needs about \d+ KiB/).waitFor();
  });
  const open = async (name: string, document: object) => {
    writeFileSync(join(app.folder, name), JSON.stringify(document));
    await page.keyboard.press("Control+o");
    await page.getByRole("dialog").getByText(name).dblclick();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  };
  /** Trained with Adam on all examples at once. */
  const deep = (layers: number, units: number) => ({
    ...deepNetwork(layers, units, { batch: 2000, phases: [{ minimise: "loss", optimiser: { type: "adam", rate: 0.001 } }] }),
    name: "Deep",
  });

  it.each(["light", "dark"] as const)("has no accessibility fault that axe can find, in %s", async (colorScheme) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
    expect(
      violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map((node) => node.html)
            .join(" ")
            .slice(0, 300)}`,
      ),
    ).toEqual([]);
  });

  it("nothing went wrong behind the scenes", () => expect(app.errors).toEqual([]));
});
