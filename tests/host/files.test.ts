import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeAtomic } from "../../src/host/atomic.ts";
import type { HostEvent } from "../../src/host/contract.ts";
import { createNodeHost, type NodeHost, type NodeHostOptions } from "../../src/host/node-host.ts";
import { breakableDisk } from "./broken-disk.ts";

let root: string;
let folder: string;
let host: NodeHost;
const disk = breakableDisk();

const open = (more: Partial<NodeHostOptions> = {}) =>
  createNodeHost({ home: join(root, "home"), folder, shell: "serve", version: "1", files: disk.files, ...more });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "netloom-host-"));
  folder = join(root, "work");
  await mkdir(folder);
  disk.mend();
  host = await open();
});
afterEach(async () => {
  await host.dispose();
  await rm(root, { recursive: true, force: true });
});

describe("documents", () => {
  it("come back as they were written", async () => {
    const text = '{"name": "Grüße ∑ 𝜃"}\r\n';
    const written = await host.writeDocument("a.netloom", text, null);
    expect(await host.readDocument("a.netloom")).toEqual({ path: join(folder, "a.netloom"), text, version: written.version });
  });

  it("are not overwritten when another window or program has changed them", async () => {
    const { version } = await host.writeDocument("a.netloom", "one", null);
    await writeFile(join(folder, "a.netloom"), "theirs");
    await expect(host.writeDocument("a.netloom", "mine", version)).rejects.toMatchObject({ code: "conflict" });
    expect(await readFile(join(folder, "a.netloom"), "utf8")).toBe("theirs");
    await host.writeDocument("a.netloom", "mine", null);
    expect(await readFile(join(folder, "a.netloom"), "utf8")).toBe("mine");
  });

  it("say so when they were deleted while open", async () => {
    const heard: HostEvent[] = [];
    host.onEvent((event) => heard.push(event));
    const { path, version } = await host.writeDocument("a.netloom", "one", null);
    await rm(path);
    await expect.poll(() => heard).toEqual([{ kind: "file-changed", path, version: null }]);
    await expect(host.writeDocument("a.netloom", "two", version)).rejects.toMatchObject({ code: "conflict", message: /deleted or moved/ });
  });

  it("let only one of two saves of the same version through", async () => {
    const { version } = await host.writeDocument("a.netloom", "start", null);
    const saves = await Promise.allSettled(["one", "two"].map((text) => host.writeDocument("a.netloom", text, version)));
    expect(saves.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("larger than the limit are not read", async () => {
    await writeFile(join(folder, "big.json"), "");
    await truncate(join(folder, "big.json"), 65 * 1024 * 1024);
    await expect(host.readDocument("big.json")).rejects.toMatchObject({ code: "too-large" });
  });

  it("that are no text are refused in words", async () => {
    await writeFile(join(folder, "bin.json"), new Uint8Array([0xff, 0xfe, 0x00]));
    await expect(host.readDocument("bin.json")).rejects.toMatchObject({ code: "bad-request", message: /not a text file/ });
    await mkdir(join(folder, "folder.json"));
    await expect(host.readDocument("folder.json")).rejects.toMatchObject({ code: "bad-request" });
    await expect(host.readDocument("none.json")).rejects.toMatchObject({ code: "not-found" });
  });
});

describe("when the disk fails", () => {
  const faults = [
    ["is full on opening", "open", "ENOSPC", "disk-full"],
    ["is full in the middle of writing", "write", "ENOSPC", "disk-full"],
    ["has no quota left", "sync", "EDQUOT", "disk-full"],
    ["refuses the rename", "rename", "EACCES", "not-allowed"],
    ["is read-only", "open", "EROFS", "not-allowed"],
    ["breaks", "sync", "EIO", "failed"],
  ] as const;

  it.each(faults)("because it %s, the file stays as it was and no leavings stay behind", async (_, at, code, answer) => {
    await host.writeDocument("a.netloom", "before", null);
    disk.fail(at, code);
    await expect(host.writeDocument("a.netloom", "after", null)).rejects.toMatchObject({ code: answer });
    expect(await readFile(join(folder, "a.netloom"), "utf8")).toBe("before");
    expect(await readdir(folder)).toEqual(["a.netloom"]);
  });

  it.each(faults)("because it %s, the last good autosave stays", async (_, at, code, answer) => {
    await host.autosave("key", { name: "A" }, "before");
    disk.fail(at, code);
    await expect(host.autosave("key", { name: "A" }, "after")).rejects.toMatchObject({ code: answer });
    disk.mend();
    expect(await host.readAutosave("key")).toBe("before");
  });

  it.each([0, 1, 2, 3, 4])("after %i moves of an export, the folder is as it was", async (after) => {
    await host.writeExport("out", [
      ["model.json", new Uint8Array([1])],
      ["old.bin", new Uint8Array([1])],
    ]);
    // Two renames end the staged files, the others move old files out and new ones in.
    disk.fail("rename", "ENOSPC", 2 + after);
    const files: [string, Uint8Array<ArrayBuffer>][] = [
      ["model.json", new Uint8Array([2])],
      ["new/weights.bin", new Uint8Array([2])],
    ];
    if (after < 4) await expect(host.writeExport("out", files)).rejects.toMatchObject({ code: "disk-full" });
    else await host.writeExport("out", files);
    disk.mend();
    expect((await readdir(join(folder, "out"))).sort()).toEqual(after < 4 ? ["model.json", "old.bin"] : ["model.json", "new", "old.bin"]);
    expect([...(await readFile(join(folder, "out", "model.json")))]).toEqual([after < 4 ? 1 : 2]);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)("because a small one is really full, a file is whole or not there", async () => {
    const mounted = join(root, "small");
    await mkdir(mounted);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", mounted], { stdio: "ignore" });
    } catch {
      return; // Containers may forbid mounting; the simulated faults above remain.
    }
    try {
      await writeAtomic(join(mounted, "a"), "x".repeat(30_000));
      await expect(writeAtomic(join(mounted, "a"), "y".repeat(60_000))).rejects.toMatchObject({ code: "disk-full" });
      expect(await readFile(join(mounted, "a"), "utf8")).toBe("x".repeat(30_000));
      expect(await readdir(mounted)).toEqual(["a"]);
    } finally {
      execFileSync("umount", [mounted]);
    }
  });
});

describe("confinement of serve", () => {
  it.each(["../outside.json", "/etc/hosts.json", "sub/../../outside.json", "link/a.json", "escape.json", ".vscode/tasks.json", ".hidden.json"])(
    "refuses %s, to read and to write",
    async (path) => {
      await mkdir(join(folder, ".vscode"));
      await writeFile(join(root, "outside.json"), "secret");
      await symlink(root, join(folder, "link"));
      await symlink(join(root, "outside.json"), join(folder, "escape.json"));
      await expect(host.readDocument(path)).rejects.toMatchObject({ code: "not-allowed" });
      await expect(host.writeDocument(path, "x", null)).rejects.toMatchObject({ code: "not-allowed" });
      expect(await readFile(join(root, "outside.json"), "utf8")).toBe("secret");
    },
  );

  it("writes nothing but documents", async () => {
    await expect(host.writeDocument("run.sh", "x", null)).rejects.toMatchObject({ code: "not-allowed" });
    await writeFile(join(folder, "run.sh"), "");
    await symlink(join(folder, "run.sh"), join(folder, "innocent.json"));
    await expect(host.writeDocument("innocent.json", "x", null)).rejects.toMatchObject({ code: "not-allowed" });
  });

  it("lists the folder, its folders and no way above it", async () => {
    await mkdir(join(folder, "sub"));
    await mkdir(join(folder, ".git"));
    await writeFile(join(folder, "a.netloom"), "{}");
    expect(await host.listFolder(null)).toMatchObject({ folder, folders: ["sub"], files: [{ name: "a.netloom", bytes: 2 }] });
    expect(await host.listFolder(null)).not.toHaveProperty("parent");
    expect((await host.listFolder(join(folder, "sub"))).parent).toBe(folder);
    await expect(host.listFolder("..")).rejects.toMatchObject({ code: "not-allowed" });
  });

  it.each(["../x", "/x", "a/../../x", ".htaccess", "a/.b", "a//b", "", "a\\b", "a\0b"])("refuses an export with a file named %j", async (name) => {
    await expect(host.writeExport("out", [[name, new Uint8Array(1)]])).rejects.toMatchObject({ code: "bad-request" });
  });

  it("does not follow a link out of an export's folder", async () => {
    await mkdir(join(folder, "out"));
    await symlink(root, join(folder, "out", "assets"));
    await expect(host.writeExport("out", [["assets/model.json", new Uint8Array(1)]])).rejects.toMatchObject({ code: "not-allowed" });
    expect(await readdir(root)).not.toContain("model.json");
  });
});

describe("confinement of the desktop app", () => {
  it("reads what a dialog gave, what was opened before, and nothing else", async () => {
    await host.dispose();
    const chosen = join(root, "chosen.netloom");
    await writeFile(chosen, "{}");
    await writeFile(join(root, "other.netloom"), "{}");
    const dialogs = { open: async () => chosen, save: async () => null, folder: async () => null };
    host = await open({ shell: "electron", dialogs });
    await expect(host.readDocument(chosen)).rejects.toMatchObject({ code: "not-allowed" });
    expect(await host.chooseOpen()).toBe(chosen);
    expect((await host.readDocument(chosen)).text).toBe("{}");
    await expect(host.readDocument(join(root, "other.netloom"))).rejects.toMatchObject({ code: "not-allowed" });
    await host.dispose();
    host = await open({ shell: "electron", dialogs });
    expect((await host.recent()).map(({ path }) => path)).toEqual([chosen]);
    expect((await host.readDocument(chosen)).text).toBe("{}");
  });

  it("saves a document that a dialog gave by a path with a link in it", async () => {
    await host.dispose();
    await mkdir(join(root, "real"));
    await symlink(join(root, "real"), join(root, "linked"));
    const chosen = join(root, "linked", "chosen.netloom");
    await writeFile(chosen, "{}");
    host = await open({ shell: "electron", dialogs: { open: async () => chosen, save: async () => null, folder: async () => null } });
    await host.chooseOpen();
    const { path, version } = await host.readDocument(chosen);
    await host.writeDocument(path, "mine", version);
    expect(await readFile(chosen, "utf8")).toBe("mine");
  });

  it("exports into a chosen folder and below it", async () => {
    await host.dispose();
    const dialogs = { open: async () => null, save: async () => null, folder: async () => join(root, "exports") };
    host = await open({ shell: "electron", dialogs });
    await expect(host.writeExport(join(root, "exports"), [["a", new Uint8Array(1)]])).rejects.toMatchObject({ code: "not-allowed" });
    await host.chooseFolder();
    expect(await host.writeExport(join(root, "exports", "tfjs"), [["a", new Uint8Array(1)]])).toBe(join(root, "exports", "tfjs"));
    await expect(host.writeExport(join(root, "elsewhere"), [["a", new Uint8Array(1)]])).rejects.toMatchObject({ code: "not-allowed" });
  });
});

describe("what is remembered", () => {
  it("recent files: newest first, twenty at most, none that are gone", async () => {
    for (let i = 0; i < 22; i++) await host.writeDocument(`d${i}.netloom`, "{}", null);
    await rm(join(folder, "d21.netloom"));
    const names = (await host.recent()).map(({ name }) => name);
    expect(names[0]).toBe("d20.netloom");
    expect(names).toHaveLength(19);
    await host.forgetRecent(join(folder, "d20.netloom"));
    expect((await host.recent())[0]?.name).toBe("d19.netloom");
    await host.forgetRecent(null);
    expect(await host.recent()).toEqual([]);
  });

  it("settings are merged, survive a restart, and a damaged file is no failed start", async () => {
    await host.saveSettings({ theme: "dark", sizes: [1, 2] });
    await host.saveSettings({ theme: "light" });
    host = await open();
    expect(await host.settings()).toEqual({ theme: "light", sizes: [1, 2] });
    await writeFile(join(root, "home", "settings.json"), '{"theme": ');
    expect(await host.settings()).toEqual({});
  });

  it("settings have a limit", async () => {
    await expect(host.saveSettings({ much: "x".repeat(2 * 1024 * 1024) })).rejects.toMatchObject({ code: "too-large" });
  });

  it("autosaves: the latest of each, and the one before where the latest is damaged", async () => {
    await host.autosave("one", { name: "One", path: "/a/one.netloom" }, "1");
    await host.autosave("one", { name: "One", path: "/a/one.netloom" }, "2");
    await host.autosave("two", { name: "Two" }, "x");
    expect((await host.autosaves()).map(({ key, path }) => [key, path])).toEqual([
      ["two", undefined],
      ["one", "/a/one.netloom"],
    ]);
    await writeFile(join(root, "home", "autosave", "one.json"), "{");
    expect(await host.readAutosave("one")).toBe("1");
    await host.removeAutosave("one");
    expect((await host.autosaves()).map(({ key }) => key)).toEqual(["two"]);
    await expect(host.readAutosave("one")).rejects.toMatchObject({ code: "not-found" });
  });

  it("data files, by name, byte for byte", async () => {
    await host.putData("flowers.csv", new Uint8Array([1, 2, 255]));
    expect(await host.listData()).toMatchObject([{ name: "flowers.csv", bytes: 3 }]);
    expect([...(await host.readData("flowers.csv"))]).toEqual([1, 2, 255]);
    await host.removeData("flowers.csv");
    expect(await host.listData()).toEqual([]);
    await expect(host.readData("flowers.csv")).rejects.toMatchObject({ code: "not-found" });
  });
});
