/**
 * The networks written by hand in tfjs, on tfjs's WebAssembly backend as it is published. A process of its own: Netloom's backend,
 * which has the same name, is not in it. It is asked and answers as `pytorch.py` does.
 */
import { createInterface } from "node:readline";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { networks } from "./by-hand/networks.ts";
import { type ByHand, openByHand } from "./by-hand/trainer.ts";
import { readFixture } from "./fixture.ts";
import { timeRound } from "./median.ts";

const requestSchema = z.union([z.object({ open: z.string(), path: z.string() }), z.object({ round: z.number() })]);
const isName = (name: string): name is keyof typeof networks => name in networks;

await tf.setBackend("wasm");
let open: ByHand | undefined;
for await (const line of createInterface({ input: process.stdin })) {
  const request = requestSchema.parse(JSON.parse(line));
  console.log(JSON.stringify("open" in request ? start(request.open, request.path) : { ms: open && timeRound(open.step, request.round) }));
}

function start(name: string, path: string) {
  open?.dispose();
  open = undefined;
  if (!isName(name)) return { refused: "is not written by hand" };
  try {
    open = openByHand(name, readFixture(path));
    return { losses: open.check() };
  } catch (error) {
    const [, kernel] = /Kernel '(\w+)' not registered/.exec(String(error)) ?? [];
    if (kernel === undefined) throw error;
    return { refused: `no ${kernel}` };
  }
}
