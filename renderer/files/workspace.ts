import type { StoreApi } from "zustand";
import { type ReadProblem, readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import { type Autosave, type Host, HostError, type HostEvent } from "../../src/host/contract.ts";
import type { Liveness } from "../host/locks.ts";
import { type DocumentState, emptyDocument, type OpenFile } from "../stores/document.ts";
import type { ConfirmRequest, DialogState, Toast } from "../stores/interface.ts";
import { reason } from "../training/session.ts";
import { type Autosaver, createAutosaver } from "./autosave.ts";
import type { TabMemory } from "./memory.ts";
import type { FilesData } from "./store.ts";

export interface WorkspaceOptions {
  readonly host: Pick<
    Host,
    | "readDocument"
    | "writeDocument"
    | "chooseOpen"
    | "chooseSave"
    | "recent"
    | "forgetRecent"
    | "autosave"
    | "autosaves"
    | "readAutosave"
    | "removeAutosave"
  >;
  readonly nativeDialogs: boolean;
  readonly documents: StoreApi<DocumentState>;
  readonly files: StoreApi<FilesData>;
  readonly liveness: Liveness;
  readonly memory: TabMemory;
  /** Shows a message; `dismiss` takes it away by the number that this gives. */
  readonly notify: (toast: Omit<Toast, "id">) => number;
  readonly dismiss: (toast: number) => void;
  readonly openDialog: (dialog: DialogState | null) => void;
  /** The run that the training desk shows, to be found again after a reload. */
  readonly shownRun: () => string | undefined;
  readonly autosaveDelay?: number;
}

/** Which file the window works on, and what keeps the work from getting lost. */
export interface Workspace {
  /** Finds again what was open: after a reload the document itself, else work left behind, else the gallery. Gives the run to show. */
  start(): Promise<string | undefined>;
  /** Runs `then` at once, or, with unsaved changes, after the person has saved or given them up. */
  guard(then: () => void): void;
  /** Opens a document that has no file yet: a template, a blank page, a run's, an imported one. */
  openNew(document: NetloomDocument, options?: { readonly edited?: boolean }): Promise<void>;
  openPath(path: string): Promise<void>;
  /** A text from outside (dropped, recovered): problems are shown, and what is open stays. */
  openText(name: string, text: string): Promise<void>;
  chooseAndOpen(): Promise<void>;
  /** Resolves to whether the document is saved. */
  save(): Promise<boolean>;
  saveAs(): Promise<boolean>;
  saveTo(path: string, version: string | null): Promise<boolean>;
  recover(autosave: Autosave): Promise<void>;
  discard(autosave: Autosave): Promise<void>;
  refreshRecent(): Promise<void>;
  onEvent(event: HostEvent): void;
  /** Notes in the tab what a reload must find; called when the page goes. */
  remember(): void;
  /** Puts unsaved work by now. */
  flush(): Promise<void>;
  dispose(): void;
}

const newKey = (): string => crypto.randomUUID();

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const { host, documents, files, liveness, memory, notify, dismiss, openDialog } = options;
  const remembered = memory.read();
  let key = remembered?.key ?? newKey();
  let letGo = liveness.hold(`autosave-${key}`);
  /** A file that was named when the window was opened. */
  let opening: Promise<void> | undefined;
  const autosaver: Autosaver = createAutosaver({
    host,
    documents,
    files,
    key: () => key,
    ...(options.autosaveDelay !== undefined && { delay: options.autosaveDelay }),
  });

  /** Another document takes this window over: its autosaves get a key of their own. */
  const takeOver = async (document: NetloomDocument, file?: OpenFile, edited = false, nextKey = newKey()) => {
    await autosaver.clear();
    letGo();
    key = nextKey;
    letGo = liveness.hold(`autosave-${key}`);
    files.setState({ autosaved: undefined, autosaveFault: undefined, fileNote: undefined });
    documents.getState().open(document, file, { edited });
    workspace.remember();
  };

  const confirm = (request: ConfirmRequest) => openDialog({ kind: "confirm", confirm: request });

  const showProblems = (name: string, problems: readonly ReadProblem[]) =>
    confirm({
      title: `${name} cannot be opened`,
      text: [
        ...problems.map(({ message, path, line }) => [line === undefined ? "" : `Line ${line}`, path ?? "", message].filter(Boolean).join(" · ")),
        "",
        "What you had open is still open.",
      ].join("\n"),
      choices: [{ label: "Close", run: () => undefined }],
    });

  /** The message that the file has changed or gone, until it is saved again. */
  let fileNotice: number | undefined;
  const write = async (path: string, version: string | null): Promise<boolean> => {
    const { document } = documents.getState();
    files.setState({ saving: true });
    try {
      const written = await host.writeDocument(path, writeDocument(document), version);
      documents.getState().markSaved(written, document);
      files.setState({ fileNote: undefined });
      if (fileNotice !== undefined) dismiss(fileNotice);
      fileNotice = undefined;
      await autosaver.clear();
      workspace.remember();
      void workspace.refreshRecent();
      return true;
    } catch (error) {
      if (error instanceof HostError && error.code === "conflict") conflict(path, error.message);
      else notify({ tone: "bad", text: saveFault(error), action: { label: "Save as…", run: () => void workspace.saveAs() } });
      return false;
    } finally {
      files.setState({ saving: false });
    }
  };

  const conflict = (path: string, message: string) => {
    const gone = files.getState().fileNote === "deleted";
    const cancel = { label: "Cancel", run: () => undefined };
    const elsewhere = { label: "Save as…", run: () => void workspace.saveAs() };
    confirm({
      title: gone ? "The file is not there any more" : "The file is not the one you opened",
      text: `${message} Your work is still here.`,
      choices: gone
        ? [cancel, elsewhere, { label: "Save it again", run: () => void write(path, null) }]
        : [
            cancel,
            { label: "Reload the file", tone: "danger", run: () => void workspace.openPath(path) },
            { label: "Overwrite it", tone: "danger", run: () => void write(path, null) },
            elsewhere,
          ],
    });
  };

  const leftBehind = async (): Promise<readonly Autosave[]> => {
    const [all, held] = await Promise.all([host.autosaves(), liveness.held()]);
    return all.filter((autosave) => autosave.key !== key && !held.has(`autosave-${autosave.key}`));
  };

  /** The document that this tab had before it was reloaded; false if there is none, or it can no longer be had. */
  const restore = async (): Promise<boolean> => {
    if (remembered === undefined) return false;
    const file = remembered.path && remembered.version ? { path: remembered.path, version: remembered.version } : undefined;
    const kept = (await host.autosaves()).find((autosave) => autosave.key === remembered.key);
    const text = remembered.text ?? (kept ? await host.readAutosave(kept.key) : undefined);
    if (text !== undefined) {
      const read = readDocument(text);
      if (!read.ok) return false;
      if (kept !== undefined) autosaver.adopt();
      documents.getState().open(read.document, file, { edited: remembered.edited || kept !== undefined });
      return true;
    }
    if (file === undefined) return false;
    await workspace.openPath(file.path);
    return documents.getState().file?.path === file.path;
  };

  const workspace: Workspace = {
    async start() {
      void workspace.refreshRecent();
      if (opening !== undefined) return opening.then(() => undefined);
      const restored = await restore().catch(() => false);
      if (restored) return remembered?.run;
      const recoverable = await leftBehind().catch(() => []);
      files.setState({ recoverable });
      if (opening === undefined) openDialog({ kind: recoverable.length > 0 ? "recovery" : "gallery" });
      return undefined;
    },
    guard(then) {
      const { edited, document } = documents.getState();
      if (!edited) {
        then();
        return;
      }
      confirm({
        title: `Save the changes to ${document.name}?`,
        text: "They are not in any file yet.",
        choices: [
          { label: "Cancel", run: () => undefined },
          { label: "Discard changes", tone: "danger", run: then },
          {
            label: "Save",
            run: () => {
              if (documents.getState().file === undefined && !options.nativeDialogs) openDialog({ kind: "save-as", then });
              else void workspace.save().then((saved) => saved && then());
            },
          },
        ],
      });
    },
    openNew: (document, more) => takeOver(document, undefined, more?.edited ?? false),
    async openPath(path) {
      try {
        const { text, ...file } = await host.readDocument(path);
        const read = readDocument(text);
        if (read.ok) await takeOver(read.document, file);
        else showProblems(baseName(path), read.problems);
        void workspace.refreshRecent();
      } catch (error) {
        const gone = error instanceof HostError && error.code === "not-found";
        notify({
          tone: "bad",
          text: reason(error),
          ...(gone && {
            action: { label: "Forget it", run: () => void host.forgetRecent(path).then(workspace.refreshRecent, () => undefined) },
          }),
        });
      }
    },
    async openText(name, text) {
      const read = readDocument(text);
      if (!read.ok) showProblems(name, read.problems);
      else await takeOver(read.document, undefined, true);
    },
    async chooseAndOpen() {
      if (!options.nativeDialogs) {
        openDialog({ kind: "open" });
        return;
      }
      const path = await host.chooseOpen();
      if (path !== null) await workspace.openPath(path);
    },
    async save() {
      const { file } = documents.getState();
      return file === undefined ? workspace.saveAs() : write(file.path, file.version);
    },
    async saveAs() {
      if (!options.nativeDialogs) {
        openDialog({ kind: "save-as" });
        return false;
      }
      const path = await host.chooseSave(suggestedName(documents.getState().document));
      return path === null ? false : workspace.saveTo(path, null);
    },
    saveTo(path, version) {
      const { document, edit } = documents.getState();
      if (document.name === "Untitled" || document.name === "") edit("Name the document", (now) => ({ ...now, name: stem(baseName(path)) }));
      return write(path, version);
    },
    async recover(autosave) {
      try {
        const text = await host.readAutosave(autosave.key);
        const read = readDocument(text);
        if (!read.ok) {
          showProblems(autosave.name, read.problems);
          return;
        }
        // The file's version is read anew: if it was changed meanwhile, saving notices.
        const file = autosave.path === undefined ? undefined : await host.readDocument(autosave.path).catch(() => undefined);
        await takeOver(read.document, file && { path: file.path, version: file.version }, true, autosave.key);
        autosaver.adopt();
        files.setState(({ recoverable }) => ({ recoverable: recoverable.filter((other) => other.key !== autosave.key) }));
        openDialog(null);
      } catch (error) {
        notify({ tone: "bad", text: `${autosave.name} could not be recovered: ${reason(error)}` });
      }
    },
    async discard(autosave) {
      await host.removeAutosave(autosave.key).catch((error: unknown) => notify({ tone: "bad", text: reason(error) }));
      files.setState(({ recoverable }) => ({ recoverable: recoverable.filter((other) => other.key !== autosave.key) }));
    },
    async refreshRecent() {
      const recent = await host.recent().catch(() => undefined);
      if (recent !== undefined) files.setState({ recent });
    },
    onEvent(event) {
      const { file } = documents.getState();
      if (event.kind === "open") {
        openDialog(null);
        opening = new Promise((resolve) => workspace.guard(() => void workspace.openPath(event.path).then(resolve)));
      }
      if (event.kind !== "file-changed" || file?.path !== event.path || file.version === event.version) return;
      const name = baseName(event.path);
      files.setState({ fileNote: event.version === null ? "deleted" : "changed" });
      if (event.version === null) {
        // No file holds the work now: it is put by, and leaving it asks first.
        documents.getState().markSaved(undefined, emptyDocument);
        fileNotice = notify({
          tone: "bad",
          text: `${name} has been deleted or moved. Your work is still here.`,
          action: { label: "Save it again", run: () => void write(event.path, null) },
        });
      } else
        fileNotice = notify({
          tone: "info",
          text: `${name} has been changed by another window or program. You still see your version.`,
          action: { label: "Reload it", run: () => workspace.guard(() => void workspace.openPath(event.path)) },
        });
    },
    remember() {
      const { document, file, edited } = documents.getState();
      const run = options.shownRun();
      memory.write({
        key,
        ...(file && { path: file.path, version: file.version }),
        edited,
        ...((edited || file === undefined) && { text: writeDocument(document) }),
        ...(run !== undefined && { run }),
      });
    },
    flush: () => autosaver.flush(),
    dispose() {
      autosaver.dispose();
      letGo();
    },
  };
  return workspace;
}

export const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
const stem = (name: string): string => name.replace(/\.(netloom|json)$/i, "") || name;

/** A file name made of the document's name. */
export const suggestedName = (document: Pick<NetloomDocument, "name">): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must go.
  const clean = document.name.replace(/[/\\:*?"<>|\u0000-\u001f]+/g, " ").trim();
  return `${clean.slice(0, 100) || "untitled"}.netloom`;
};

function saveFault(error: unknown): string {
  if (error instanceof HostError && error.code === "disk-full")
    return `The disk is full, so the document was not saved; the file on it is as it was. Free some space or save elsewhere. ${error.message}`;
  return `The document was not saved: ${reason(error)} Your work is still here.`;
}
