import { dropout } from "./activation/dropout.ts";
import { gelu } from "./activation/gelu.ts";
import { leakyRelu } from "./activation/leaky-relu.ts";
import { relu } from "./activation/relu.ts";
import { sigmoid } from "./activation/sigmoid.ts";
import { softmax } from "./activation/softmax.ts";
import { spatialDropout } from "./activation/spatial-dropout.ts";
import { stochasticDepth } from "./activation/stochastic-depth.ts";
import { tanh } from "./activation/tanh.ts";
import { add } from "./arithmetic/add.ts";
import { argMax } from "./arithmetic/arg-max.ts";
import { compare } from "./arithmetic/compare.ts";
import { concatenate } from "./arithmetic/concatenate.ts";
import { constant } from "./arithmetic/constant.ts";
import { divide } from "./arithmetic/divide.ts";
import { extremum } from "./arithmetic/extremum.ts";
import { elementFunction } from "./arithmetic/function.ts";
import { gather } from "./arithmetic/gather.ts";
import { gradient } from "./arithmetic/gradient.ts";
import { highwayGate } from "./arithmetic/highway-gate.ts";
import { learnableScale } from "./arithmetic/learnable-scale.ts";
import { matmul } from "./arithmetic/matmul.ts";
import { multiply } from "./arithmetic/multiply.ts";
import { oneHot } from "./arithmetic/one-hot.ts";
import { reduce } from "./arithmetic/reduce.ts";
import { scale } from "./arithmetic/scale.ts";
import { shakeShake } from "./arithmetic/shake-shake.ts";
import { slice } from "./arithmetic/slice.ts";
import { split } from "./arithmetic/split.ts";
import { stopGradient } from "./arithmetic/stop-gradient.ts";
import { subtract } from "./arithmetic/subtract.ts";
import { where } from "./arithmetic/where.ts";
import { attention } from "./attention/attention.ts";
import { classToken } from "./attention/class-token.ts";
import { embedding } from "./attention/embedding.ts";
import { maskTokens } from "./attention/mask-tokens.ts";
import { positionalEncoding } from "./attention/positional-encoding.ts";
import { quantise } from "./attention/quantise.ts";
import { shiftRight } from "./attention/shift-right.ts";
import { unembedding } from "./attention/unembedding.ts";
import type { Layer } from "./contract.ts";
import { conv1d } from "./conv/conv1d.ts";
import { conv2d } from "./conv/conv2d.ts";
import { conv2dTranspose } from "./conv/conv2d-transpose.ts";
import { conv3d } from "./conv/conv3d.ts";
import { depthwiseConv2d } from "./conv/depthwise-conv2d.ts";
import { gatedConv2d } from "./conv/gated-conv2d.ts";
import { partialConv2d } from "./conv/partial-conv2d.ts";
import { separableConv2d } from "./conv/separable-conv2d.ts";
import { cutout } from "./data/cutout.ts";
import { dataset } from "./data/dataset.ts";
import { history } from "./data/history.ts";
import { input } from "./data/input.ts";
import { noise } from "./data/noise.ts";
import { randomCrop } from "./data/random-crop.ts";
import { randomFlip } from "./data/random-flip.ts";
import { schedule } from "./data/schedule.ts";
import { crop } from "./dense/crop.ts";
import { dense } from "./dense/dense.ts";
import { flatten } from "./dense/flatten.ts";
import { minibatchDiscrimination } from "./dense/minibatch-discrimination.ts";
import { pad } from "./dense/pad.ts";
import { reshape } from "./dense/reshape.ts";
import { transpose } from "./dense/transpose.ts";
import { actnorm } from "./flow/actnorm.ts";
import { affineCoupling } from "./flow/affine-coupling.ts";
import { attributeVector } from "./flow/attribute-vector.ts";
import { bernoulliLogLikelihood } from "./flow/bernoulli-log-likelihood.ts";
import { couplingTransform } from "./flow/coupling-transform.ts";
import { denoise } from "./flow/denoise.ts";
import { dequantise } from "./flow/dequantise.ts";
import { diffuse } from "./flow/diffuse.ts";
import { diffusionTime } from "./flow/diffusion-time.ts";
import { elementwiseFlow } from "./flow/elementwise-flow.ts";
import { gaussianMixture } from "./flow/gaussian-mixture.ts";
import { gaussianSample } from "./flow/gaussian-sample.ts";
import { gridPoints } from "./flow/grid-points.ts";
import { interpolate } from "./flow/interpolate.ts";
import { invertibleResidual } from "./flow/invertible-residual.ts";
import { linearLu } from "./flow/linear-lu.ts";
import { maskedAutoregressive } from "./flow/masked-autoregressive.ts";
import { normalLogDensity } from "./flow/normal-log-density.ts";
import { permutation } from "./flow/permutation.ts";
import { planar } from "./flow/planar.ts";
import { radial } from "./flow/radial.ts";
import { sampleCategory } from "./flow/sample-category.ts";
import { timeEmbedding } from "./flow/time-embedding.ts";
import { vectorQuantise } from "./flow/vector-quantise.ts";
import { adjacency } from "./graph/adjacency.ts";
import { edgeScore } from "./graph/edge-score.ts";
import { edgeUpdate } from "./graph/edge-update.ts";
import { graphAttention } from "./graph/graph-attention.ts";
import { graphConv } from "./graph/graph-conv.ts";
import { graphReadout } from "./graph/graph-readout.ts";
import { lineGraphConv } from "./graph/line-graph-conv.ts";
import { nodeUpdate } from "./graph/node-update.ts";
import { relationalGraphConv } from "./graph/relational-graph-conv.ts";
import { accuracy } from "./loss/accuracy.ts";
import { adversarial } from "./loss/adversarial.ts";
import { binaryCrossEntropy } from "./loss/binary-cross-entropy.ts";
import { bitsPerDimension } from "./loss/bits-per-dimension.ts";
import { codeUsage } from "./loss/code-usage.ts";
import { crossEntropy } from "./loss/cross-entropy.ts";
import { dice } from "./loss/dice.ts";
import { exactMatch } from "./loss/exact-match.ts";
import { frechetDistance } from "./loss/frechet-distance.ts";
import { importanceBound } from "./loss/importance-bound.ts";
import { inceptionScore } from "./loss/inception-score.ts";
import { jointError } from "./loss/joint-error.ts";
import { klNormal } from "./loss/kl-normal.ts";
import { logLikelihood } from "./loss/log-likelihood.ts";
import { manifoldPrecision, manifoldRecall } from "./loss/manifold.ts";
import { mean } from "./loss/mean.ts";
import { meanAveragePrecision } from "./loss/mean-average-precision.ts";
import { meanIou } from "./loss/mean-iou.ts";
import { modes } from "./loss/modes.ts";
import { normalLikelihood } from "./loss/normal-likelihood.ts";
import { pck } from "./loss/pck.ts";
import { perplexity } from "./loss/perplexity.ts";
import { explainedVariance, principalAngle, principalVariance } from "./loss/principal.ts";
import { rocAuc } from "./loss/roc-auc.ts";
import { smoothL1 } from "./loss/smooth-l1.ts";
import { squaredError } from "./loss/squared-error.ts";
import { totalCorrelation } from "./loss/total-correlation.ts";
import { wasserstein } from "./loss/wasserstein.ts";
import { yoloLoss } from "./loss/yolo.ts";
import { batchNorm } from "./normalisation/batch-norm.ts";
import { batchRenorm } from "./normalisation/batch-renorm.ts";
import { ghostBatchNorm } from "./normalisation/ghost-batch-norm.ts";
import { groupNorm } from "./normalisation/group-norm.ts";
import { instanceNorm } from "./normalisation/instance-norm.ts";
import { layerNorm } from "./normalisation/layer-norm.ts";
import { previewBoxes } from "./preview/boxes.ts";
import { previewCurve } from "./preview/curve.ts";
import { previewDensity } from "./preview/density.ts";
import { previewGraph } from "./preview/graph.ts";
import { previewHeatmap } from "./preview/heatmap.ts";
import { previewImages } from "./preview/images.ts";
import { previewKeypoints } from "./preview/keypoints.ts";
import { previewMasks } from "./preview/masks.ts";
import { previewMatrix } from "./preview/matrix.ts";
import { output } from "./preview/output.ts";
import { previewScatter } from "./preview/scatter.ts";
import { gru } from "./recurrent/gru.ts";
import { lstm } from "./recurrent/lstm.ts";
import { rnn } from "./recurrent/rnn.ts";
import { averagePool } from "./sampling/average-pool.ts";
import { blurPool } from "./sampling/blur-pool.ts";
import { globalPool } from "./sampling/global-pool.ts";
import { maxPool } from "./sampling/max-pool.ts";
import { maxUnpool } from "./sampling/max-unpool.ts";
import { pixelShuffle } from "./sampling/pixel-shuffle.ts";
import { upsample } from "./sampling/upsample.ts";
import { channelAttention } from "./vision/channel-attention.ts";
import { patchEmbedding } from "./vision/patch-embedding.ts";
import { patchMerging } from "./vision/patch-merging.ts";
import { windowAttention } from "./vision/window-attention.ts";

