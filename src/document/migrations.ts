import { currentVersion } from "./schema.ts";

/** From version `n` (the key) to `n + 1`: a pure function over the parsed JSON. A file of each version lies in `tests/document/versions/`. */
export const migrations: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>> = {};

/** Brings an older document to the current version, one step after the other. */
export function migrate(old: Record<string, unknown>): Record<string, unknown> {
  let document = old;
  for (let version = Number(old.netloom); version < currentVersion; version++) {
    const step = migrations[version];
    if (!step) throw new Error(`There is no migration from version ${version}.`);
    document = { ...step(document), netloom: version + 1 };
  }
  return document;
}
