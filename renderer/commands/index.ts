export { type Command, command, commandTitle, registerCommands, runCommand, useCommands } from "./registry.ts";