/** Every layer there is: adding one means its file and its line here. Order within a family is the palette's. */
const catalogue: readonly Layer[] = [
  dataset,
  input,
  noise,
  schedule,
  history,
  constant,
  randomFlip,
  randomCrop,
  cutout,
  dense,
  flatten,
  minibatchDiscrimination,
  reshape,
  transpose,
  pad,
  crop,
  conv1d,
  conv2d,
  conv3d,
  depthwiseConv2d,
  separableConv2d,
  gatedConv2d,
  partialConv2d,
  conv2dTranspose,
  maxPool,
  maxUnpool,
  averagePool,
  globalPool,
  upsample,
  blurPool,
  pixelShuffle,
  relu,
  leakyRelu,
  sigmoid,
  tanh,
  gelu,
  softmax,
  dropout,
  spatialDropout,
  stochasticDepth,
  batchNorm,
  ghostBatchNorm,
  batchRenorm,
  layerNorm,
  groupNorm,
  instanceNorm,
  embedding,
  unembedding,
  positionalEncoding,
  classToken,
  attention,
  rnn,
  lstm,
  gru,
  patchEmbedding,
  windowAttention,
  channelAttention,
  patchMerging,
  shiftRight,
  maskTokens,
  quantise,
  graphConv,
  graphAttention,
  relationalGraphConv,
  edgeUpdate,
  nodeUpdate,
  lineGraphConv,
  edgeScore,
  graphReadout,
  adjacency,
  affineCoupling,
  couplingTransform,
  maskedAutoregressive,
  elementwiseFlow,
  linearLu,
  permutation,
  actnorm,
  invertibleResidual,
  planar,
  radial,
  dequantise,
  gridPoints,
  gaussianSample,
  normalLogDensity,
  bernoulliLogLikelihood,
  vectorQuantise,
  sampleCategory,
  gaussianMixture,
  interpolate,
  attributeVector,
  diffusionTime,
  timeEmbedding,
  diffuse,
  denoise,
  add,
  multiply,
  concatenate,
  split,
  scale,
  subtract,
  divide,
  matmul,
  elementFunction,
  reduce,
  extremum,
  slice,
  gather,
  where,
  compare,
  oneHot,
  argMax,
  stopGradient,
  gradient,
  learnableScale,
  highwayGate,
  shakeShake,
  crossEntropy,
  binaryCrossEntropy,
  squaredError,
  smoothL1,
  dice,
  yoloLoss,
  klNormal,
  importanceBound,
  totalCorrelation,
  adversarial,
  normalLikelihood,
  bitsPerDimension,
  mean,
  accuracy,
  exactMatch,
  perplexity,
  rocAuc,
  frechetDistance,
  inceptionScore,
  manifoldPrecision,
  manifoldRecall,
  modes,
  wasserstein,
  logLikelihood,
  codeUsage,
  explainedVariance,
  principalVariance,
  principalAngle,
  meanIou,
  meanAveragePrecision,
  jointError,
  pck,
  output,
  previewCurve,
  previewImages,
  previewScatter,
  previewDensity,
  previewMatrix,
  previewHeatmap,
  previewGraph,
  previewBoxes,
  previewMasks,
  previewKeypoints,
];

export type Registry = ReadonlyMap<string, Layer>;

/** Layers by type. */
export const registry: Registry = new Map(catalogue.map((layer) => [layer.type, layer]));
