/** A batch of matrix products; the words are listed in `gemm.ts`. */
export const MATMUL = 200;
/** Adds partial sums: parts, out, floats, number of parts, chunks. */
export const SUM_PARTS = 201;
/** A convolution, or its gradient with respect to the image: see `conv.ts`. */
export const CONV = 210;
/** The gradient of a convolution with respect to its kernels: see `conv-filter.ts`. */
export const CONV_FILTER = 211;
/** A depthwise convolution and its gradients: see `conv-depthwise.ts`. */
export const DEPTHWISE = 220;
export const DEPTHWISE_INPUT = 221;
export const DEPTHWISE_FILTER = 222;

/** Activations of the fused kernels; 0 is none. */
export const RELU = 1;
export const RELU6 = 2;
export const LEAKY_RELU = 3;
