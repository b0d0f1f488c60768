import type { HostMethod } from "../src/host/contract.ts";

/** The messages between the page's preload and the main process: a method is asked, an event is told, listening begins. */
export const channels = { call: "netloom:call", event: "netloom:event", listen: "netloom:listen" } as const;

/** The methods that the page gets. A missing one does not compile, and neither does one that Host lacks. */
export const bridged = {
  info: true,
  chooseOpen: true,
  chooseSave: true,
  chooseFolder: true,
  listFolder: true,
  readDocument: true,
  writeDocument: true,
  recent: true,
  forgetRecent: true,
  autosave: true,
  autosaves: true,
  readAutosave: true,
  removeAutosave: true,
  settings: true,
  saveSettings: true,
  listRuns: true,
  createRun: true,
  updateRun: true,
  appendMetrics: true,
  readMetrics: true,
  readRunDocument: true,
  saveCheckpoint: true,
  readCheckpoint: true,
  deleteRun: true,
  listData: true,
  putData: true,
  readData: true,
  removeData: true,
  writeExport: true,
  setWindowState: true,
} as const satisfies Record<HostMethod, true>;
