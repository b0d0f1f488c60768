import { z } from "zod";
import { f32 } from "../../tensor/types.ts";
import { defineLayer } from "../contract.ts";
import { choice, int, real } from "../params.ts";

/** A number that changes with the steps of the run, from one value to another: the weight of a term that comes in slowly, a fade. */
export const schedule = defineLayer({
  type: "schedule",
  title: "Schedule",
  family: "data",
  book: "15.2.1",
  aliases: ["warm-up", "annealing", "fade in", "ramp", "beta", "step"],
  role: "source",
  params: z.object({
    shape: choice(["linear", "cosine", "step"], { help: "Along a line, along half a cosine, or all at once where it begins." }),
    from: real({ default: 0, help: "Its value before it begins." }),
    to: real({ default: 1, help: "Its value from its end on; also in an exported network." }),
    begin: int({ min: 0, max: 1_000_000_000, default: 0, help: "Steps of the run before it begins to change." }),
    length: int({ min: 1, max: 1_000_000_000, default: 1000, help: "Steps that the change takes." }),
  }),
  inputs: {},
  outputs: ["y"],
  infer: () => ({ y: f32() }),
  schedule({ shape, from, to, begin, length }, step) {
    if (shape === "step") return step < begin ? from : to;
    const share = Math.min(1, Math.max(0, (step - begin) / length));
    return from + (to - from) * (shape === "linear" ? share : (1 - Math.cos(Math.PI * share)) / 2);
  },
  relevant: ({ shape }) => ["shape", "from", "to", "begin", ...(shape === "step" ? [] : ["length"])],
  summary: ({ shape, from, to, begin, length }) =>
    `${from} → ${to} ${shape === "step" ? `at ${begin}` : `over ${length} steps${begin > 0 ? ` from ${begin}` : ""}`}`,
  explain: {
    summary: "A single number that goes from one value to another as the run takes its steps.",
    equation: "y = a + (b-a)\\,\\min\\bigl(1, \\max(0, (t-t_0)/T)\\bigr)",
  },
  examples: [{ inputs: {} }, { params: { shape: "cosine", from: 1, to: 0, begin: 100, length: 50 }, inputs: {} }],
});
