import { arrangeCommands } from "./arrange.ts";
import { blockCommands } from "./blocks.ts";
import { canvasCommands } from "./canvas.ts";
import { editCommands, listenToClipboard } from "./edit.ts";
import { listenToKeys } from "./keys.ts";
import { registerCommands } from "./registry.ts";
import { viewCommands } from "./view.ts";

export { type Command, command, commandTitle, registerCommands, runCommand, useCommands } from "./registry.ts";

/** Registers what the editor can do and listens to keys and clipboard. Returns how to stop. */
export function startCommands(): () => void {
  const stops = [
    registerCommands([...canvasCommands, ...editCommands, ...blockCommands, ...arrangeCommands, ...viewCommands]),
    listenToKeys(),
    listenToClipboard(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
