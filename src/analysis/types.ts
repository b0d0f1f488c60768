/** What an analysis found, as plain arrays: drawn by the page and written by the command line without tfjs. */
export type Finding =
  | { readonly kind: "curves"; readonly title: string; readonly x: Axis; readonly y: Axis; readonly curves: readonly Curve[] }
  | {
      readonly kind: "images";
      readonly title: string;
      /** `[count, height, width, channels]`. */
      readonly shape: readonly [number, number, number, number];
      readonly values: Float32Array;
      /** One line for each picture. */
      readonly captions: readonly string[];
      /** Pictures in a row, where rows mean something. */
      readonly across?: number;
    }
  | {
      readonly kind: "table";
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly (string | number)[])[];
    }
  | {
      readonly kind: "surface";
      readonly title: string;
      readonly x: Axis;
      readonly y: Axis;
      /** Rows from the lowest y to the highest, each from the lowest x to the highest. */
      readonly rows: number;
      readonly columns: number;
      readonly values: Float32Array;
    };

export interface Axis {
  readonly label: string;
  /** Ends of the axis, where its values are evenly spaced. */
  readonly from?: number;
  readonly to?: number;
  readonly log?: boolean;
}

export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface AnalysisResult {
  /** What to call it: the analysis's own name, or its type. */
  readonly name: string;
  readonly type: string;
  readonly findings: readonly Finding[];
  /** Figures that can be bounded in a template, as `analysis/<name>/<figure>`. */
  readonly figures: Readonly<Record<string, number>>;
  /** What the figures say, in a sentence. */
  readonly about?: string;
}

/** A result without what it is called. */
export type Found = Omit<AnalysisResult, "name" | "type">;

/** An analysis that cannot be made, in words for people. */
export class AnalysisError extends Error {
  override readonly name = "AnalysisError";
}
