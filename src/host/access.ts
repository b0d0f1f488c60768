import { realpath } from "node:fs/promises";
import { basename, dirname, extname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { HostError } from "./contract.ts";

/** Which paths of the disk the app may touch. */
export interface Access {
  /** The real path behind a document's path; relative ones start at the app's folder. @throws HostError "not-allowed" */
  file(path: string): Promise<string>;
  /** The same for a folder that is listed or exported into. */
  folder(path: string): Promise<string>;
  /** The person has pointed at this path: in a dialog, on the command line, in the recent list. */
  grant(path: string): void;
  /** Where browsing starts. */
  readonly root: string;
}

/** Follows symbolic links as far as the path exists; what does not exist yet is kept as it is. */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
}

/** The part of `path` below `root`, or undefined if it is not below it. */
export function below(root: string, path: string): string | undefined {
  const rest = relative(root, path);
  return rest === ".." || rest.startsWith(`..${sep}`) || isAbsolute(rest) ? undefined : rest;
}

/** Hidden files and folders (`.ssh`, `.vscode/tasks.json`) hold what runs or opens other things: documents never live there. */
const hidden = (rest: string): boolean => rest.split(sep).some((part) => part.startsWith("."));

const documentEndings = new Set([".netloom", ".json"]);

function requireDocument(path: string): void {
  if (!documentEndings.has(extname(path).toLowerCase()))
    throw new HostError("not-allowed", `${basename(path)} is not a Netloom document: its name ends neither in .netloom nor in .json.`);
}

/** `netloom serve`: everything below one folder, symbolic links resolved, hidden files left out. */
export function confinedAccess(folder: string): Access {
  const root = realPath(resolve(folder));
  const inside = async (path: string): Promise<string> => {
    const real = await realPath(resolve(folder, path));
    const rest = below(await root, real);
    if (rest === undefined || hidden(rest))
      throw new HostError(
        "not-allowed",
        `${path} is outside ${folder}, the folder that this Netloom serves. Start it with --folder to serve another.`,
      );
    return real;
  };
  return {
    root: resolve(folder),
    async file(path) {
      requireDocument(path);
      const real = await inside(path);
      requireDocument(real);
      return real;
    },
    folder: inside,
    grant: () => undefined,
  };
}

/** Electron: the paths that the person has pointed at, and what lies below the folder where browsing starts. */
export function grantedAccess(folder: string): Access {
  const confined = confinedAccess(folder);
  const granted = new Set<string>();
  const check = async (path: string, otherwise: (path: string) => Promise<string>): Promise<string> => {
    const absolute = resolve(folder, path);
    if (!granted.has(absolute)) return otherwise(path);
    const real = await realPath(absolute);
    // From now on the app calls the file by its real path: behind a link (on a Mac, anything in /tmp) that is another one.
    granted.add(real);
    return real;
  };
  const refuse = (path: string): never => {
    throw new HostError("not-allowed", `Netloom has not been given ${path}. Choose it with Open or Save as.`);
  };
  return {
    root: confined.root,
    file: (path) => check(path, (inner) => confined.file(inner).catch(() => refuse(path))),
    folder: (path) =>
      check(path, (inner) => {
        const absolute = resolve(folder, inner);
        const within = [...granted].some((one) => below(one, absolute) !== undefined);
        return within ? realPath(absolute) : confined.folder(inner).catch(() => refuse(path));
      }),
    grant: (path) => {
      granted.add(resolve(path));
    },
  };
}
