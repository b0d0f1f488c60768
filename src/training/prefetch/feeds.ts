import type { Feed } from "../../compiler/plan.ts";
import { isShared } from "../../data/shared.ts";
import type { Taking } from "../../graph/stages.ts";
import type { Dataset } from "../../tensor/dataset.ts";
import { concreteShape, elementsPerExample } from "../../tensor/types.ts";
import { type DataFeeds, type Drawing, type RawFeed, upload } from "../feeds.ts";
import { turnAt } from "../turns.ts";
import { createRing, readRing } from "./ring.ts";
import type { BatchPiece, BatchTask, StartBatchThread } from "./task.ts";

/**
 * Bytes of a batch from which a thread pays. Taking a batch from the ring costs 10 to 30 microseconds whatever its size, most of
 * it waking the thread; gathering costs as much for 16 to 64 KiB, and 80 to 120 for 128 KiB (`npm run bench -- batches`).
 */
const leastBytes = 128 * 1024;
/** Bounds of the ring: batches that are fetched ahead, and bytes of all. */
const most = { slots: 4, bytes: 128 * 1024 * 1024 } as const;

export interface PrefetchOptions {
  /** What the run does without a thread, and with it for all that the thread does not bring. */
  readonly feeds: DataFeeds;
  readonly datasets: ReadonlyMap<string, Dataset>;
  readonly drawing: Drawing;
  readonly phases: readonly (Taking & { readonly feeds: readonly Feed[] })[];
  /** Steps in the whole run. */
  readonly steps: number;
  readonly start: StartBatchThread;
  /** Told once, in words for people, if the thread dies before the run is over. */
  readonly warn?: (message: string) => void;
  /** Bytes of a batch from which a thread is started; `leastBytes` if absent. */
  readonly least?: number;
}

/** Feeds whose training batches another thread prepares while this one trains; dispose of them. */
export interface PrefetchedFeeds extends DataFeeds {
  dispose(): void;
}

/**
 * Has training batches prepared ahead on another thread; the same numbers, to the last bit. Undefined where that does not pay:
 * batches below `leastBytes`, so large that two do not fit the ring, or of data that are not in shared memory.
 */
export function prefetchFeeds({
  feeds,
  datasets,
  drawing,
  phases,
  steps,
  start,
  warn,
  least = leastBytes,
}: PrefetchOptions): PrefetchedFeeds | undefined {
  const plans = phases.map((phase) => planPieces(phase.feeds, datasets, drawing));
  const slotBytes = Math.max(0, ...plans.map(({ bytes }) => bytes));
  const slots = Math.min(most.slots, Math.floor(most.bytes / slotBytes));
  if (slotBytes < least || slots < 2) return undefined;
  const ring = createRing(slots, slotBytes);
  const task: BatchTask = {
    ring,
    steps,
    orders: [...new Set(drawing.orders.values())],
    phases: phases.map(({ steps: inTurn, begin, end }, i) => ({
      steps: inTurn,
      ...(begin !== undefined && { begin }),
      ...(end !== undefined && { end }),
      pieces: plans[i]?.pieces.map(({ piece }) => piece) ?? [],
    })),
  };
  /** What each slot holds in the turn of each phase, by key. */
  const views = Array.from({ length: slots }, (_, slot) =>
    plans.map(({ pieces }) => new Map(pieces.map(({ feed, piece }) => [feed.key, viewOf(feed, piece, ring.slots, slot * slotBytes, drawing.batch)]))),
  );
  const reader = readRing(ring);
  let living = true;
  const stop = start(task, (reason) => {
    if (living) warn?.(obituary(reason));
    living = false;
  });
  const trainingValues = (wanted: readonly Feed[], step: number): readonly RawFeed[] => {
    const slot = reader.take(step);
    const there = slot === undefined ? undefined : views[slot]?.[turnAt(phases, step).phase];
    if (there === undefined) return feeds.trainingValues(wanted, step);
    // All others at once: the ports of a batch of graphs are made together.
    const others = wanted.filter(({ key }) => !there.has(key));
    const rest = new Map((others.length > 0 ? feeds.trainingValues(others, step) : []).map((feed) => [feed.key, feed]));
    return wanted.flatMap(({ key }) => there.get(key) ?? rest.get(key) ?? []);
  };
  return {
    ...feeds,
    trainingValues,
    training: (wanted, step) => upload(trainingValues(wanted, step), feeds.batch),
    dispose() {
      living = false;
      reader.close();
      stop();
    },
  };
}

const obituary = (reason: string | undefined): string =>
  `The thread that prepares batches ended${reason ? ` (${reason.trim().replace(/\.$/, "")})` : ""}. The run goes on with the same numbers and gathers each batch itself: steps may be slower.`;

interface Plan {
  readonly pieces: readonly { readonly feed: Feed; readonly piece: BatchPiece }[];
  readonly bytes: number;
}

/** Places the ports of a phase's batch one after the other in a slot. */
function planPieces(feeds: readonly Feed[], datasets: ReadonlyMap<string, Dataset>, { batch, orders }: Drawing): Plan {
  const known = [...new Set(orders.values())];
  const pieces: { feed: Feed; piece: BatchPiece }[] = [];
  let offset = 0;
  for (const feed of feeds) {
    const data = datasets.get(feed.path)?.splits.train;
    const values = data?.graphs ? undefined : data?.ports[feed.port];
    const order = orders.get(feed.path);
    if (values === undefined || order === undefined || !isShared(values)) continue;
    const elements = elementsPerExample(feed.type.shape);
    pieces.push({ feed, piece: { values, elements, order: known.indexOf(order), offset } });
    offset += Math.ceil((batch * elements * values.BYTES_PER_ELEMENT) / 16) * 16;
  }
  return { pieces, bytes: offset };
}

function viewOf({ key, type }: Feed, { values, elements, offset }: BatchPiece, slots: SharedArrayBuffer, slot: number, batch: number): RawFeed {
  const size = batch * elements;
  return {
    key,
    values: values instanceof Float32Array ? new Float32Array(slots, slot + offset, size) : new Int32Array(slots, slot + offset, size),
    shape: concreteShape(type.shape, { batch }),
    dtype: type.dtype,
  };
}
