import { prepareBackend } from "../backends/backends.ts";
import { nodeKernels } from "../backends/node.ts";
import { compile } from "../compiler/compile.ts";
import { loadDataset } from "../data/load.ts";
import { createWriter, type Writer } from "../generation/writer.ts";
import { nextToken } from "../graph/next-token.ts";
import { findInstallation } from "../host/install.ts";
import type { RunFolder } from "../host/run-folder.ts";
import { datasetOptions } from "../layers/data/dataset.ts";
import type { SafetensorF32 } from "../tensor/safetensors.ts";
import { sourceOf } from "./checked.ts";
import { Failure, type Terminal } from "./command.ts";
import { trainedModel } from "./trained-model.ts";
import { commandData } from "./user-data.ts";

/** A kept run's network, ready to write. Its text is read again, for that says what its tokens are. @throws Failure */
export async function openWriter(run: RunFolder, cache: boolean, terminal: Terminal): Promise<Writer> {
  const record = await run.record();
  const { checked, weights } = await trainedModel(run, terminal);
  const next = nextToken(checked);
  if (!next)
    throw new Failure(
      `${record.name} does not say which token comes next. Its document needs an output node with a number for each token at each place of a text, made from that text alone.`,
    );
  const params = checked.nodes[checked.byPath.get(next.data) ?? -1]?.params ?? {};
  const { reader, files } = commandData(sourceOf(record, run.path), terminal.environment);
  try {
    const request = { name: String(params.name), options: datasetOptions(params), validation: 0, seed: record.seed };
    const { coding, hash } = await loadDataset(request, reader, files);
    if (!coding) throw new Failure(`${request.name} is not a text with tokens that a prompt can be turned into.`);
    if (record.dataHash !== "" && hash !== record.dataHash && checked.nodes.filter(({ layer }) => layer.type === "dataset").length === 1)
      terminal.error(`The text has changed since ${record.name} was trained: its tokens may mean something else now.\n`);
    await prepareBackend("wasm", { kernels: nodeKernels(findInstallation().assets.kernels) });
    const named = Object.fromEntries([...weights].map(([name, { shape, data }]): [string, SafetensorF32] => [name, { dtype: "F32", shape, data }]));
    return await createWriter({ program: compile(checked), next, weights: named, coding, cache });
  } catch (error) {
    throw error instanceof Failure ? error : new Failure(error instanceof Error ? error.message : String(error));
  }
}
