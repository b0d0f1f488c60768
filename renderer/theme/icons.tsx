import {
  Activity,
  ArrowLeftRight,
  Binary,
  Box,
  Calculator,
  ChartLine,
  ChartScatter,
  CircleDashed,
  Component,
  Crop,
  Database,
  Dices,
  Divide,
  Eye,
  Gauge,
  Grid2x2,
  Grid3x3,
  Images,
  Layers,
  LogIn,
  LogOut,
  type LucideIcon,
  Merge,
  Minus,
  Network,
  Percent,
  Plus,
  Ratio,
  Rows3,
  Scaling,
  ScanEye,
  Share2,
  Shrink,
  Sigma,
  SlidersHorizontal,
  Spline,
  Split,
  SquareDashed,
  Target,
  Waves,
  X,
} from "lucide-react";
import type { ComponentType } from "react";
import type { Family } from "../../src/layers/families.ts";
import { ReluGlyph, SigmoidGlyph, SoftReluGlyph, TanhGlyph } from "./glyphs.tsx";
import "./icons.css";

type Icon = LucideIcon | ComponentType<{ size?: number | string }>;

/** A family's sign, beside its hue: nobody has to tell families apart by colour. */
export const familyIcons: Readonly<Record<Family | "block", Icon>> = {
  data: Database,
  dense: Network,
  convolution: Grid3x3,
  sampling: Scaling,
  activation: Activity,
  normalisation: SlidersHorizontal,
  attention: ScanEye,
  graph: Share2,
  flow: Waves,
  arithmetic: Calculator,
  loss: Target,
  preview: Eye,
  block: Component,
};

/** Layers that have a sign of their own; all others bear their family's. */
const layerIcons: Readonly<Record<string, Icon>> = {
  input: LogIn,
  output: LogOut,
  noise: Dices,
  flatten: Rows3,
  reshape: Ratio,
  transpose: ArrowLeftRight,
  pad: SquareDashed,
  crop: Crop,
  embedding: Binary,
  maxpool2d: Shrink,
  maxpool1d: Shrink,
  averagepool2d: Shrink,
  averagepool1d: Shrink,
  globalpool: Grid2x2,
  relu: ReluGlyph,
  "leaky-relu": ReluGlyph,
  sigmoid: SigmoidGlyph,
  tanh: TanhGlyph,
  gelu: SoftReluGlyph,
  softmax: Percent,
  dropout: CircleDashed,
  add: Plus,
  subtract: Minus,
  multiply: X,
  divide: Divide,
  concatenate: Merge,
  split: Split,
  sum: Sigma,
  "gaussian-sample": Dices,
  coupling: Spline,
  "metric.accuracy": Gauge,
  "preview.curve": ChartLine,
  "preview.images": Images,
  "preview.scatter": ChartScatter,
};

export const iconOf = (type: string, family: Family | "block"): Icon => layerIcons[type] ?? familyIcons[family];

/** The square with a layer's sign in its family's hue. */
export function FamilyIcon({ type = "", family, size = 18 }: { type?: string; family: Family | "block"; size?: number }) {
  const Sign = iconOf(type, family);
  return (
    <span className="family-icon" data-family={family} style={{ width: size, height: size }} aria-hidden="true">
      <Sign size={Math.round(size * 0.67)} />
    </span>
  );
}

export { Box as BlockIcon, Layers as LayersIcon };
