import { prepareBackend } from "../../src/backends/backends.ts";
import type { Fixture } from "./fixture.ts";
import { race } from "./gpu-race.ts";
import type { WorkloadName } from "./workloads.ts";

const bundled = async (name: string) => new Uint8Array(await (await fetch(`/data/${name}`)).arrayBuffer());

/** What the benchmark asks of the page. Typed arrays come as plain ones. */
Object.assign(globalThis, {
  async raceOnWebgl(name: WorkloadName, text: string, fixture: Fixture) {
    await prepareBackend("webgl");
    return race(name, text, fixture, bundled);
  },
});
