/** Makes sure that Chromium is there before the end-to-end tests: through apt where that is possible, else one sentence says what to do. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const browser = "/usr/bin/chromium";
if (!existsSync(browser)) {
  const debian = existsSync("/etc/os-release") && /^(ID|ID_LIKE)=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
  if (debian && process.getuid?.() === 0) {
    console.log("Installing Chromium for the end-to-end tests (apt-get install chromium) …");
    const apt = (...args) =>
      execFileSync("apt-get", args, { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core");
  } else {
    console.error(`The end-to-end tests need Chromium at ${browser}: install your system's "chromium" package and run npm test again.`);
    process.exit(1);
  }
}
