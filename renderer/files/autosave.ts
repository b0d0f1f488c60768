import type { StoreApi } from "zustand";
import { printAhead, writeDocument } from "../../src/document/write.ts";
import type { Host } from "../../src/host/contract.ts";
import type { DocumentState } from "../stores/document.ts";
import { reason } from "../training/session.ts";
import type { FilesData } from "./store.ts";

/** Puts the work by a few seconds after each edit, under this window's key, and clears it away once it is saved. */
export interface Autosaver {
  /** Puts by what is not yet, now. */
  flush(): Promise<void>;
  /** Under the key there lies work from before: a reload, a recovery. It is cleared away like this window's own. */
  adopt(): void;
  /** The work under the key is no longer needed: the document was saved, or thrown away by choice. */
  clear(): Promise<void>;
  dispose(): void;
}

export interface AutosaverOptions {
  readonly host: Pick<Host, "autosave" | "removeAutosave">;
  readonly documents: Pick<StoreApi<DocumentState>, "getState" | "subscribe">;
  readonly files: StoreApi<FilesData>;
  readonly key: () => string;
  /** Milliseconds after the first edit that is not put by yet. */
  readonly delay?: number;
}

/** Milliseconds between pieces of a large document: a frame or two. */
const pause = 20;

export function createAutosaver({ host, documents, files, key, delay = 2500 }: AutosaverOptions): Autosaver {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let chain: Promise<void> = Promise.resolve();
  /** Whether something lies under the key, and the document as it was last put by from here. */
  let lies = false;
  let kept: unknown;

  const write = async (): Promise<void> => {
    const { document, edited, file } = documents.getState();
    if (!edited || document === kept) return;
    try {
      await host.autosave(key(), { ...(file && { path: file.path }), name: document.name }, writeDocument(document));
      kept = document;
      lies = true;
      files.setState({ autosaved: Date.now(), autosaveFault: undefined });
    } catch (error) {
      files.setState({ autosaveFault: reason(error) });
      timer ??= setTimeout(flushSlowly, delay * 4);
    }
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    chain = chain.then(write);
    return chain;
  };

  /** By and by: nobody who goes on working shall notice. */
  const flushSlowly = async (): Promise<void> => {
    for (const _ of printAhead(documents.getState().document)) await new Promise((done) => setTimeout(done, pause));
    if (timer !== undefined) await flush();
  };

  const clear = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    chain = chain.then(async () => {
      if (!lies) return;
      lies = false;
      kept = undefined;
      await host.removeAutosave(key()).catch(() => undefined);
      files.setState({ autosaved: undefined, autosaveFault: undefined });
    });
    return chain;
  };

  const stop = documents.subscribe((state, before) => {
    if (state.document === before.document && state.edited === before.edited) return;
    if (state.edited) timer ??= setTimeout(flushSlowly, delay);
    else if (lies && state.session === before.session) void clear();
  });

  return {
    flush,
    adopt: () => {
      lies = true;
    },
    clear,
    dispose() {
      clearTimeout(timer);
      timer = undefined;
      stop();
    },
  };
}
