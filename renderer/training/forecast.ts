import { useEffect } from "react";
import { type StoreApi, useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { writeDocument } from "../../src/document/write.ts";
import type { DataData } from "../data/library.ts";
import type { Forecast } from "../engine/api.ts";
import type { BackendData } from "../engine/backends.ts";
import type { Forecaster } from "../engine/forecast-client.ts";
import type { DocumentState } from "../stores/document.ts";
import { whenIdle } from "../stores/idle.ts";
import { planFault } from "./plan-fault.ts";

/** The memory that the open document would need, predicted a moment after an edit while somebody looks. */
export interface ForecastData {
  /** Of the document as it is, or, while `pending`, of the one before; undefined if it cannot be trained, or is not known yet. */
  readonly forecast: Forecast | undefined;
  readonly pending: boolean;
  /** Places on the page that show it. */
  readonly viewers: number;
}

export const createForecastStore = (): StoreApi<ForecastData> =>
  createStore<ForecastData>(() => ({ forecast: undefined, pending: false, viewers: 0 }));

const store = createForecastStore();
export const forecastStore: StoreApi<ForecastData> = store;

/** The forecast, kept up to date as long as the component is there. */
export function useForecast(): ForecastData {
  useEffect(() => {
    store.setState(({ viewers }) => ({ viewers: viewers + 1 }));
    return () => store.setState(({ viewers }) => ({ viewers: viewers - 1 }));
  }, []);
  return useStore(store);
}

export interface ForecastingOptions {
  readonly store: StoreApi<ForecastData>;
  readonly documents: StoreApi<DocumentState>;
  readonly backends: StoreApi<BackendData>;
  readonly data: StoreApi<DataData>;
  readonly forecaster: Forecaster;
  /** Milliseconds without an edit before anything is asked. */
  readonly rest?: number;
}

/** Keeps the store's forecast that of the open document. Edits never wait for it; what was asked for an older document is called off. */
export function startForecasting({ store, documents, backends, data, forecaster, rest = 500 }: ForecastingOptions): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let callOff: (() => void) | undefined;
  /** The forecast is not that of what there is now. */
  let due = true;
  let turn = 0;

  const quiet = (): void => {
    turn++;
    clearTimeout(timer);
    callOff?.();
    forecaster.cancel();
  };

  const ask = async (): Promise<void> => {
    const { document, checked } = documents.getState();
    const { report, preferred } = backends.getState();
    due = false;
    const mine = turn;
    if (!checked.ok || document.nodes.length === 0 || report === undefined || planFault(document, checked) !== undefined) {
      store.setState({ forecast: undefined, pending: false });
      return;
    }
    const forecast = await forecaster.ask({
      document: writeDocument(document),
      user: data.getState().entries.filter(({ user }) => user),
      measured: report.measured,
      ...(preferred !== undefined && { preferred }),
    });
    if (mine === turn) store.setState({ forecast, pending: false });
  };

  const schedule = (): void => {
    quiet();
    due = true;
    if (store.getState().viewers === 0) return;
    store.setState({ pending: true });
    timer = setTimeout(() => {
      callOff = whenIdle(() => void ask());
    }, rest);
  };

  const stops = [
    documents.subscribe((state, before) => {
      if (state.session !== before.session) store.setState({ forecast: undefined });
      if (state.checked !== before.checked || state.document.training !== before.document.training) schedule();
    }),
    backends.subscribe((state, before) => {
      if (state.report !== before.report || state.preferred !== before.preferred) schedule();
    }),
    data.subscribe((state, before) => {
      if (state.entries !== before.entries) schedule();
    }),
    store.subscribe(({ viewers }, before) => {
      if (viewers === before.viewers) return;
      if (viewers > 0 && before.viewers === 0 && due) schedule();
      if (viewers === 0 && store.getState().pending) {
        quiet();
        due = true;
      }
    }),
  ];
  if (store.getState().viewers > 0) schedule();
  return () => {
    quiet();
    for (const stop of stops) stop();
  };
}
