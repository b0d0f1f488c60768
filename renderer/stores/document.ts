import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { createChecker } from "../../src/graph/check.ts";
import type { Checked } from "../../src/graph/types.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import { registry } from "../../src/layers/registry.ts";
import { edgeId, indexOf, shownGraph } from "../editor/graph.ts";
import { beforeOrAfterFrame, type Defer, sameToChecker } from "./checking.ts";
import { emptyHistory, type History, record, redo, undo } from "./history.ts";
import { createLateCheck } from "./late-check.ts";

/**
 * The one document of this window, what the checker says of it, where in it one is, and what is selected.
 * Every change goes through `edit(label, change)`; undo brings back the document and the place where it was changed.
 */

export interface Selection {
  /** Node ids of the open graph; a block's own ports are `in.x` and `out.y`. */
  readonly nodes: readonly string[];
  /** Wires: `"from->to"`. */
  readonly edges: readonly string[];
}

export interface OpenFile {
  readonly path: string;
  readonly version: string;
}

/** What a step of the history goes back to. */
interface Snapshot {
  readonly document: NetloomDocument;
  readonly trail: readonly string[];
}

export interface DocumentState {
  readonly document: NetloomDocument;
  /** What the checker says of the document, or, while `stale`, of the one before. */
  readonly checked: Checked;
  /** The document has changed and is about to be checked. */
  readonly stale: boolean;
  /** What is known about data sets. */
  readonly env: InferEnv;
  /** Blocks opened one inside the other; empty in the main graph. */
  readonly trail: readonly string[];
  readonly selection: Selection;
  /** What undo would take back; undefined if nothing. */
  readonly undoLabel: string | undefined;
  readonly redoLabel: string | undefined;
  readonly file: OpenFile | undefined;
  /** The document differs from the one opened or saved last. */
  readonly edited: boolean;
  /** Grows with every change of the document. */
  readonly revision: number;
  /** Grows with every document opened: views start afresh. */
  readonly session: number;

  edit(label: string, change: (document: NetloomDocument) => NetloomDocument, options?: { readonly merge?: string }): void;
  undo(): void;
  redo(): void;
  open(document: NetloomDocument, file?: OpenFile, options?: { readonly edited?: boolean }): void;
  /** `document` is what lies in the file now, if more was edited while it was written. */
  markSaved(file?: OpenFile, document?: NetloomDocument): void;
  select(nodes: readonly string[], edges?: readonly string[]): void;
  /** Opens a block's definition for editing. */
  enter(block: string): void;
  /** Back to the graph at `depth` of the trail: 0 is the main graph. */
  leave(depth: number): void;
  /** The facts about data sets have changed: check again. */
  setEnv(env: InferEnv): void;
  /** Checks now what waits to be checked: for those who act on what the checker says. */
  settle(): void;
}

export interface DocumentOptions {
  readonly env?: InferEnv;
  /** Checks a little later, so that no edit waits for it; without it, a check is part of the edit. */
  readonly defer?: Defer;
}

/** A document that is opened is drawn with its figures, if it has no more nodes than this. */
const checkedAtOnce = 1500;

export const emptyDocument: NetloomDocument = { netloom: 1, name: "Untitled", nodes: [], edges: [] };
const noData: InferEnv = { dataset: () => undefined, datasetNames: () => [] };
const nothing: Selection = { nodes: [], edges: [] };

