import { z } from "zod";

/**
 * The Netloom document, as it lies in a file. Unknown fields are kept on every level (`looseObject`), so that a
 * file from a slightly newer Netloom, or with somebody's own notes in it, survives a round trip.
 */

// Without code generation: nothing is evaluated, and a strict content security policy has nothing to refuse.
z.config({ jitless: true, customError: inWords });

/** What is wrong with a value, as a person would say it; zod's own words for the rest. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const units = issue.origin === "string" ? " characters" : issue.origin === "array" ? " entries" : "";
  switch (issue.code) {
    case "too_big":
      return `${issue.inclusive === false ? "Less than" : "At most"} ${issue.maximum}${units}.`;
    case "too_small":
      return `${issue.inclusive === false ? "More than" : "At least"} ${issue.minimum}${units}.`;
    case "invalid_type":
      return `${expectations[String(issue.expected)] ?? String(issue.expected)} is expected${issue.input === undefined ? ", but it is missing" : ""}.`;
    case "invalid_value":
      return `One of ${issue.values.map((value) => JSON.stringify(value)).join(", ")} is expected.`;
    case "invalid_union":
      return issue.discriminator === undefined ? "A value of another kind is expected." : undefined;
    default:
      return undefined;
  }
}
const expectations: Readonly<Record<string, string>> = {
  int: "A whole number",
  number: "A number",
  string: "A text",
  boolean: "true or false",
  array: "A list",
  tuple: "A list",
  object: "An object { … }",
  record: "An object { … }",
};

export const currentVersion = 1;

/** Limits on what is read: more than any real document needs, little enough to answer at once. */
export const limits = { bytes: 64 * 1024 * 1024, nodes: 20_000, edges: 60_000, blocks: 1_000, text: 20_000 } as const;

/** Names of nodes and ports: a letter, then letters, digits, `_`, `-`. */
const identifier = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, "Use a letter first, then letters, digits, _ or -, 64 at most.");

/** Every object has these already (`constructor`, `toString` …): a block would be found where none was put. */
const builtIn = (name: string): boolean => name in Object.prototype;
const blockName = identifier.refine((name) => !builtIn(name), "A block cannot have this name; choose another.");

/** `node.port`; inside a block also `in.port` and `out.port`, the block's own ports. */
const endpoint = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}\.[A-Za-z][A-Za-z0-9_-]{0,63}$/, "An end of a wire is written node.port.");

const scalar = z.union([z.number(), z.string().max(limits.text), z.boolean()]);
const paramValue = z.union([scalar, z.array(scalar).max(10_000)]);
const position = z.tuple([z.number(), z.number()]);

const node = z.looseObject({
  id: identifier,
  /** A layer's type, or `block:name`. */
  type: z
    .string()
    .min(1)
    .max(100)
    .refine((type) => !type.startsWith("block:") || !builtIn(type.slice("block:".length)), "A block cannot have this name."),
  /** Values for the layer's or block's parameters; text in a numeric place is arithmetic over the enclosing block's parameters. */
  params: z.record(z.string().max(64), paramValue).optional(),
  /** Where its top left corner stands on the canvas. */
  at: position.optional(),
  /** What the person calls it, if not by its layer's title. */
  label: z.string().max(200).optional(),
  note: z.string().max(limits.text).optional(),
  /** All nodes with the same name here use one set of weights. */
  shared: identifier.optional(),
  /** `"inverse"` runs a block, or a layer that can be undone, backwards: what leaves it elsewhere enters it here. */
  direction: z.enum(["forward", "inverse"]).optional(),
});

const edge = z.looseObject({ from: endpoint, to: endpoint });

const blockPort = z.looseObject({ name: identifier, at: position.optional(), optional: z.boolean().optional(), many: z.boolean().optional() });

const block = z.looseObject({
  title: z.string().max(200).optional(),
  note: z.string().max(limits.text).optional(),
  params: z.record(identifier, scalar).optional(),
  inputs: z.array(blockPort).max(64),
  outputs: z.array(blockPort).max(64),
  nodes: z.array(node).max(limits.nodes),
  edges: z.array(edge).max(limits.edges),
});

