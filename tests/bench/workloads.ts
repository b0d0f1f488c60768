import { createInferEnv } from "../../src/data/catalogue.ts";
import { readDocument } from "../../src/document/read.ts";
import type { NetloomDocument } from "../../src/document/schema.ts";
import { checkDocument } from "../../src/graph/check.ts";
import { registry } from "../../src/layers/registry.ts";
import type { Dataset } from "../../src/tensor/dataset.ts";
import type { TrainerOptions } from "../../src/training/trainer.ts";
import { loadDatasets, openTemplate } from "../support/templates.ts";
import { drawnDataset } from "./drawn.ts";

/** What is timed: Netloom documents, by the names under which `by-hand/networks.ts` and `pytorch.py` know the same networks. */
export const workloads = {
  /** 784-512-512-10, a batch of 128. */
  mlp: () => mlp(512, 128),
  /** The template: three convolutions of stride 2, 2,050 parameters, a batch of 100. */
  mnist1d: () => retrained(openTemplate("mnist1d-conv").document, { batch: 100, optimiser: sgd }),
  /** Two convolutions with pooling, two linear layers, a batch of 64. */
  cnn: () => cnn(32, 64),
  /** Three stages of residual blocks with batch normalisation (ResNet-8), a batch of 32. */
  resnet: () => resnet(16, 32),
  /** Four transformer blocks of width 128 with four heads on 64 characters, a batch of 16. */
  gpt: () => gpt({ width: 128, heads: 4, repeat: 4 }, 16),
  /** Two levels down and up with skip connections, rebuilding the picture, a batch of 16. */
  unet: () => unet(16, 16),
  /** The template: two graph convolutions on the karate club's 34 members. */
  gcn: () => retrained(openTemplate("karate-gcn").document, { optimiser: { type: "adam", rate: 0.003 } }),
  /** The same on a drawn graph of 1,000 nodes with 64 features. */
  gcn1000: () => largeGcn(1000),
  /** The template: eight affine couplings on two moons, a batch of 256. */
  flow: () => retrained(openTemplate("moons-flow").document, { batch: 256, optimiser: { type: "adam", rate: 0.005 }, clipNorm: 5 }),
} as const satisfies Readonly<Record<string, () => NetloomDocument>>;

export type WorkloadName = keyof typeof workloads;
export const workloadNames = Object.keys(workloads) as WorkloadName[];

type Layer = readonly [type: string, params?: object];
type Optimiser = { readonly type: "sgd" | "adam"; readonly rate: number; readonly momentum?: number };
interface Training {
  readonly batch?: number;
  readonly optimiser: Optimiser;
  readonly clipNorm?: number;
}

const sgd: Optimiser = { type: "sgd", rate: 0.01 };
const adam: Optimiser = { type: "adam", rate: 0.001 };

export const mlp = (width: number, batch: number) =>
  classifier(batch, [["flatten"], ["dense", { units: width }], ["relu"], ["dense", { units: width }], ["relu"], ["dense", { units: 10 }]]);

/** `depth` hidden layers of one width. */
export const deepMlp = (depth: number, width: number, batch: number) =>
  classifier(batch, [
    ["flatten"],
    ...Array.from({ length: depth }, (): Layer[] => [["dense", { units: width }], ["relu"]]).flat(),
    ["dense", { units: 10 }],
  ]);

export const cnn = (filters: number, batch: number) =>
  classifier(batch, [
    ["conv2d", { filters, kernel: 3 }],
    ["relu"],
    ["max-pool", { size: 2 }],
    ["conv2d", { filters: 2 * filters, kernel: 3 }],
    ["relu"],
    ["max-pool", { size: 2 }],
    ["flatten"],
    ["dense", { units: 128 }],
    ["relu"],
    ["dense", { units: 10 }],
  ]);

