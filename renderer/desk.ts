import type { Host } from "../src/host/contract.ts";
import { runCommand } from "./commands/index.ts";
import { createDataLibrary, useData } from "./data/library.ts";
import { createBackends, useBackend } from "./engine/backends.ts";
import { createEngine } from "./engine/client.ts";
import { createForecaster } from "./engine/forecast-client.ts";
import { lostDevice } from "./engine/gpu-loss.ts";
import { registerFileCommands } from "./files/commands.ts";
import { listenToDrops } from "./files/drop.ts";
import { tabMemory } from "./files/memory.ts";
import { useFiles } from "./files/store.ts";
import { watchWindow } from "./files/window-state.ts";
import { createWorkspace } from "./files/workspace.ts";
import { connectHost } from "./host/connect.ts";
import { webLocks } from "./host/locks.ts";
import { type Services, useServices } from "./host/services.ts";
import { createRunLibrary } from "./runs/library.ts";
import { useRuns } from "./runs/store.ts";
import { useDocument } from "./stores/document.ts";
import { notify, openDialog, useInterface } from "./stores/interface.ts";
import { registerTrainingCommands } from "./training/commands.ts";
import { forecastStore, startForecasting } from "./training/forecast.ts";
import { createSession, reason } from "./training/session.ts";
import { useSession } from "./training/store.ts";
import { trainedKey } from "./training/trained.ts";

/** Connects the window to its machine and its engine, and finds again what was open. Called once. */
export function startDesk(): void {
  registerFileCommands();
  registerTrainingCommands();
  listenToDrops();
  connectHost()
    .then(start)
    .catch((error: unknown) => {
      useServices.setState({ fault: reason(error) });
      notify({ tone: "bad", text: `Netloom could not be connected: ${reason(error)}` });
    });
}

async function start(host: Host): Promise<void> {
  const info = await host.info();
  const liveness = webLocks();
  const engine = createEngine({ base: new URL(".", window.document.baseURI).href, readUser: (name) => host.readData(name) });
  const session = createSession({ host, engine: engine.api, store: useSession, runs: useRuns, liveness, notify });
  const services: Services = {
    host,
    info,
    engine,
    session,
    backends: createBackends({ host, engine: engine.api, store: useBackend, machine: `${navigator.userAgent} ${navigator.hardwareConcurrency}` }),
    runs: createRunLibrary({ host, store: useRuns, liveness }),
    data: createDataLibrary({ host, engine: engine.api, store: useData, setEnv: useDocument.getState().setEnv }),
    workspace: createWorkspace({
      host,
      nativeDialogs: info.nativeDialogs,
      documents: useDocument,
      files: useFiles,
      liveness,
      memory: tabMemory(storageOf(window)),
      notify,
      dismiss: useInterface.getState().dismiss,
      openDialog,
      shownRun: () => useSession.getState().run?.id,
    }),
  };
  useServices.setState({ services, fault: undefined });
  startForecasting({ store: forecastStore, documents: useDocument, backends: useBackend, data: useData, forecaster: createForecaster() });

  engine.onDeath((message) => {
    session.onEngineDeath(message);
    void services.data.refresh();
    void services.backends.prepare();
  });
  // A lost graphics device is got again with a new worker, and the run goes on from its last checkpoint.
  let recoveredAt: string | undefined;
  useSession.subscribe((state, before) => {
    if (state.state === before.state || !lostDevice(state)) return;
    engine.restart("The graphics device was lost.");
    // A device that is lost again before the next checkpoint would be lost for ever.
    const at = `${state.run?.id} ${state.run?.checkpointStep}`;
    if (at === recoveredAt) {
      notify({ tone: "bad", text: "The graphics device was lost again at once. Choose another backend or a smaller batch, then resume." });
      return;
    }
    recoveredAt = at;
    notify({ tone: "info", text: "The graphics device was lost. The run goes on from its last checkpoint on a new one." });
    void session.resume();
  });
  host.onEvent((event) => {
    if (event.kind === "command") runCommand(event.command);
    else services.workspace.onEvent(event);
  });
  // The desk shows runs of the open document; one that trains goes on, and says that it belongs to another graph.
  let opened = useDocument.getState().session;
  useDocument.subscribe((state, before) => {
    if (state.session === opened || state.revision === before.revision) return;
    opened = state.session;
    const { live, trainedKey: trained } = useSession.getState();
    if (!live && trained !== undefined && trained !== trainedKey(state.document)) void session.clear();
  });
  watchWindow(host, info, services.workspace, () => void session.save());

  const data = services.data.refresh();
  await services.runs.refresh();
  const shown = await services.workspace.start();
  if (shown !== undefined) await session.show(shown).catch(() => undefined);
  await data;
  await services.backends.prepare();
}

/** The tab's storage; none where the browser forbids it. */
function storageOf(page: Window): Storage | undefined {
  try {
    return page.sessionStorage;
  } catch {
    return undefined;
  }
}
