/** Draws icon.svg as the PNG files that electron-builder makes all other icons from: node build/icons/rasterise.mjs */
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const svg = readFileSync(new URL("icon.svg", import.meta.url), "utf8");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const size of [512, 1024]) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`);
    const name = size === 1024 ? "icon.png" : `${size}x${size}.png`;
    await page.screenshot({ path: new URL(name, import.meta.url).pathname, omitBackground: true });
  }
} finally {
  await browser.close();
}
