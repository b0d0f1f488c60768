/** The palette's groups, in its order. Hue and icon of each live in the renderer's tokens. */
export const families = {
  data: "Data",
  dense: "Dense and shape",
  convolution: "Convolution",
  sampling: "Sampling",
  activation: "Activation",
  normalisation: "Normalisation",
  attention: "Sequence and attention",
  graph: "Graph",
  flow: "Flow and latent",
  arithmetic: "Arithmetic",
  loss: "Losses and metrics",
  preview: "Outputs and previews",
} as const;

export type Family = keyof typeof families;
