/**
 * Fetches the packages that the vendored data comes from into a temporary folder: Debian packages by apt
 * (downloaded and unpacked, not installed), npm packages by `npm pack`.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

/** Calls `use(folder)` with the unpacked content of a Debian package, then removes it. */
export function withDebianPackage(name, use) {
  return withFolder((folder) => {
    run("apt-get", ["download", name], folder);
    const file = readdirSync(folder).find((entry) => entry.endsWith(".deb"));
    run("dpkg", ["-x", file, "content"], folder);
    return use(join(folder, "content"));
  });
}

/** Calls `use(folder)` with the unpacked content of an npm package, then removes it. */
export function withNpmPackage(nameAtVersion, use) {
  return withFolder((folder) => {
    run("npm", ["pack", "--silent", nameAtVersion], folder);
    const file = readdirSync(folder).find((entry) => entry.endsWith(".tgz"));
    run("tar", ["xzf", file], folder);
    return use(join(folder, "package"));
  });
}

function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), "netloom-data-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
