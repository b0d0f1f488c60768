import { expect, test } from "vitest";
import { createDataLibrary, createDataStore } from "../../renderer/data/library.ts";
import type { DatasetEntry } from "../../renderer/engine/api.ts";
import type { InferEnv } from "../../src/layers/contract.ts";
import type { DatasetInfo } from "../../src/tensor/dataset.ts";

const info = (about: string): DatasetInfo => ({
  name: "flowers.csv",
  title: "flowers.csv",
  about,
  ports: {},
  counts: { train: 1, validation: 0, test: 1 },
});

test("the checker learns which columns of a person's table may be predicted, and why a file is of no use", async () => {
  let env: InferEnv | undefined;
  const entry: DatasetEntry = { info: info("guessed"), user: true, byTarget: { kind: info("kind"), width: info("width") } };
  const library = createDataLibrary({
    host: { listData: async () => [], putData: async () => undefined, removeData: async () => undefined },
    engine: { datasets: async () => ({ entries: [entry], unreadable: [{ name: "ragged.csv", problems: [{ line: 3, message: "Two fields." }] }] }) },
    store: createDataStore(),
    setEnv: (next) => {
      env = next;
    },
  });
  await library.refresh();
  expect(env?.dataset("flowers.csv")?.about).toBe("guessed");
  expect(env?.dataset("flowers.csv", { target: "width" })?.about).toBe("width");
  expect(env?.dataset("flowers.csv", { target: "height" })).toBeUndefined();
  expect(env?.datasetTargets?.("flowers.csv")).toEqual(["kind", "width"]);
  expect(env?.datasetFault?.("ragged.csv")).toBe("line 3: Two fields.");
  expect(env?.datasetFault?.("flowers.csv")).toBeUndefined();
});
