import { describe, expect, it } from "vitest";
import { type TabMemory, tabMemory } from "../../renderer/files/memory.ts";
import { createFilesStore } from "../../renderer/files/store.ts";
import { createWorkspace } from "../../renderer/files/workspace.ts";
import { createDocumentStore } from "../../renderer/stores/document.ts";
import type { DialogState } from "../../renderer/stores/interface.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import { HostError } from "../../src/host/contract.ts";
import { createLocks, createMemoryHost } from "./memory-host.ts";

const document = (name: string): NetloomDocument => ({ netloom: 1, name, nodes: [], edges: [] });

/** A tab's storage that lives through "reloads" of the test's windows. */
function createTab(): TabMemory {
  const storage = new Map<string, string>();
  return tabMemory({ getItem: (key) => storage.get(key) ?? null, setItem: (key, value) => void storage.set(key, value) });
}

function createWindow({ host = createMemoryHost(), locks = createLocks(), memory = createTab() } = {}) {
  const documents = createDocumentStore();
  const files = createFilesStore();
  const liveness = locks.window();
  const dialogs: (DialogState | null)[] = [];
  const toasts: { text: string; action?: { label: string; run(): void } }[] = [];
  const workspace = createWorkspace({
    host,
    nativeDialogs: false,
    documents,
    files,
    liveness,
    memory,
    notify: (toast) => toasts.push(toast),
    dismiss: (toast) => void toasts.splice(toast - 1, 1),
    openDialog: (dialog) => dialogs.push(dialog),
    shownRun: () => "run-1",
    autosaveDelay: 5,
  });
  const rename = (name: string) => documents.getState().edit("Rename", (now) => ({ ...now, name }));
  /** The choice of that name in the question that is open now. */
  const choose = (label: string) => {
    const dialog = dialogs.at(-1);
    if (dialog?.kind !== "confirm") throw new Error("No question is open.");
    const choice = dialog.confirm.choices.find((one) => one.label === label);
    if (choice === undefined) throw new Error(`There is no "${label}" among ${dialog.confirm.choices.map((one) => one.label).join(", ")}.`);
    choice.run();
  };
  return { host, locks, memory, documents, files, liveness, dialogs, toasts, workspace, rename, choose };
}

describe("autosave", () => {
  it("puts the work by after an edit and clears it away once it is saved", async () => {
    const { workspace, host, rename } = createWindow();
    await workspace.openNew(document("a"));
    rename("b");
    await expect.poll(() => [...host.kept.values()].map((kept) => kept.name)).toEqual(["b"]);
    await workspace.saveTo("/home/b.netloom", null);
    expect(host.kept.size).toBe(0);
    expect(host.files.get("/home/b.netloom")?.text).toContain('"b"');
  });

  it("does not put by what was only opened", async () => {
    const { workspace, host } = createWindow();
    await workspace.openNew(document("a"));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(host.kept.size).toBe(0);
  });

  it("says so while it cannot, and tries again", async () => {
    const { workspace, host, rename, files } = createWindow();
    await workspace.openNew(document("a"));
    host.fault = new HostError("disk-full", "There is no space left.");
    rename("b");
    await expect.poll(() => files.getState().autosaveFault).toContain("no space left");
    host.fault = undefined;
    await expect.poll(() => host.kept.size).toBe(1);
    expect(files.getState().autosaveFault).toBeUndefined();
  });
});

describe("after a reload of the tab", () => {
  it("unsaved work is back, without a question, and the run that was shown is named", async () => {
    const first = createWindow();
    await first.workspace.openNew(document("a"));
    first.rename("b");
    first.workspace.remember();
    first.liveness.crash();
    const second = createWindow({ host: first.host, locks: first.locks, memory: first.memory });
    expect(await second.workspace.start()).toBe("run-1");
    expect(second.documents.getState()).toMatchObject({ document: { name: "b" }, edited: true });
    expect(second.dialogs).toEqual([]);
  });

  it("a saved file is read again", async () => {
    const first = createWindow();
    first.host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await first.workspace.openPath("/home/a.netloom");
    first.workspace.remember();
    first.liveness.crash();
    const second = createWindow({ host: first.host, locks: first.locks, memory: first.memory });
    await second.workspace.start();
    expect(second.documents.getState()).toMatchObject({ document: { name: "a" }, edited: false, file: { path: "/home/a.netloom" } });
  });
});

describe("work left behind", () => {
  it("is offered by a new window after a crash, and recovered with its file", async () => {
    const first = createWindow();
    first.host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await first.workspace.openPath("/home/a.netloom");
    first.rename("edited");
    await expect.poll(() => first.host.kept.size).toBe(1);
    first.liveness.crash();

    const second = createWindow({ host: first.host, locks: first.locks });
    await second.workspace.start();
    expect(second.dialogs.at(-1)).toEqual({ kind: "recovery" });
    const [left] = second.files.getState().recoverable;
    if (left === undefined) throw new Error("Nothing is offered.");
    await second.workspace.recover(left);
    expect(second.documents.getState()).toMatchObject({ document: { name: "edited" }, edited: true, file: { path: "/home/a.netloom" } });
    expect(second.files.getState().recoverable).toEqual([]);
    expect(await second.workspace.save()).toBe(true);
    expect(second.host.kept.size).toBe(0);
  });

  it("is not taken from a window that is still alive", async () => {
    const first = createWindow();
    await first.workspace.openNew(document("a"));
    first.rename("b");
    await expect.poll(() => first.host.kept.size).toBe(1);
    const second = createWindow({ host: first.host, locks: first.locks });
    await second.workspace.start();
    expect(second.dialogs.at(-1)).toEqual({ kind: "gallery" });
  });
});

