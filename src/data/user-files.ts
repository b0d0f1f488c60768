import { bytesHash } from "./hash.ts";
import type { DataReader, Outcome } from "./types.ts";
import { kindByName, type NamedKind, readUserContent, type UserContent } from "./user.ts";

/**
 * A user's files, each read and decoded once however often it is described and loaded. What a file holds is known by its bytes:
 * a file that is read again, copied or renamed is not decoded again, unless its new name says that it is of another kind.
 */
export interface UserFiles {
  /** Rejects with a message for people if there is no such file any more. */
  open(name: string): Promise<Content>;
  /** The same for bytes that are at hand; the name may say what they are. */
  read(bytes: Uint8Array, name?: string): Promise<Content>;
  /** Files may have changed: each is read again when it is next opened. */
  renew(): void;
}

export type Content = Outcome<{ readonly content: UserContent }>;

/** Bytes of all that is kept; what was used longest ago goes first. One file alone may have more. */
const mostBytes = 512 * 1024 * 1024;

export function createUserFiles(reader: Pick<DataReader, "user" | "decodeImage">, most: number = mostBytes): UserFiles {
  const contents = new Map<string, Promise<Content>>();
  const sizes = new Map<string, number>();
  let names = new Map<string, Promise<string>>();

  const drop = (hash: string) => {
    contents.delete(hash);
    sizes.delete(hash);
  };
  const makeRoom = (newest: string) => {
    let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    for (const hash of [...contents.keys()]) {
      if (total <= most) return;
      if (hash === newest) continue;
      total -= sizes.get(hash) ?? 0;
      drop(hash);
    }
  };
  /** Puts a content last, as the one used latest. */
  const use = (hash: string, content: Promise<Content>) => {
    contents.delete(hash);
    contents.set(hash, content);
    return content;
  };
  const contentOf = (hash: string, bytes: Uint8Array, named: NamedKind | undefined): Promise<Content> => {
    const known = contents.get(hash);
    if (known !== undefined) return use(hash, known);
    const reading = readUserContent(bytes, reader.decodeImage, named);
    reading.then(
      (read) => {
        if (contents.get(hash) !== reading) return;
        sizes.set(hash, read.ok ? read.content.bytes : 0);
        makeRoom(hash);
      },
      () => drop(hash),
    );
    return use(hash, reading);
  };
  return {
    async open(name) {
      const hash = await names.get(name);
      const known = hash === undefined ? undefined : contents.get(hash);
      if (hash !== undefined && known !== undefined) return use(hash, known);
      const current = names;
      const bytes = await reader.user(name);
      const finding = keyOf(bytes, name);
      current.set(name, finding);
      return contentOf(await finding, bytes, kindByName(name));
    },
    read: async (bytes, name = "") => contentOf(await keyOf(bytes, name), bytes, kindByName(name)),
    renew() {
      names = new Map();
    },
  };
}

/** What a file's content is known by: its bytes, and what its name makes of them. */
const keyOf = async (bytes: Uint8Array, name: string): Promise<string> => `${kindByName(name) ?? ""} ${await bytesHash(bytes)}`;
