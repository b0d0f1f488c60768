/** Takes the README's pictures in the built app: `npx tsx build/screenshots.mts`. */
import { openApp } from "../tests/e2e/app.ts";

const app = await openApp({ width: 1440, height: 900 });
const { page } = app;
const settle = (ms: number) => page.waitForTimeout(ms);

await page.getByRole("button", { name: /Handwritten digits/ }).click();
await page.getByRole("button", { name: "Train", exact: true }).click();
await page.getByText("Finished").waitFor({ timeout: 120_000 });
await page.locator('[data-end="conv1.x"]').waitFor();
await page.locator("#node-conv1").click();
await settle(1000);
await page.screenshot({ path: "docs/images/trained.png" });

await page.keyboard.press("Control+Alt+n");
await settle(500);
await page.keyboard.press("Enter");
for (const words of ["data set", "convolution 1d"]) {
  await page.keyboard.press("/");
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
  await settle(300);
}
await page.locator("#node-conv1 .mend").first().click();
await settle(800);
await page.screenshot({ path: "docs/images/problem.png" });
await app.close();
