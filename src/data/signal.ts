/** Small pieces of signal processing that generators share. */

/** The value at a fractional position, linear between samples; positions beyond the ends give the end samples. */
export function sampleAt(signal: ArrayLike<number>, position: number): number {
  const last = signal.length - 1;
  const at = Math.min(Math.max(position, 0), last);
  const left = Math.floor(at);
  const right = Math.min(left + 1, last);
  return (signal[left] as number) + (at - left) * ((signal[right] as number) - (signal[left] as number));
}

/** Resamples to `length` evenly spaced positions, ends on ends. */
export const resample = (signal: ArrayLike<number>, length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => sampleAt(signal, (i * (signal.length - 1)) / (length - 1)));

/** Convolution with a Gaussian cut off at four standard deviations, the signal mirrored at its ends (edge samples doubled). */
export function gaussianSmooth(signal: ArrayLike<number>, sigma: number): Float64Array {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Float64Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)));
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const period = 2 * signal.length;
  return Float64Array.from({ length: signal.length }, (_, i) => {
    let sum = 0;
    for (let j = -radius; j <= radius; j++) {
      const wrapped = (((i + j) % period) + period) % period;
      const at = wrapped < signal.length ? wrapped : period - 1 - wrapped;
      sum += (kernel[j + radius] as number) * (signal[at] as number);
    }
    return sum / total;
  });
}

/** Mean and (population) standard deviation. */
export function meanAndDeviation(values: ArrayLike<number>): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] as number) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
