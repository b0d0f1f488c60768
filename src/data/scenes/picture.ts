import type { Rng } from "../../tensor/random.ts";

/** Pictures put together from generated ground and objects with exact masks: `[size, size, 3]`, 0 to 1. */

export type Colour = readonly [red: number, green: number, blue: number];

/** A square picture that is being painted; `pixels` is a part of a data set's own array. */
export interface Scene {
  readonly size: number;
  readonly pixels: Float32Array;
}

/** How much of pixel (x, y) an object covers, 0 to 1, and in which colour. */
export type Paint = (x: number, y: number) => { readonly cover: number; readonly colour: Colour } | undefined;

export const anyColour = (random: Rng): Colour => [random.uniform(), random.uniform(), random.uniform()];

const difference = (a: Colour, b: Colour): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** A colour that stands out from another. */
export function contrasting(random: Rng, ground: Colour): Colour {
  for (let attempt = 0; attempt < 50; attempt++) {
    const colour = anyColour(random);
    if (difference(colour, ground) > 0.45) return colour;
  }
  const away = (value: number) => (value < 0.5 ? 1 : 0);
  return [away(ground[0]), away(ground[1]), away(ground[2])];
}

/** Fills a scene with a colour, waves of light and dark across it, and a little noise; returns the colour. */
export function paintGround({ size, pixels }: Scene, random: Rng, noise = 0.04): Colour {
  const ground = anyColour(random);
  const waves = [0, 1].map(() => {
    const angle = 2 * Math.PI * random.uniform();
    const turns = ((1 + 3 * random.uniform()) * 2 * Math.PI) / size;
    return { across: turns * Math.cos(angle), down: turns * Math.sin(angle), at: 2 * Math.PI * random.uniform(), height: 0.1 * random.uniform() };
  });
  const grain = random.fillNormal(new Float32Array(size * size * 3));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const light = waves.reduce((sum, { across, down, at, height }) => sum + height * Math.sin(across * x + down * y + at), 0);
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * size + x) + c;
        pixels[at] = clamp((ground[c] as number) + light + noise * (grain[at] as number));
      }
    }
  }
  return ground;
}

/** Lays an object over a scene. `hit` hears of every pixel that it covers at least half. */
export function paint({ size, pixels }: Scene, object: Paint, hit: (x: number, y: number) => void = () => undefined): void {
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const found = object(x, y);
      if (found === undefined || found.cover <= 0) continue;
      if (found.cover >= 0.5) hit(x, y);
      for (let c = 0; c < 3; c++) {
        const at = 3 * (y * size + x) + c;
        pixels[at] = clamp((1 - found.cover) * (pixels[at] as number) + found.cover * (found.colour[c] as number));
      }
    }
  }
}

/** The share of a pixel, by 3 × 3 points in it, that lies inside an outline. */
export function coverage(x: number, y: number, inside: (x: number, y: number) => boolean): number {
  let count = 0;
  for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) if (inside(x + (i + 0.5) / 3, y + (j + 0.5) / 3)) count++;
  return count / 9;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