/** The tiny GPT template at another size, on Moby-Dick or another data set of that vocabulary. */
export function gpt(
  { text = "moby-dick", ...size }: { readonly width: number; readonly heads: number; readonly repeat: number; readonly text?: string },
  batch: number,
): NetloomDocument {
  const { document } = openTemplate("tiny-gpt");
  const nodes = document.nodes.map((node) => {
    const params = Object.fromEntries(Object.entries(node.params ?? {}).map(([key, value]) => [key, size[key as keyof typeof size] ?? value]));
    return { ...node, params: node.id === "text" ? { name: text } : params };
  });
  return retrained({ ...document, nodes }, { batch, optimiser: adam });
}

/** He et al.'s ResNet for small pictures with one block a stage, whose stages have `width`, twice and four times as many channels. */
export function resnet(width: number, batch: number): NetloomDocument {
  const conv = (id: string, stride: string | number, kernel = 3) => ({
    id,
    type: "conv2d",
    params: { filters: "channels", kernel, stride, padding: "same", bias: false },
  });
  const inner = [conv("conv1", "stride"), { id: "norm1", type: "batch-norm" }, { id: "relu1", type: "relu" }, conv("conv2", 1)];
  const outer = [
    { id: "norm2", type: "batch-norm" },
    { id: "sum", type: "add" },
    { id: "relu2", type: "relu" },
  ];
  const trunk = wires("in.x > conv1.x", "conv1.y > norm1.x", "norm1.y > relu1.x", "relu1.y > conv2.x", "conv2.y > norm2.x", "norm2.y > sum.x");
  const ends = wires("sum.y > relu2.x", "relu2.y > out.y");
  const ports = { inputs: [{ name: "x" }], outputs: [{ name: "y" }] };
  const blocks = {
    residual: { params: { channels: 16, stride: 1 }, ...ports, nodes: [...inner, ...outer], edges: [...trunk, ...wires("in.x > sum.x"), ...ends] },
    // Where size and channels change, the way past the block has a convolution of its own.
    narrowing: {
      params: { channels: 16, stride: 2 },
      ...ports,
      nodes: [...inner, conv("past", "stride", 1), { id: "norm3", type: "batch-norm" }, ...outer],
      edges: [...trunk, ...wires("in.x > past.x", "past.y > norm3.x", "norm3.y > sum.x"), ...ends],
    },
  };
  return classifier(
    batch,
    [
      ["conv2d", { filters: width, kernel: 3, bias: false }],
      ["batch-norm"],
      ["relu"],
      ["block:residual", { channels: width, stride: 1 }],
      ["block:narrowing", { channels: 2 * width, stride: 2 }],
      ["block:narrowing", { channels: 4 * width, stride: 2 }],
      ["global-pool"],
      ["dense", { units: 10 }],
    ],
    { optimiser: { ...sgd, momentum: 0.9 }, blocks },
  );
}

