import { create } from "zustand";
import type { FileDescription } from "../engine/api.ts";
import { withServices } from "../host/services.ts";
import { notify, useInterface } from "../stores/interface.ts";
import { reason } from "../training/session.ts";
import { putInGraph } from "./put-in-graph.ts";

/** A file on its way to become data: read, looked at, then kept or not. */
export interface ImportState {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Undefined while the file is read. */
  readonly description: FileDescription | undefined;
  readonly keeping: boolean;
}

export const useImport = create<{ readonly current: ImportState | undefined }>()(() => ({ current: undefined }));

const setCurrent = (change: Partial<ImportState>) =>
  useImport.setState(({ current }) => (current === undefined ? {} : { current: { ...current, ...change } }));

export const cancelImport = (): void => useImport.setState({ current: undefined });

/** Reads a file and shows what it is. */
export function importFile(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  useImport.setState({ current: { name: cleanName(name), bytes, description: undefined, keeping: false } });
  describe(undefined);
}

/** Looks at the table again with another column to predict. */
export function chooseTarget(target: string): void {
  describe(target);
}

function describe(target: string | undefined): void {
  const { current } = useImport.getState();
  if (current === undefined) return;
  const { name, bytes } = current;
  withServices(async ({ engine }) => {
    const description = await engine.api
      .describeFile(name, bytes, target)
      .catch((error: unknown): FileDescription => ({ ok: false, problems: [{ message: reason(error) }] }));
    if (useImport.getState().current?.bytes === bytes) setCurrent({ description });
  });
}

/** Keeps the file among the person's data, and uses it if asked to. */
export function keepImport(use: boolean): void {
  const { current } = useImport.getState();
  if (current?.description?.ok !== true) return;
  const { name, bytes } = current;
  const { target } = current.description;
  setCurrent({ keeping: true });
  withServices(async ({ data }) => {
    try {
      await data.add(name, bytes);
      cancelImport();
      useInterface.getState().showTab("data");
      if (use) putInGraph(name, name, target);
      else notify({ tone: "good", text: `${name} is among your data now.` });
    } catch (error) {
      setCurrent({ keeping: false });
      notify({ tone: "bad", text: `${name} could not be kept: ${reason(error)}` });
    }
  });
}

/** Reads what was dropped or chosen: one file, or several and folders, of pictures or of a graph's tables, which are packed as a zip. */
export async function importFiles(files: readonly { readonly path: string; readonly file: File }[]): Promise<void> {
  const [first] = files;
  if (first === undefined) return;
  const inFolder = files.length > 1 || first.path.includes("/");
  if (!inFolder) {
    importFile(first.file.name, new Uint8Array(await first.file.arrayBuffer()));
    return;
  }
  const read = await Promise.all(files.map(async ({ path, file }) => ({ path, bytes: new Uint8Array(await file.arrayBuffer()) })));
  withServices(async ({ engine }) => {
    const packed = await engine.api.packImages(read);
    // Files that lie in no folder are called after the first.
    const folder = first.path.includes("/") ? first.path.split("/")[0] : first.path.replace(/\.\w+$/, "");
    if (packed.ok) importFile(`${folder || "pictures"}.zip`, new Uint8Array(packed.zip));
    else notify({ tone: "bad", text: packed.problems.map((problem) => problem.message).join(" ") });
  });
}

/** A name that the host takes: no slashes, not hidden, not too long. */
const cleanName = (name: string): string =>
  name
    .replace(/[/\\\0]/g, "-")
    .replace(/^\.+/, "")
    .slice(-120) || "data";
