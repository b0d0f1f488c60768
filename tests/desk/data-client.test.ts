import type * as Comlink from "comlink";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { createWorkerData } from "../../renderer/worker/data.ts";
import type { DataWorkerApi } from "../../renderer/worker/data.worker.ts";
import { createDataClient } from "../../renderer/worker/data-client.ts";
import { testReader, utf8 } from "../data/reader.ts";
import { ThreadlessWorker } from "./threadless-worker.ts";

const table = utf8(`size,price\n${Array.from({ length: 10 }, (_, i) => `${i},${1.5 * i}`).join("\n")}\n`);
const pictures = zipSync(
  Object.fromEntries(["a", "b"].flatMap((folder, c) => [0, 1, 2].map((i) => [`${folder}/${i}.jpg`, Uint8Array.of(0xff, 0xd8, 0xff, 100 * c + i)]))),
);

/** A client whose data workers run in this thread, over files that may be changed. */
function clientOf(files: Record<string, Uint8Array>, more: Partial<DataWorkerApi> = {}) {
  const workers: ThreadlessWorker[] = [];
  const count = { decoded: 0 };
  const client = createDataClient(
    "http://localhost/",
    async (name) => {
      const bytes = files[name];
      if (!bytes) throw new Error(`There is no file "${name}" any more.`);
      return bytes.slice();
    },
    () => {
      let readUser: (name: string) => Promise<Uint8Array> = async () => new Uint8Array();
      const data = createWorkerData({
        ...testReader({}, async (bytes) => {
          count.decoded++;
          return { width: 4, height: 4, data: new Uint8Array(64).fill(bytes.at(-1) ?? 0) };
        }),
        user: (name) => readUser(name),
      });
      const worker = new ThreadlessWorker({
        ...data,
        initialise: async (_: string, read: Comlink.Remote<typeof readUser>) => {
          readUser = read;
        },
        ...more,
      });
      workers.push(worker);
      return worker;
    },
  );
  return { client, workers, count };
}

describe("data, seen from the engine's worker", () => {
  it("come from a worker of their own, the person's files through it, and the checker learns of them", async () => {
    const { client, workers } = clientOf({ "flats.csv": table });
    const { entries, unreadable } = await client.datasets(["flats.csv", "gone.csv"]);
    expect(entries.map(({ info }) => info.name)).toEqual(expect.arrayContaining(["mnist1d", "flats.csv"]));
    expect(unreadable).toEqual([{ name: "gone.csv", problems: [{ message: 'There is no file "gone.csv" any more.' }] }]);
    expect(client.env.dataset("flats.csv", { target: "price" })?.counts).toMatchObject({ train: 8, test: 2 });
    const dataset = await client.load({ name: "flats.csv", validation: 0, seed: 1 });
    expect(dataset.splits.train.count).toBe(8);
    expect(workers).toHaveLength(1);
  });

  it("hand over examples in shared memory: the same for whoever loads them", async () => {
    const { client } = clientOf({});
    const [one, two] = await Promise.all([1, 2].map(() => client.load({ name: "iris", validation: 0, seed: 1 })));
    const values = one?.splits.train.ports.x as Float32Array;
    expect(values.buffer).toBeInstanceOf(SharedArrayBuffer);
    values[0] = 42;
    expect(two?.splits.train.ports.x?.[0]).toBe(42);
  });

  it("have a dropped zip decoded once, from its description to runs of any seed", async () => {
    const files: Record<string, Uint8Array> = {};
    const { client, count } = clientOf(files);
    expect(await client.describeFile("p.zip", pictures.slice(), undefined)).toMatchObject({ ok: true, preview: { kind: "images" } });
    files["p.zip"] = pictures;
    for (let i = 0; i < 2; i++) await client.datasets(["p.zip"]);
    await client.samples("p.zip", undefined, "train", 3);
    for (const seed of [1, 2]) await client.load({ name: "p.zip", validation: 0.2, seed });
    expect(count.decoded).toBe(6);
  });

  it("that kill their worker fail in words, and the next question has a new one", async () => {
    const { client, workers } = clientOf({}, { load: () => new Promise(() => undefined) });
    const loading = client.load({ name: "iris", validation: 0, seed: 1 });
    workers[0]?.fail("Out of memory.");
    await expect(loading).rejects.toThrow("Reading data failed. Out of memory.");
    expect(workers[0]?.terminated).toBe(true);
    expect((await client.datasets([])).unreadable).toEqual([]);
    expect(workers).toHaveLength(2);
  });

  it("pack a folder whose pictures share memory", async () => {
    const { client } = clientOf({});
    const memory = new Uint8Array(20);
    const files = ["a/1.png", "b/1.png"].map((path, i) => ({ path, bytes: memory.subarray(10 * i, 10 * i + 10) }));
    expect(await client.packImages(files)).toMatchObject({ ok: true });
  });
});
