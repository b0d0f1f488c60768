import * as tf from "@tensorflow/tfjs-core";
import { initialise } from "../layers/initialise.ts";
import { rng } from "../tensor/random.ts";
import { gradientsOf } from "../training/step.ts";
import { onlyInput, outputNamed, type Subject } from "./subject.ts";
import { AnalysisError, type Curve, type Found } from "./types.ts";

export interface GradientAnalysis {
  /** Outputs that are compared, each of a network with one number as input: `"deep.y"`. */
  readonly outputs: readonly string[];
  /** The stretch of inputs that is looked at. */
  readonly low: number;
  readonly high: number;
  readonly points: number;
  /** Networks with other first weights that are averaged over. */
  readonly networks: number;
}

/**
 * How the gradient of an output by the input at one place says something about the gradient nearby: its autocorrelation, averaged over
 * fresh networks (Balduzzi et al. 2017; UDL 11.1.1, figure 11.3). Figures: `<output>`: the distance at which the correlation first falls
 * below one half; the whole stretch if it never does.
 * @throws AnalysisError if an output depends on anything but one number
 */
export function gradientCorrelation(subject: Subject, at: GradientAnalysis): Found {
  const { low, high, points, networks } = at;
  if (low >= high) throw new AnalysisError(`The stretch of inputs ends at ${high}, before it begins at ${low}.`);
  const step = (high - low) / (points - 1);
  const x = Array.from({ length: points }, (_, i) => low + i * step);
  const lags = x.slice(0, Math.floor(points / 2)).map((_, lag) => lag * step);
  const gradients: Curve[] = [];
  const correlations: Curve[] = [];
  for (const name of at.outputs) {
    const sums = new Float64Array(lags.length);
    for (let network = 0; network < networks; network++) {
      const slopes = slopesOf(subject, name, x, network);
      if (network === 0) gradients.push({ name, x, y: slopes });
      for (const [lag, value] of autocorrelation(slopes, lags.length).entries()) sums[lag] = (sums[lag] as number) + value / networks;
    }
    correlations.push({ name, x: lags, y: [...sums] });
  }
  const half = ({ y }: Curve) => (lags[y.findIndex((value) => value < 0.5)] ?? high - low) as number;
  return {
    figures: Object.fromEntries(correlations.map((curve) => [curve.name, half(curve)])),
    findings: [
      {
        kind: "curves",
        title: "Autocorrelation of the gradient",
        x: { label: "distance between inputs" },
        y: { label: "correlation" },
        curves: correlations,
      },
      { kind: "curves", title: "Gradient by the input, of one network", x: { label: "input" }, y: { label: "gradient" }, curves: gradients },
    ],
  };
}

/** The derivative of an output's mean by its input at each place, of the network with fresh weights of that number. */
function slopesOf(subject: Subject, name: string, x: readonly number[], network: number): number[] {
  const plan = subject.program.plan([outputNamed(subject, name)]);
  const input = onlyInput(plan);
  if (input.type.shape.slice(1).some((dim) => dim !== 1))
    throw new AnalysisError(`"${name}" takes more than one number, so that its gradient is no curve.`);
  return tf.tidy(() => {
    const weights: tf.Tensor[] = [];
    for (const index of plan.variables) {
      const { spec, name: variable } = subject.program.variables[index] as (typeof subject.program.variables)[number];
      weights[index] = tf.tensor(initialise(spec, rng(subject.seed + network, "weights", variable)), [...spec.shape], "float32");
    }
    const places = tf.tensor(x as number[], [x.length, ...input.type.shape.slice(1).map(() => 1)], "float32");
    const [gradient] = gradientsOf(() => {
      const feeds = { [input.key]: places };
      const { outputs, updates } = plan.run({ feeds, weights, training: true, step: 0, seed: subject.seed + network, batch: x.length });
      tf.dispose([...updates.values()]);
      const y = outputs[0] as tf.Tensor;
      return tf.mul(tf.sum(y), x.length / y.size);
    }, [places]);
    return gradient ? [...gradient.dataSync()] : x.map(() => 0);
  });
}

/** Correlation of a series with itself, shifted by 0, 1, … places. A constant series correlates fully. */
export function autocorrelation(values: readonly number[], lags: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const centred = values.map((value) => value - mean);
  const variance = centred.reduce((sum, value) => sum + value * value, 0) / values.length;
  return Array.from({ length: lags }, (_, lag) => {
    if (variance === 0) return 1;
    let sum = 0;
    for (let i = 0; i + lag < centred.length; i++) sum += (centred[i] as number) * (centred[i + lag] as number);
    return sum / (centred.length - lag) / variance;
  });
}