/** A U-Net (Ronneberger et al.) two levels deep that rebuilds Fashion-MNIST's pictures, pixel by pixel. */
export function unet(width: number, batch: number): NetloomDocument {
  const twice = (name: string, from: string, filters: number) => ({
    nodes: [1, 2].flatMap((i) => [
      { id: `${name}conv${i}`, type: "conv2d", params: { filters, kernel: 3, padding: "same" } },
      { id: `${name}relu${i}`, type: "relu" },
    ]),
    edges: wires(`${from} > ${name}conv1.x`, `${name}conv1.y > ${name}relu1.x`, `${name}relu1.y > ${name}conv2.x`, `${name}conv2.y > ${name}relu2.x`),
  });
  const up = (name: string, from: string, filters: number, past: string) => ({
    nodes: [
      { id: `${name}up`, type: "conv2d-transpose", params: { filters, kernel: 2, stride: 2 } },
      { id: `${name}join`, type: "concatenate" },
    ],
    edges: wires(`${from} > ${name}up.x`, `${past} > ${name}join.x`, `${name}up.y > ${name}join.x`),
  });
  const parts: { readonly nodes: readonly object[]; readonly edges: readonly object[] }[] = [
    twice("down1", "data.x", width),
    { nodes: [{ id: "pool1", type: "max-pool" }], edges: wires("down1relu2.y > pool1.x") },
    twice("down2", "pool1.y", 2 * width),
    { nodes: [{ id: "pool2", type: "max-pool" }], edges: wires("down2relu2.y > pool2.x") },
    twice("bottom", "pool2.y", 4 * width),
    up("up2", "bottomrelu2.y", 2 * width, "down2relu2.y"),
    twice("right2", "up2join.y", 2 * width),
    up("up1", "right2relu2.y", width, "down1relu2.y"),
    twice("right1", "up1join.y", width),
    { nodes: [{ id: "pixels", type: "conv2d", params: { filters: 1, kernel: 1 } }], edges: wires("right1relu2.y > pixels.x") },
  ];
  return read({
    netloom: 1,
    name: "U-Net",
    nodes: [
      { id: "data", type: "dataset", params: { name: "fashion-mnist" } },
      ...parts.flatMap(({ nodes }) => nodes),
      { id: "loss", type: "loss.squared-error" },
    ],
    edges: [...parts.flatMap(({ edges }) => edges), ...wires("pixels.y > loss.x", "data.x > loss.target")],
    training: { batch, phases: [{ minimise: "loss", optimiser: adam }] },
  });
}

/** The karate club's network, wider, on a drawn graph. */
export function largeGcn(nodes: number): NetloomDocument {
  const { document } = openTemplate("karate-gcn");
  const params: Readonly<Record<string, object>> = { club: { name: `communities-${nodes}` }, conv1: { units: 32 }, conv2: { units: 8 } };
  const changed = document.nodes.map((node) => ({ ...node, params: { ...node.params, ...params[node.id] } }));
  return retrained({ ...document, nodes: changed }, { optimiser: adam });
}

/** Fashion-MNIST through a chain of layers to a cross-entropy. */
function classifier(batch: number, layers: readonly Layer[], { optimiser = sgd, blocks = {} }: { optimiser?: Optimiser; blocks?: object } = {}) {
  const nodes = layers.map(([type, params], i) => ({ id: `layer${i}`, type, ...(params && { params }) }));
  const edges = nodes.map(({ id }, i) => ({ from: i === 0 ? "data.x" : `layer${i - 1}.y`, to: `${id}.x` }));
  return read({
    netloom: 1,
    name: "classifier",
    blocks,
    nodes: [{ id: "data", type: "dataset", params: { name: "fashion-mnist" } }, ...nodes, { id: "loss", type: "loss.cross-entropy" }],
    edges: [...edges, ...wires(`${nodes.at(-1)?.id}.y > loss.x`, "data.label > loss.label")],
    training: { batch, phases: [{ minimise: "loss", optimiser }] },
  });
}

function retrained(document: NetloomDocument, { batch, ...phase }: Training): NetloomDocument {
  return { ...document, training: { seed: 1, ...(batch !== undefined && { batch }), phases: [{ minimise: "loss", ...phase }] } };
}

/** `"a.y > b.x"` as an edge. */
const wires = (...texts: string[]) => texts.map((text) => ({ from: text.split(" > ")[0], to: text.split(" > ")[1] }));

function read(document: object): NetloomDocument {
  const result = readDocument(JSON.stringify(document));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
}

/** A document checked, with its data loaded; drawn data sets stand beside the bundled ones. */
export async function openWorkload(document: NetloomDocument): Promise<TrainerOptions> {
  const drawn = new Map<string, Dataset>();
  for (const { params } of document.nodes) {
    const name = String(params?.name);
    const dataset = drawnDataset(name);
    if (dataset) drawn.set(name, dataset);
  }
  const env = createInferEnv((name) => drawn.get(name)?.info);
  const checked = checkDocument(document, registry, env);
  return { document, checked, datasets: await loadDatasets({ document, checked }, drawn) };
}
