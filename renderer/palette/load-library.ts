import { z } from "zod";
import { libraryBlock } from "../../src/document/library.ts";
import { readDocument } from "../../src/document/read.ts";
import { useLibrary } from "../editor/library.ts";

const listSchema = z.array(z.object({ id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/) }));

let loading: Promise<void> | undefined;

/** Fetches the library of blocks, once; after a failure the next call tries again. */
export function loadLibrary(): Promise<void> {
  loading ??= fetchLibrary().catch((thrown: unknown) => {
    loading = undefined;
    throw thrown;
  });
  return loading;
}

async function fetchLibrary(): Promise<void> {
  const list = await fetch(new URL("templates/blocks/", window.document.baseURI));
  if (!list.ok) throw new Error("The library of blocks could not be fetched. Is Netloom still running in its terminal?");
  const ids = listSchema.parse(await list.json());
  const blocks = await Promise.all(ids.map(({ id }) => fetchBlock(id)));
  useLibrary.setState({ blocks: blocks.filter((block) => block !== undefined) });
}

async function fetchBlock(id: string) {
  const response = await fetch(new URL(`templates/blocks/${id}.json`, window.document.baseURI));
  const read = response.ok ? readDocument(await response.text()) : undefined;
  return read?.ok ? libraryBlock(id, read.document) : undefined;
}
