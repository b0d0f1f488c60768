import * as tf from "@tensorflow/tfjs-core";
import { layerFaults, prepareAgainstReference } from "./catalogue.ts";
import { replayFaults } from "./training.ts";

const bundled = async (name: string) => new Uint8Array(await (await fetch(`/data/${name}`)).arrayBuffer());

/** What tests ask of the page, on WebGL. */
const inPage = {
  prepare: () => prepareAgainstReference("webgl", {}),
  layerFaults: (type: string, variations: number) => layerFaults(type, "webgl", variations),
  async replayFaults(text: string, steps: number, batch: number) {
    await tf.setBackend("webgl");
    return replayFaults(text, bundled, steps, batch);
  },
  /** 1 + 2 + … + count, of so many tensors, and how many tensors that leaves behind. */
  async sumOfCounting(count: number) {
    await tf.setBackend("webgl");
    const before = tf.engine().backend.numDataIds();
    const total = tf.tidy(() => tf.addN(Array.from({ length: count }, (_, i) => tf.fill([2], i + 1))));
    const [sum = Number.NaN] = await total.data();
    total.dispose();
    return { sum, left: tf.engine().backend.numDataIds() - before };
  },
};
export type InPage = typeof inPage;

Object.assign(globalThis, { netloom: inPage });
