import * as Comlink from "comlink";
import type { Forecast, ForecastApi, ForecastRequest } from "./api.ts";

/** Predictions as the page sees them. */
export interface Forecaster {
  /**
   * Predicts; who asks again calls the question before off. @returns undefined if it was called off, if the document cannot be
   * trained, or if it could not be predicted: a prediction that fails stands in nobody's way
   */
  ask(request: ForecastRequest): Promise<Forecast | undefined>;
  /** Calls off what was asked; a worker that does not come back soon is ended. */
  cancel(): void;
  dispose(): void;
}

export interface ForecasterOptions {
  readonly makeWorker?: () => Worker;
  /** Milliseconds in which a worker may finish what nobody waits for any more. To end it costs loading it again. */
  readonly patience?: number;
}

const forecastWorker = (): Worker =>
  new Worker(new URL("../worker/forecast.worker.ts", import.meta.url), { type: "module", name: "netloom-forecast" });

interface Living {
  readonly remote: Comlink.Remote<ForecastApi>;
  /** Resolves when this worker is given up. */
  readonly gone: Promise<undefined>;
  end(): void;
}

/** Nothing is started before the first question. One question is worked on at a time, and of those that wait only the last one is. */
export function createForecaster({ makeWorker = forecastWorker, patience = 1000 }: ForecasterOptions = {}): Forecaster {
  let living: Living | undefined;
  let turn = 0;
  let busy: Promise<unknown> = Promise.resolve();
  let working = false;

  function start(): Living {
    const worker = makeWorker();
    let gone: (value: undefined) => void = () => undefined;
    const over = new Promise<undefined>((resolve) => {
      gone = resolve;
    });
    const end = () => {
      worker.terminate();
      if (living === mine) living = undefined;
      gone(undefined);
    };
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end();
    });
    worker.addEventListener("messageerror", end);
    const mine: Living = { remote: Comlink.wrap<ForecastApi>(worker), gone: over, end };
    return mine;
  }

  const predict = async (request: ForecastRequest): Promise<Forecast | undefined> => {
    living ??= start();
    const { remote, gone } = living;
    working = true;
    try {
      return await Promise.race([remote.forecast(request), gone]);
    } catch {
      return undefined;
    } finally {
      working = false;
    }
  };

  const cancel = (): void => {
    turn++;
    if (!working) return;
    const { end } = living ?? {};
    const limit = setTimeout(() => end?.(), patience);
    void busy.then(() => clearTimeout(limit));
  };

  return {
    async ask(request) {
      cancel();
      const mine = turn;
      await busy;
      if (mine !== turn) return undefined;
      const answer = predict(request);
      busy = answer;
      const forecast = await answer;
      return mine === turn ? forecast : undefined;
    },
    cancel,
    dispose() {
      turn++;
      living?.end();
    },
  };
}
