import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { browserCommand } from "../../src/cli/browser.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { startApp } from "../../src/cli/electron.ts";
import { type Bench, createBench } from "./run.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});
afterAll(() => bench.dispose());

const program = async (name: string, script: string): Promise<string> => {
  const folder = join(bench.folder, `bin-${name}`);
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return folder;
};

describe("the browser", () => {
  const address = "http://127.0.0.1:1/?token=x";

  it("shows the app as a window of its own where a Chromium is on the path, apart from the person's profile", async () => {
    const folder = await program("chromium", "exit 0");
    const { program: found, args, ownWindow } = browserCommand(address, "/home/me/.netloom", { PATH: folder }, "linux", false);
    expect(found).toBe(join(folder, "chromium"));
    expect(args).toEqual(expect.arrayContaining([`--app=${address}`, "--user-data-dir=/home/me/.netloom/browser"]));
    expect(args).not.toContain("--no-sandbox");
    expect(ownWindow).toBe(true);
  });

  it("goes without its sandbox for root alone", async () => {
    const folder = await program("chromium", "exit 0");
    expect(browserCommand(address, "/root/.netloom", { PATH: folder }, "linux", true).args).toContain("--no-sandbox");
  });

  it.each([
    ["linux", "xdg-open"],
    ["freebsd", "xdg-open"],
  ] as const)("is the system's own on %s where there is no Chromium", (platform, opener) => {
    expect(browserCommand(address, "/h", { PATH: bench.folder }, platform, false)).toEqual({ program: opener, args: [address], ownWindow: false });
  });
});

describe("npm start", () => {
  /** Starts the app, waits until it serves, stops it. */
  async function start(environment: NodeJS.ProcessEnv, ...args: string[]) {
    const said = { out: "", error: "" };
    const interrupt = new AbortController();
    const terminal: Terminal = {
      out(text) {
        said.out += text;
        if (/http:/.test(said.out)) setTimeout(() => interrupt.abort(), 50);
      },
      error: (text) => {
        said.error += text;
      },
      progress: () => undefined,
      live: false,
      columns: 80,
      interrupted: interrupt.signal,
      folder: bench.folder,
      environment: { PATH: process.env.PATH, NETLOOM_HOME: bench.home, ...environment },
    };
    return { code: await startApp([...args, "--port", "0"], terminal), ...said };
  }

  it("says in one line why there is no Electron window, and serves the app instead", async () => {
    const { code, out, error } = await start({});
    expect(code).toBe(0);
    expect(error.split("\n")[0]).toMatch(/^The Electron window cannot be opened \(.+\); Netloom opens in the browser instead\.$/);
    expect(out).toMatch(/^Netloom is at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}\n$/);
  });

  it("serves the app instead where Electron is there but cannot start", async () => {
    const folder = await program("electron", "exit 127");
    const { code, out, error } = await start({ DISPLAY: ":99", ELECTRON_OVERRIDE_DIST_PATH: folder, PATH: bench.folder });
    expect(error).toContain("it ended at once");
    expect(out).toContain("http://127.0.0.1:");
    expect(code).toBe(0);
  });

  it("is over when the Electron window is closed", async () => {
    const folder = await program("electron", "exit 0");
    const { code, out } = await start({ DISPLAY: ":99", ELECTRON_OVERRIDE_DIST_PATH: folder });
    expect(code).toBe(0);
    expect(out).toBe("");
  });

  it("opens nothing with --no-open", async () => {
    const { error } = await start({ DISPLAY: ":99" }, "--no-open");
    expect(error).not.toContain("Electron");
  });
});

describe("the program", () => {
  it("stops at Ctrl-C with exit code 0 and leaves no process behind", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "src/cli/netloom.ts", "serve", "--no-open", "--port", "0", "--folder", bench.folder], {
      env: { ...process.env, NETLOOM_HOME: bench.home },
    });
    await once(child.stdout, "data");
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("says which port is taken", async () => {
    const first = await bench.interrupt(/http:/, "serve", "--no-open", "--port", "0");
    expect(first.code).toBe(0);
    const { createServer } = await import("node:http");
    const taken = createServer();
    taken.listen(0, "127.0.0.1");
    await once(taken, "listening");
    const at = taken.address();
    const port = typeof at === "object" && at !== null ? at.port : 0;
    const second = await bench.run("serve", "--no-open", "--port", String(port));
    taken.close();
    expect(second).toMatchObject({
      code: 1,
      out: "",
      error: `netloom serve: Port ${port} is taken by another program. Choose another with --port.\n`,
    });
  });
});