describe("saving", () => {
  it("asks when the file was changed by another window, and overwrites only when told to", async () => {
    const { workspace, host, rename, documents, choose, dialogs } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    rename("mine");
    host.files.set("/home/a.netloom", { text: writeDocument(document("theirs")), version: "v9" });
    expect(await workspace.save()).toBe(false);
    expect(dialogs.at(-1)?.kind).toBe("confirm");
    expect(host.files.get("/home/a.netloom")?.text).toContain("theirs");
    expect(documents.getState()).toMatchObject({ document: { name: "mine" }, edited: true });
    choose("Overwrite it");
    await expect.poll(() => host.files.get("/home/a.netloom")?.text).toContain("mine");
    expect(documents.getState().edited).toBe(false);
  });

  it("keeps the work and says why when the disk is full", async () => {
    const { workspace, host, rename, documents, toasts } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    rename("b");
    host.fault = new HostError("disk-full", "There is no space left.");
    expect(await workspace.save()).toBe(false);
    expect(toasts.at(-1)?.text).toContain("The disk is full");
    expect(documents.getState()).toMatchObject({ document: { name: "b" }, edited: true });
  });

  it("names an untitled document after its file", async () => {
    const { workspace, documents } = createWindow();
    await workspace.openNew({ ...document("Untitled") });
    await workspace.saveTo("/home/digits cnn.netloom", null);
    expect(documents.getState().document.name).toBe("digits cnn");
  });

  it("keeps edits that were made while it wrote", async () => {
    const { workspace, documents, rename } = createWindow();
    await workspace.openNew(document("a"));
    const saving = workspace.saveTo("/home/a.netloom", null);
    rename("later");
    await saving;
    expect(documents.getState()).toMatchObject({ document: { name: "later" }, edited: true });
  });
});

describe("opening another document", () => {
  it("asks first when there are unsaved changes: cancel keeps them, discard gives them up", async () => {
    const { workspace, rename, documents, choose } = createWindow();
    await workspace.openNew(document("a"));
    rename("b");
    const open = () => workspace.guard(() => void workspace.openNew(document("c")));
    open();
    choose("Cancel");
    expect(documents.getState().document.name).toBe("b");
    open();
    choose("Discard changes");
    await expect.poll(() => documents.getState().document.name).toBe("c");
  });

  it("goes on after the changes are saved", async () => {
    const { workspace, host, rename, documents, choose } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    rename("b");
    workspace.guard(() => void workspace.openNew(document("c")));
    choose("Save");
    await expect.poll(() => documents.getState().document.name).toBe("c");
    expect(host.files.get("/home/a.netloom")?.text).toContain('"b"');
  });

  it("shows located problems of a file that is no document, and leaves what is open in place", async () => {
    const { workspace, documents, dialogs } = createWindow();
    await workspace.openNew(document("a"));
    await workspace.openText("broken.netloom", '{ "netloom": 1,\n "name": "x",\n "nodes": [ {"id": "1bad", "type": "dense"} ],\n "edges": [] }');
    const dialog = dialogs.at(-1);
    expect(dialog?.kind === "confirm" && dialog.confirm.text).toMatch(/Line 3 · nodes\[0\]\.id/);
    expect(documents.getState().document.name).toBe("a");
  });

  it("says that a file is gone", async () => {
    const { workspace, toasts, documents } = createWindow();
    await workspace.openNew(document("a"));
    await workspace.openPath("/home/none.netloom");
    expect(toasts.at(-1)?.text).toContain("not there any more");
    expect(documents.getState().document.name).toBe("a");
  });
});

describe("a file that changes while it is open", () => {
  it("is noticed when deleted, and can be written again with the work in it", async () => {
    const { workspace, host, files, toasts, documents } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    host.files.delete("/home/a.netloom");
    workspace.onEvent({ kind: "file-changed", path: "/home/a.netloom", version: null });
    expect(files.getState().fileNote).toBe("deleted");
    expect(documents.getState().document.name).toBe("a");
    toasts.at(-1)?.action?.run();
    await expect.poll(() => host.files.has("/home/a.netloom")).toBe(true);
    expect(files.getState().fileNote).toBeUndefined();
    expect(toasts).toEqual([]);
  });

  it("leaves work that no file holds: it is put by, leaving it asks first, saving offers to write it again", async () => {
    const { workspace, host, documents, choose } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    host.files.delete("/home/a.netloom");
    workspace.onEvent({ kind: "file-changed", path: "/home/a.netloom", version: null });
    await expect.poll(() => [...host.kept.values()].map((kept) => kept.name)).toEqual(["a"]);
    let left = false;
    workspace.guard(() => {
      left = true;
    });
    expect(left).toBe(false);
    choose("Cancel");
    await workspace.save();
    choose("Save it again");
    await expect.poll(() => host.files.has("/home/a.netloom")).toBe(true);
    expect(documents.getState().edited).toBe(false);
  });

  it("is noticed when another window writes it, but not when this one does", async () => {
    const { workspace, host, files } = createWindow();
    host.files.set("/home/a.netloom", { text: writeDocument(document("a")), version: "v0" });
    await workspace.openPath("/home/a.netloom");
    workspace.onEvent({ kind: "file-changed", path: "/home/a.netloom", version: "v0" });
    expect(files.getState().fileNote).toBeUndefined();
    workspace.onEvent({ kind: "file-changed", path: "/home/a.netloom", version: "v7" });
    expect(files.getState().fileNote).toBe("changed");
  });
});
