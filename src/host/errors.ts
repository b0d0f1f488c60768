import { basename } from "node:path";
import { HostError, type HostErrorCode } from "./contract.ts";

/** What was being done, for the sentence: "saved", "read" … */
export type Deed = "read" | "saved" | "deleted" | "listed";

const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** True if the error says that a file or folder is not there. */
export const isMissing = (error: unknown): boolean => systemCode(error) === "ENOENT";

/** Turns an error of the file system into one with a code the app acts on and a sentence for people. */
export function hostError(error: unknown, path: string, deed: Deed): HostError {
  if (error instanceof HostError) return error;
  const name = basename(path);
  const code = systemCode(error);
  const [kind, text] = sentence(code, name, deed) ?? ["failed", `${name} could not be ${deed}${code === undefined ? "" : ` (${code})`}.`];
  return new HostError(kind, text);
}

function sentence(code: string | undefined, name: string, deed: Deed): readonly [HostErrorCode, string] | undefined {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return ["disk-full", `The disk is full: ${name} was not ${deed}, and what was there before is untouched. Free some space and try again.`];
    case "EACCES":
    case "EPERM":
      return ["not-allowed", `${name} could not be ${deed}: the system gives no permission. Choose another place or change the permissions.`];
    case "EROFS":
      return ["not-allowed", `${name} could not be ${deed}: this disk is read-only. Choose another place.`];
    case "ENOENT":
      return [
        "not-found",
        deed === "saved" ? `${name} could not be saved: its folder is gone. Choose another place.` : `${name} is not there any more.`,
      ];
    case "EISDIR":
      return ["bad-request", `${name} is a folder, not a file.`];
    case "ENOTDIR":
      return ["bad-request", `${name} could not be ${deed}: part of its path is a file, not a folder.`];
    case "EFBIG":
      return ["too-large", `${name} is larger than this disk allows.`];
    case "ENAMETOOLONG":
      return ["bad-request", `The name ${name.slice(0, 40)}… is too long.`];
    default:
      return undefined;
  }
}
