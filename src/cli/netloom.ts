#!/usr/bin/env node
import { runCommand } from "./main.ts";
import { processTerminal } from "./terminal.ts";

/** The program `netloom`: this process's arguments, terminal and exit code. */
process.exitCode = await runCommand(process.argv.slice(2), processTerminal());
