import * as Comlink from "comlink";
import type { ForecastApi } from "../engine/api.ts";
import { forecast } from "./forecast.ts";

/** The worker that predicts memory (`engine/forecast-client.ts` starts it): a run in training never waits for it. */
const api: ForecastApi = { forecast };

Comlink.expose(api);
