import { create } from "zustand";
import type { AnalysisResult } from "../../src/analysis/types.ts";
import type { Analysis } from "../../src/document/schema.ts";
import { writeDocument } from "../../src/document/write.ts";
import type { AnalysisOutcome } from "../engine/api.ts";
import { useServices } from "../host/services.ts";
import { useDocument } from "../stores/document.ts";
import { reason } from "../training/session.ts";
import { useSession } from "../training/store.ts";
import { trainedKey } from "../training/trained.ts";

/** What is known of one analysis, by its settings as text: another setting is another analysis. */
export type Look =
  | { readonly state: "running"; readonly done: number }
  | { readonly state: "done"; readonly result: AnalysisResult; readonly weights: string }
  | { readonly state: "failed"; readonly message: string; readonly node?: string };

interface Looks {
  readonly looks: Readonly<Record<string, Look>>;
}

/** Results stay until another document is opened, or the same analysis is made again. */
export const useLooks = create<Looks>()(() => ({ looks: {} }));

useDocument.subscribe(({ session }, before) => {
  if (session === before.session) return;
  if (running() !== undefined) giveUp();
  useLooks.setState({ looks: {} });
});

export const lookKey = (analysis: Analysis): string => JSON.stringify(analysis);

/** What is found of a document, as long as it is the open one. */
const putFor = (document: number) => (key: string, look: Look | undefined) => {
  if (useDocument.getState().session === document) put(key, look);
};
const put = (key: string, look: Look | undefined) =>
  useLooks.setState(({ looks }) => {
    const { [key]: _, ...others } = looks;
    return { looks: look ? { ...others, [key]: look } : others };
  });

/** The run whose weights are looked at: the shown one, while the document is still the one it trains. */
export const lookedAtRun = (): { readonly id: string; readonly name: string } | undefined => {
  const { run, trainedKey: trained } = useSession.getState();
  return run && trained === trainedKey(useDocument.getState().document) ? run : undefined;
};

/** Makes an analysis of the open document: with the shown run's weights, or with first weights if none belongs to it. */
export async function look(analysis: Analysis): Promise<void> {
  const { services } = useServices.getState();
  const key = lookKey(analysis);
  if (services === undefined || running() !== undefined) return;
  const tell = putFor(useDocument.getState().session);
  tell(key, { state: "running", done: 0 });
  const run = lookedAtRun();
  const outcome = await (async (): Promise<AnalysisOutcome> => {
    const request = { document: writeDocument(useDocument.getState().document), analysis };
    const told = (done: number) => tell(key, { state: "running", done });
    if (run === undefined) return services.engine.api.analyse(request, told);
    await services.session.save();
    const checkpoint = await services.host.readCheckpoint(run.id);
    return services.engine.api.analyse({ ...request, ...(checkpoint && { checkpoint }) }, told);
  })().catch((error: unknown): AnalysisOutcome => ({ ok: false, message: reason(error) }));
  if (outcome.ok)
    tell(key, { state: "done", result: outcome.result, weights: run ? `weights of ${run.name}` : "first weights, before any training" });
  else if (outcome.cancelled) tell(key, undefined);
  else tell(key, { state: "failed", message: outcome.message, ...(outcome.node !== undefined && { node: outcome.node }) });
}

/** The settings, as text, of the analysis that is being made. */
export const running = (): string | undefined => Object.entries(useLooks.getState().looks).find(([, { state }]) => state === "running")?.[0];

export const giveUp = (): void => void useServices.getState().services?.engine.api.cancelAnalysis();