/** A document store of its own: the app has one, each test makes another. */
export function createDocumentStore({ env = noData, defer }: DocumentOptions = {}): StoreApi<DocumentState> {
  let checker = createChecker(registry, env);
  let history: History<Snapshot> = emptyHistory;
  let saved = emptyDocument;
  let cost = Number.POSITIVE_INFINITY;

  return createStore<DocumentState>((set, get) => {
    const check = (document: NetloomDocument): Checked => {
      const start = performance.now();
      const checked = checker.check(document);
      cost = performance.now() - start;
      return checked;
    };

    const late =
      defer &&
      createLateCheck({
        defer,
        check,
        cost: () => cost,
        now: get,
        look: (checked) => checked.view(openGraph(get())),
        tell: (checked, stale) => set({ checked, stale }),
      });
    const settle = () => {
      const { document, stale } = get();
      if (stale) set({ checked: late?.found(document) ?? check(document), stale: false });
    };

    /** Everything that follows from a new document, at a place in it. */
    const show = (document: NetloomDocument, trail: readonly string[], selection: Selection, when: "now" | "late" = "late"): void => {
      const later = when === "late" ? late : undefined;
      const place = existingTrail(document, trail);
      set((state) => {
        const stale = state.stale || !sameToChecker(document, state.document);
        return {
          document,
          trail: same(place, state.trail) ? state.trail : place,
          selection: same(place, trail) ? existingSelection(document, place, selection) : nothing,
          stale: stale && later !== undefined,
          checked: stale && later === undefined ? check(document) : state.checked,
          edited: document !== saved,
          revision: state.revision + 1,
          undoLabel: history.past.at(-1)?.label,
          redoLabel: history.future.at(-1)?.label,
        };
      });
      if (later && get().stale) later.ask();
    };

    const travel = (go: typeof undo<Snapshot>) => {
      const { document, trail, selection } = get();
      const to = go(history, { document, trail });
      if (!to) return;
      history = to.history;
      show(to.state.document, to.state.trail, same(to.state.trail, trail) ? selection : nothing);
    };

    return {
      document: emptyDocument,
      checked: check(emptyDocument),
      stale: false,
      env,
      trail: [],
      selection: nothing,
      undoLabel: undefined,
      redoLabel: undefined,
      file: undefined,
      edited: false,
      revision: 0,
      session: 0,

      edit(label, change, options) {
        const { document, trail, selection } = get();
        const next = change(document);
        if (next === document) return;
        history = record(history, label, { document, trail }, options?.merge);
        show(next, trail, selection);
      },
      undo: () => travel(undo),
      redo: () => travel(redo),
      open(document, file, options) {
        history = emptyHistory;
        saved = options?.edited ? emptyDocument : document;
        late?.forget();
        set((state) => ({ file, session: state.session + 1 }));
        show(document, [], nothing, size(document) > checkedAtOnce ? "late" : "now");
      },
      markSaved(file, document = get().document) {
        saved = document;
        set((state) => ({ file: file ?? state.file, edited: state.document !== saved }));
      },
      select(nodes, edges = []) {
        const { selection } = get();
        if (!same(selection.nodes, nodes) || !same(selection.edges, edges)) set({ selection: { nodes, edges } });
      },
      enter(block) {
        const { document, trail } = get();
        if (!document.blocks?.[block] || trail.at(-1) === block) return;
        const at = trail.indexOf(block);
        set({ trail: at < 0 ? [...trail, block] : trail.slice(0, at + 1), selection: nothing });
      },
      leave(depth) {
        const { trail } = get();
        if (depth < trail.length) set({ trail: trail.slice(0, Math.max(0, depth)), selection: nothing });
      },
      setEnv(next) {
        checker = createChecker(registry, next);
        late?.forget();
        set({ env: next, checked: check(get().document), stale: false });
      },
      settle,
    };
  });
}

/** The name of the open graph. */
export const openGraph = (state: Pick<DocumentState, "trail">): string => state.trail.at(-1) ?? "";

const size = (document: NetloomDocument): number =>
  Object.values(document.blocks ?? {}).reduce((total, block) => total + block.nodes.length, document.nodes.length);

const same = (a: readonly string[], b: readonly string[]): boolean => a === b || (a.length === b.length && a.every((item, i) => item === b[i]));

/** The trail up to the first block that is gone. */
function existingTrail(document: NetloomDocument, trail: readonly string[]): readonly string[] {
  const gone = trail.findIndex((block) => !document.blocks?.[block]);
  return gone < 0 ? trail : trail.slice(0, gone);
}

/** The selection without what is gone. */
function existingSelection(document: NetloomDocument, trail: readonly string[], selection: Selection): Selection {
  if (selection.nodes.length + selection.edges.length === 0) return selection;
  const graph = shownGraph(document, trail.at(-1) ?? "");
  const block = document.blocks?.[trail.at(-1) ?? ""];
  const { nodes } = indexOf(graph);
  const ports = new Set([...(block?.inputs ?? []).map(({ name }) => `in.${name}`), ...(block?.outputs ?? []).map(({ name }) => `out.${name}`)]);
  const edges = new Set(selection.edges.length > 0 ? graph.edges.map(edgeId) : []);
  const keptNodes = selection.nodes.filter((id) => nodes.has(id) || ports.has(id));
  const keptEdges = selection.edges.filter((id) => edges.has(id));
  return keptNodes.length === selection.nodes.length && keptEdges.length === selection.edges.length
    ? selection
    : { nodes: keptNodes, edges: keptEdges };
}

const store = createDocumentStore(typeof requestAnimationFrame === "function" ? { defer: beforeOrAfterFrame } : {});

interface UseDocument extends StoreApi<DocumentState> {
  <T>(select: (state: DocumentState) => T): T;
}

/** The window's document: `useDocument(selector)` in components, `useDocument.getState()` elsewhere. */
export const useDocument: UseDocument = Object.assign(<T>(select: (state: DocumentState) => T): T => useStore(store, select), store);