const rate = z.number().positive().max(1000);
const decay = z.number().min(0).max(10);
/** What a trained document should show: a figure of the run, bounded; `npm run verify` trains and checks. */
const figure = z.looseObject({
  /** Split and node: `"test/accuracy"`. */
  figure: z.string().max(200),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  /** What the book or paper reports, in words. */
  book: z.string().max(200).optional(),
});
const unit = z.number().min(0).max(0.999999);

const optimiser = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("sgd"), rate, momentum: unit.optional(), nesterov: z.boolean().optional(), weightDecay: decay.optional() }),
  z.looseObject({
    type: z.literal("rmsprop"),
    rate,
    rho: unit.optional(),
    momentum: unit.optional(),
    epsilon: z.number().positive().optional(),
    weightDecay: decay.optional(),
  }),
  z.looseObject({
    type: z.literal("adam"),
    rate,
    beta1: unit.optional(),
    beta2: unit.optional(),
    epsilon: z.number().positive().optional(),
    weightDecay: decay.optional(),
  }),
  z.looseObject({
    type: z.literal("adamw"),
    rate,
    beta1: unit.optional(),
    beta2: unit.optional(),
    epsilon: z.number().positive().optional(),
    weightDecay: decay.optional(),
  }),
]);

const schedule = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("constant"), warmup: z.int().min(0).optional() }),
  z.looseObject({ type: z.literal("step"), every: z.int().min(1), factor: z.number().positive().max(1), warmup: z.int().min(0).optional() }),
  z.looseObject({
    type: z.literal("cosine"),
    steps: z.int().min(1).optional(),
    floor: z.number().min(0).optional(),
    warmup: z.int().min(0).optional(),
  }),
]);

const bound = z.number().positive().max(1e9);
const constrained = { nodes: z.array(z.string().max(200)).min(1).max(1000).optional() };
/** Bounds that weights are brought back within after each update: those of all that the phase moves, or of the nodes named. */
const constraint = z.discriminatedUnion("type", [
  /** No weight is larger than `most`, or smaller than −`most`. */
  z.looseObject({ type: z.literal("clip"), most: bound, ...constrained }),
  /** No matrix or kernel has a singular value larger than `most`. */
  z.looseObject({ type: z.literal("spectral"), most: bound, ...constrained }),
]);

const phase = z.looseObject({
  name: z.string().max(100).optional(),
  /** The node whose scalar output falls. */
  minimise: z.string().max(200),
  /** Nodes, blocks or shared names whose weights move; all that the scalar depends on if absent. */
  update: z.array(z.string().max(200)).max(1000).optional(),
  optimiser,
  schedule: schedule.optional(),
  /** Largest norm of all gradients of the phase together. */
  clipNorm: z.number().positive().optional(),
  /** Steps of this phase before the next takes its turn. */
  steps: z.int().min(1).max(1_000_000).optional(),
  /** Steps of the run between which it takes turns: from `begin` on, and no more at `end`; over the whole run if absent. */
  begin: z.int().min(0).max(1_000_000_000).optional(),
  end: z.int().min(1).max(1_000_000_000).optional(),
  constrain: z.array(constraint).max(16).optional(),
});

/** After every step weights under `to` go a little towards those under `of`: w' ← decay · w' + (1 − decay) · w. They start as copies. */
const average = z.looseObject({ of: z.string().max(200), to: z.string().max(200), decay: unit });

const training = z.looseObject({
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional(),
  batch: z.int().min(1).max(100_000).optional(),
  phases: z.array(phase).max(64).optional(),
  averages: z.array(average).max(64).optional(),
  stop: z.looseObject({ steps: z.int().min(1).max(1_000_000_000).optional(), epochs: z.int().min(1).max(1_000_000).optional() }).optional(),
  /** Steps between two evaluations on held-out data. */
  evaluateEvery: z.int().min(1).optional(),
  /** Steps between two checkpoints. */
  checkpointEvery: z.int().min(1).optional(),
  /** Activations are computed again on the way back instead of being kept: less memory, more time, the same numbers. */
  recompute: z.boolean().optional(),
});

