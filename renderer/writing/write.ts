import { writeDocument } from "../../src/document/write.ts";
import type { Piece } from "../../src/generation/writer.ts";
import { nextToken } from "../../src/graph/next-token.ts";
import type { WritingEvent, WritingOutcome, WritingRequest } from "../engine/api.ts";
import { type Services, useServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { formatCount } from "../training/format.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";
import { useWriting } from "./store.ts";

/** The open document says which token of a text comes next. */
export const useWrites = (): boolean => useDocument((state) => nextToken(state.checked) !== undefined);

/** Why nothing can be written now, in words. */
export function writingFault(session: { readonly state: string; readonly live: boolean }): string | undefined {
  if (session.state === "starting") return "The run is being prepared.";
  if (session.live && session.state === "running") return "Pause the run to write with it.";
  return undefined;
}

type Weights = Pick<WritingRequest, "document" | "key"> & { readonly checkpoint?: Uint8Array; readonly by: string };

/** The shown run's latest weights and its own document; without a run the open document, untrained. */
async function chooseWeights({ host, session }: Services): Promise<Weights> {
  const { run, live } = useSession.getState();
  if (run === undefined) {
    const document = writeDocument(useDocument.getState().document);
    return { document, key: document, by: "untrained weights" };
  }
  if (live) await session.save();
  const [document, checkpoint] = await Promise.all([host.readRunDocument(run.id), host.readCheckpoint(run.id)]);
  if (checkpoint === null) throw new Error(`${run.name} has no weights on the disk yet. Train it a little further.`);
  const step = useSession.getState().run?.checkpointStep ?? run.step;
  return { document, checkpoint, key: `${run.id} ${step}`, by: `${run.name}, step ${formatCount(step)}` };
}

/** Lets the network write on from the prompt; what stood before gives way. */
export async function startWriting(): Promise<void> {
  const { services } = useServices.getState();
  const { settings, busy } = useWriting.getState();
  if (services === undefined || busy || writingFault(useSession.getState()) !== undefined) return;
  stopAsked = false;
  useWriting.setState({ busy: true, prompt: settings.prompt, pieces: [], facts: undefined, outcome: undefined, by: "" });
  const arriving = gather((from, pieces) => useWriting.setState((state) => ({ pieces: [...state.pieces.slice(0, from), ...pieces] })));
  const onEvent = (event: WritingEvent) => {
    if (event.kind === "ready") useWriting.setState({ facts: event.facts });
    else arriving.add(event.from, event.pieces);
  };
  let outcome: WritingOutcome;
  try {
    const { by, ...weights } = await chooseWeights(services);
    if (stopAsked) {
      useWriting.setState({ busy: false });
      return;
    }
    useWriting.setState({ by });
    const { stop, ...request } = settings;
    outcome = await services.engine.api.write({ ...request, ...weights, stops: stop === "" ? [] : [stop.replaceAll("\\n", "\n")] }, onEvent);
  } catch (error) {
    outcome = { ok: false, message: reason(error) };
  }
  arriving.flush();
  useWriting.setState({ busy: false, outcome });
}

/** Stop was pressed, maybe before the worker knew of any text. */
let stopAsked = false;

export function stopWriting(): void {
  stopAsked = true;
  void useServices
    .getState()
    .services?.engine.api.stopWriting()
    .catch(() => undefined);
}

/** Puts pieces together and passes them on once a frame: networks write faster than a screen shows. */
function gather(show: (from: number, pieces: readonly Piece[]) => void) {
  let waiting: { readonly from: number; readonly pieces: readonly Piece[] } | undefined;
  let frame: number | undefined;
  const flush = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    frame = undefined;
    if (waiting) show(waiting.from, waiting.pieces);
    waiting = undefined;
  };
  return {
    flush,
    add(from: number, pieces: readonly Piece[]) {
      const before = waiting;
      waiting =
        before && from >= before.from ? { from: before.from, pieces: [...before.pieces.slice(0, from - before.from), ...pieces] } : { from, pieces };
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        flush();
      });
    },
  };
}
