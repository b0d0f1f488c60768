import { backend_util } from "@tensorflow/tfjs-core";

type Pad = "valid" | "same" | number | backend_util.ExplicitPadding;

interface Request {
  readonly inputShape: readonly number[];
  readonly filterShape: readonly number[];
  readonly strides: number | [number, number];
  readonly dilations?: number | [number, number];
  readonly pad: Pad;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly depthwise?: boolean;
  readonly dataFormat?: string;
}

/** Sizes of a convolution, as tfjs counts them; channels last only, as everywhere in Netloom. */
export function convGeometry(request: Request): backend_util.Conv2DInfo {
  if (request.dataFormat !== undefined && request.dataFormat !== "NHWC")
    throw new Error(`Convolutions on the wasm backend take channels last (NHWC), not ${request.dataFormat}.`);
  return backend_util.computeConv2DInfo(
    request.inputShape as [number, number, number, number],
    request.filterShape as [number, number, number, number],
    request.strides,
    request.dilations ?? 1,
    request.pad,
    request.dimRoundingMode,
    request.depthwise ?? false,
  );
}

/** Padding as a forward convolution takes it. */
export const explicitPad = (top: number, bottom: number, left: number, right: number): backend_util.ExplicitPadding => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
];