const analysed = z.string().min(1).max(200);
const named = { name: identifier.optional() };
const count = (most: number) => z.int().min(1).max(most).optional();

/** Looks into the network: what a document's reader should see of it beyond its curves. Outputs are named `node.port`. */
const analysis = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("variance"), ...named, blocks: z.array(identifier).max(64).optional(), examples: count(10_000) }),
  z.looseObject({
    type: z.literal("gradient-correlation"),
    ...named,
    outputs: z.array(analysed).min(1).max(16),
    low: z.number().optional(),
    high: z.number().optional(),
    points: z.int().min(9).max(4097).optional(),
    networks: count(1000),
  }),
  z.looseObject({
    type: z.literal("loss-surface"),
    ...named,
    loss: analysed,
    span: z.number().positive().max(100).optional(),
    points: z.int().min(5).max(201).optional(),
    examples: count(10_000),
  }),
  z.looseObject({
    type: z.literal("activation-maximisation"),
    ...named,
    output: analysed,
    channels: z.array(z.int().min(0).max(100_000)).min(1).max(64).optional(),
    steps: count(10_000),
    smooth: z.number().min(0).max(1000).optional(),
    /** Pixels by which pictures are moved at most in each step. */
    jitter: z.int().min(0).max(64).optional(),
    /** Searches for each unit, of which the strongest is shown. */
    starts: count(16),
  }),
  z.looseObject({
    type: z.literal("inversion"),
    ...named,
    outputs: z.array(analysed).min(1).max(8),
    examples: count(32),
    steps: count(10_000),
    smooth: z.number().min(0).max(1000).optional(),
  }),
  z.looseObject({ type: z.literal("feature-maps"), ...named, output: analysed, example: z.int().min(0).max(10_000).optional() }),
  z.looseObject({ type: z.literal("saliency"), ...named, output: analysed, examples: count(32) }),
  z.looseObject({
    type: z.literal("dissection"),
    ...named,
    output: analysed,
    /** Share of places at which a unit counts as active. */
    top: z.number().positive().max(0.5).optional(),
    examples: count(1000),
  }),
  z.looseObject({
    type: z.literal("deconvolution"),
    ...named,
    output: analysed,
    channels: z.array(z.int().min(0).max(100_000)).min(1).max(64).optional(),
    /** Pictures for each unit. */
    best: count(8),
    examples: count(1000),
  }),
]);

export const documentSchema = z.looseObject({
  netloom: z.literal(currentVersion),
  name: z.string().max(200),
  about: z
    .looseObject({
      chapter: z.string().max(100).optional(),
      text: z.string().max(limits.text).optional(),
      figures: z.array(figure).max(20).optional(),
      /** Template whose trained weights this one begins with, and how names there differ from those here: `"encoder=bert"`. */
      from: z.string().max(200).optional(),
      map: z.string().max(10_000).optional(),
    })
    .optional(),
  blocks: z.record(blockName, block).optional(),
  nodes: z.array(node).max(limits.nodes),
  edges: z.array(edge).max(limits.edges),
  training: training.optional(),
  analyses: z.array(analysis).max(64).optional(),
});

export type ParamValue = z.infer<typeof paramValue>;
export type GraphNode = z.infer<typeof node>;
export type Edge = z.infer<typeof edge>;
export type Block = z.infer<typeof block>;
export type BlockPort = z.infer<typeof blockPort>;
export type Optimiser = z.infer<typeof optimiser>;
export type Schedule = z.infer<typeof schedule>;
export type Constraint = z.infer<typeof constraint>;
export type Phase = z.infer<typeof phase>;
export type Average = z.infer<typeof average>;
export type Analysis = z.infer<typeof analysis>;
export type Training = z.infer<typeof training>;
/** Treated as immutable everywhere: edits return a new one that shares what did not change. */
export type NetloomDocument = z.infer<typeof documentSchema>;
/** Nodes and wires: what the main graph and every block have in common. */
export type Graph = Pick<NetloomDocument, "nodes" | "edges">;
