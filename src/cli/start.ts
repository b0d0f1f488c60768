import { startApp } from "./electron.ts";
import { processTerminal } from "./terminal.ts";

/** `npm start`: the Electron window, or the same app in a browser where Electron cannot be had. */
process.exitCode = await startApp(process.argv.slice(2), processTerminal());
