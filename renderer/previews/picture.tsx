import { useEffect, useRef, useState } from "react";
import { onThemeChange, tokenColour } from "../theme/theme.ts";

/** Draws on a canvas whose units are CSS pixels. */
export type Draw = (context: CanvasRenderingContext2D, width: number, height: number) => void;

interface Props {
  readonly draw: Draw;
  readonly width: number;
  readonly height: number;
  /** What it shows, for those who do not see it. */
  readonly label: string;
  readonly className?: string;
}

/** A canvas as sharp as the screen, drawn again with new data or another theme. */
export function Picture({ draw, width, height, label, className }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const again = () => setTheme((count) => count + 1);
    const element = canvas.current;
    // What was drawn is gone when the graphics process has crashed.
    element?.addEventListener("contextrestored", again);
    const stop = onThemeChange(again);
    return () => {
      element?.removeEventListener("contextrestored", again);
      stop();
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours are read while drawing.
  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return;
    const scale = window.devicePixelRatio || 1;
    element.width = Math.round(width * scale);
    element.height = Math.round(height * scale);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    draw(context, width, height);
  }, [draw, width, height, theme]);
  return <canvas ref={canvas} className={className} style={{ width, height }} role="img" aria-label={label} />;
}

const classHues = [
  "--hue-convolution",
  "--hue-data",
  "--hue-activation",
  "--hue-attention",
  "--hue-sampling",
  "--hue-dense",
  "--hue-loss",
  "--hue-flow",
  "--hue-graph",
  "--hue-normalisation",
] as const;

/** The token of a class's colour; ten of them, then again from the first. */
export const classHue = (label: number): `--${string}` => classHues[((label % classHues.length) + classHues.length) % classHues.length] ?? "--accent";

/** The colours of classes as they are now, for a canvas. */
export const classColours = (): string[] => classHues.map(tokenColour);
