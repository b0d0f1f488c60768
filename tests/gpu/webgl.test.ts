import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BrowserPage, openInChromium } from "../support/chromium.ts";
import { templateText } from "../support/templates.ts";
import type { InPage } from "./page.ts";

let browser: BrowserPage;
let page: Page;
beforeAll(async () => {
  browser = await openInChromium("tests/gpu/page.ts");
  page = browser.page;
  await ask("prepare");
});
afterAll(() => browser?.close());

/** Asks the page, which has the functions of page.ts. */
function ask<K extends keyof InPage>(name: K, ...args: Parameters<InPage[K]>): Promise<Awaited<ReturnType<InPage[K]>>> {
  return page.evaluate(`netloom.${name}(...${JSON.stringify(args)})`);
}

describe("WebGL in Chromium", () => {
  it("gives what the reference gives for layers that reach most kinds of kernel, forward and backward", async () => {
    for (const type of ["conv2d", "max-pool", "average-pool", "batch-norm", "embedding", "layer-norm"])
      expect(await ask("layerFaults", type, 0)).toEqual([]);
  });

  it("adds any number of tensors and frees the partial sums", async () => {
    for (const count of [2, 16, 17, 60]) expect(await ask("sumOfCounting", count)).toEqual({ sum: (count * (count + 1)) / 2, left: 0 });
  });

  it.each(["moons-mlp", "karate-gcn"])("repeats the recorded steps of %s with the numbers of ordinary ones", async (id) => {
    expect(await ask("replayFaults", templateText(id), 4, 8)).toEqual([]);
  });
});
