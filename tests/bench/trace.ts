import type { Browser, Page } from "playwright-core";

/** What the page's main thread did between one frame and the next, from Chromium's own trace. */

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Microseconds that the thread had a processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string; readonly data?: { readonly type?: string } };
}

/** Work that is script, with the layout it forces and the garbage it leaves; style, layout and paint of the frame itself are not. */
const scripting = new Set([
  "EvaluateScript",
  "v8.evaluateModule",
  "v8.compile",
  "FunctionCall",
  "EventDispatch",
  "FireAnimationFrame",
  "FireIdleCallback",
  "TimerFire",
  "RunMicrotasks",
  "MinorGC",
  "MajorGC",
  "BlinkGC.AtomicPhase",
]);
/** Microseconds. Where there is nothing to draw no frame begins; what such a pause keeps apart would not have shared one. */
const pause = 1e6 / 60;
/** The main thread turns to the next frame: input that waited is handed out, then animation frames, style, layout. */
const frameBegins = "BeginMainThreadFrame";

export interface Traced {
  /** Milliseconds of processor time spent in script in each frame that had any: waiting for a busy machine does not count. */
  readonly frames: readonly number[];
  /** Milliseconds of processor time in each `input` event: what the page does before the letter just typed can be drawn. */
  readonly inputs: readonly number[];
}

/** Runs `act` on the page under a trace. */
export async function traceFrames(browser: Browser, page: Page, act: () => Promise<void>): Promise<Traced> {
  await browser.startTracing(page, {
    categories: ["-*", "devtools.timeline", "disabled-by-default-devtools.timeline.frame", "devtools.timeline.frame", "v8", "blink", "__metadata"],
  });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
  return framesOf(traceEvents);
}

/** The trace's main thread, cut where frames begin. */
export function framesOf(events: readonly TraceEvent[]): Traced {
  const main = mainThread(events);
  const mine = events.filter((event) => `${event.pid} ${event.tid}` === main);
  const begins = mine
    .filter(({ name }) => name === frameBegins)
    .map(({ ts }) => ts)
    .sort((a, b) => a - b);
  const work = outermost(mine.filter(({ name, ph, dur }) => ph === "X" && dur !== undefined && scripting.has(name)));
  const frames = new Map<number, number>();
  let frame = 0;
  let pauses = 0;
  let end = Number.POSITIVE_INFINITY;
  for (const { ts, dur = 0, tdur } of work) {
    if (ts - end > pause) pauses += 1;
    while (frame < begins.length && (begins[frame] ?? 0) <= ts) frame += 1;
    const key = frame + pauses * begins.length;
    frames.set(key, (frames.get(key) ?? 0) + spentIn({ dur, tdur }));
    end = ts + dur;
  }
  const inputs = mine.filter(({ name, ph, args }) => name === "EventDispatch" && ph === "X" && args?.data?.type === "input");
  return { frames: [...frames.values()], inputs: inputs.map(spentIn) };
}

/** Milliseconds of processor time. The kernel books some of it late, to a shorter event: none can have had more than it lasted. */
const spentIn = ({ dur = 0, tdur = dur }: Pick<TraceEvent, "dur" | "tdur">): number => Math.min(tdur, dur) / 1000;

/** The thread with the most scripting: a page's main thread is called the same in every process. */
function mainThread(events: readonly TraceEvent[]): string {
  const mains = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`);
  const spent = new Map(mains.map((thread) => [thread, 0]));
  for (const { pid, tid, name, dur } of events) {
    const before = spent.get(`${pid} ${tid}`);
    if (before !== undefined && scripting.has(name)) spent.set(`${pid} ${tid}`, before + (dur ?? 0));
  }
  return [...spent].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

/** Events that no other holds, in order. */
function outermost(events: readonly TraceEvent[]): readonly TraceEvent[] {
  let end = 0;
  return events
    .toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))
    .filter(({ ts, dur = 0 }) => {
      if (ts < end) return false;
      end = ts + dur;
      return true;
    });
}
