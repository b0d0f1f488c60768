/** A file with its path inside the folder that was dropped. */
export interface Dropped {
  readonly path: string;
  readonly file: File;
}

/** Most files that are taken out of a dropped folder. */
const most = 50_000;

/** The files of a drop, folders walked through. Must be called while the event is handled. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return pickedFiles(transfer.files);
  const files: Dropped[] = [];
  for (const entry of entries) await walk(entry, files);
  return files;
}

async function walk(entry: FileSystemEntry, files: Dropped[]): Promise<void> {
  if (files.length >= most) return;
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    files.push({ path, file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return;
    for (const child of batch) await walk(child, files);
  }
}

/** The files that a picker gave, with their paths where a folder was picked. */
export const pickedFiles = (list: FileList | null): Dropped[] =>
  [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
