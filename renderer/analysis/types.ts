import type { Analysis } from "../../src/document/schema.ts";
import type { Checked, FlatNode, NodeFacts } from "../../src/graph/types.ts";

/** What a person sets of an analysis. */
export type SettingField =
  | { readonly name: string; readonly kind: "output" | "outputs" | "blocks"; readonly title: string; readonly help: string; readonly fits?: Fits }
  | {
      readonly name: string;
      readonly kind: "number";
      readonly title: string;
      readonly help: string;
      readonly default: number;
      readonly min: number;
      readonly max: number;
      readonly whole?: boolean;
    };

/** Which outputs can be looked at. */
type Fits = (node: FlatNode, facts: NodeFacts, port: string) => boolean;

interface Described {
  readonly title: string;
  readonly help: string;
  readonly fields: readonly SettingField[];
}

const rankOf = (facts: NodeFacts, port: string): number => facts.outputs[port]?.shape.length ?? -1;
const isMap: Fits = (node, facts, port) => node.layer.role === "layer" && rankOf(facts, port) >= 2;
const isImage: Fits = (node, facts, port) => node.layer.role === "layer" && rankOf(facts, port) === 4;
const isScore: Fits = (node, facts, port) => node.layer.role === "layer" && rankOf(facts, port) === 2;
const isLoss: Fits = (node, facts, port) => node.layer.role !== "metric" && rankOf(facts, port) === 0;
const steps = { name: "steps", kind: "number", title: "Steps", help: "Of gradient ascent.", min: 1, max: 10_000, whole: true } as const;
const smooth = {
  name: "smooth",
  kind: "number",
  title: "Smoothness",
  help: "Weight of neighbouring pixels being alike.",
  min: 0,
  max: 1000,
} as const;

/** Every analysis there is, in the order of the menu. */
export const analysisTypes: { readonly [T in Analysis["type"]]: Described } = {
  "feature-maps": {
    title: "Feature maps",
    help: "The activations of a layer for one example.",
    fields: [
      { name: "output", kind: "output", title: "Output", help: "The layer that is looked at.", fits: isMap },
      { name: "example", kind: "number", title: "Example", help: "Which held-out one, from 0.", default: 0, min: 0, max: 10_000, whole: true },
    ],
  },
  "activation-maximisation": {
    title: "What units respond to",
    help: "Pictures that make a unit as active as can be, found from the mean picture.",
    fields: [
      { name: "output", kind: "output", title: "Output", help: "Its channels are the units.", fits: isMap },
      { ...steps, default: 128 },
      { ...smooth, default: 1 },
      {
        name: "jitter",
        kind: "number",
        title: "Jitter",
        help: "Pixels that pictures move by in each step.",
        default: 2,
        min: 0,
        max: 64,
        whole: true,
      },
      { name: "starts", kind: "number", title: "Searches", help: "For each unit; the strongest is shown.", default: 3, min: 1, max: 16, whole: true },
    ],
  },
  inversion: {
    title: "What layers still know",
    help: "Pictures that a layer cannot tell from real ones.",
    fields: [
      { name: "outputs", kind: "outputs", title: "Outputs", help: "Layers at growing depth.", fits: isMap },
      { name: "examples", kind: "number", title: "Examples", help: "Held-out ones.", default: 6, min: 1, max: 32, whole: true },
      { ...steps, default: 200 },
      { ...smooth, default: 0.01 },
    ],
  },
  saliency: {
    title: "Which pixels matter",
    help: "The gradient of the winning class's score by the input.",
    fields: [
      { name: "output", kind: "output", title: "Scores", help: "One for each class.", fits: isScore },
      { name: "examples", kind: "number", title: "Examples", help: "Held-out ones.", default: 8, min: 1, max: 32, whole: true },
    ],
  },
  deconvolution: {
    title: "What excites units, in the pixels",
    help: "The examples that excite each unit most, beside what the layers below pass back from that one activation (deconvnet).",
    fields: [
      { name: "output", kind: "output", title: "Output", help: "Its channels are the units.", fits: isImage },
      { name: "best", kind: "number", title: "Pictures", help: "For each unit.", default: 4, min: 1, max: 8, whole: true },
      { name: "examples", kind: "number", title: "Examples", help: "Held-out ones to search.", default: 256, min: 1, max: 1000, whole: true },
    ],
  },
  dissection: {
    title: "Which concepts units detect",
    help: "Where a unit is most active, against masks of what is seen there (network dissection). It needs data with a class for each pixel.",
    fields: [
      { name: "output", kind: "output", title: "Output", help: "Its channels are the units.", fits: isImage },
      {
        name: "top",
        kind: "number",
        title: "Active share",
        help: "Of places at which a unit counts as active.",
        default: 0.05,
        min: 0.001,
        max: 0.5,
      },
      { name: "examples", kind: "number", title: "Examples", help: "Held-out ones.", default: 100, min: 1, max: 1000, whole: true },
    ],
  },
  variance: {
    title: "Variance after each block",
    help: "How signals grow or die along repeated blocks.",
    fields: [
      { name: "blocks", kind: "blocks", title: "Blocks", help: "Repeated ones of the main graph; all if none is chosen." },
      {
        name: "examples",
        kind: "number",
        title: "Examples",
        help: "Over which the variance is taken.",
        default: 256,
        min: 1,
        max: 10_000,
        whole: true,
      },
    ],
  },
  "gradient-correlation": {
    title: "Correlation of gradients",
    help: "How far the gradient by a single input number says something about the gradient nearby.",
    fields: [
      { name: "outputs", kind: "outputs", title: "Outputs", help: "Of networks with one number as input.", fits: isScore },
      { name: "low", kind: "number", title: "From", help: "Lowest input.", default: -2, min: -1e6, max: 1e6 },
      { name: "high", kind: "number", title: "To", help: "Highest input.", default: 2, min: -1e6, max: 1e6 },
      {
        name: "networks",
        kind: "number",
        title: "Networks",
        help: "With other first weights, averaged over.",
        default: 10,
        min: 1,
        max: 1000,
        whole: true,
      },
    ],
  },
  "loss-surface": {
    title: "Slice of the loss",
    help: "The loss on a plane through the weights.",
    fields: [
      { name: "loss", kind: "output", title: "Loss", help: "A single number.", fits: isLoss },
      { name: "span", kind: "number", title: "Span", help: "How far from the weights, in their own lengths.", default: 1, min: 0.001, max: 100 },
      { name: "points", kind: "number", title: "Points", help: "Along each side.", default: 21, min: 5, max: 201, whole: true },
      { name: "examples", kind: "number", title: "Examples", help: "That the loss is the mean of.", default: 256, min: 1, max: 10_000, whole: true },
    ],
  },
};

/** The outputs that an analysis can look at, named as in documents: `"conv1"`, or `"pool.switches"` where there are several. */
export function outputsFor(field: SettingField, { nodes, facts }: Checked): readonly string[] {
  if (field.kind === "number" || field.kind === "blocks") return [];
  return nodes.flatMap((node, i) => {
    const known = facts[i];
    if (!known) return [];
    const ports = node.outputs.filter((port) => field.fits?.(node, known, port) ?? true);
    return ports.map((port) => (port === node.outputs[0] ? node.path : `${node.path}.${port}`));
  });
}
