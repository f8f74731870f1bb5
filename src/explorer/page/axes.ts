import { ticks } from "./ticks.ts";

/** Colours of the page, dark or light. */
export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly bad: string;
}

/** A rectangle of the canvas with axes. */
export interface Axes {
  readonly context: CanvasRenderingContext2D;
  readonly ink: Ink;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Seconds on the left and right. */
  readonly timeS: readonly [number, number];
  /** Values at the bottom and top. */
  readonly values: readonly [number, number];
}

/** Writes a title above axes. */
export function drawTitle(axes: Axes, text: string, colour?: string): void {
  const { context, ink, left, top, width } = axes;
  context.fillStyle = colour ?? ink.soft;
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.fillText(text, left, top - 2, width);
}

/** Draws the frame and the ticks of the values. */
export function drawFrame(
  axes: Axes,
  labels: (value: number) => string = String,
  at: readonly number[] = ticks(axes.values, Math.max(2, axes.height / 18)),
): void {
  const { context, ink, left, top, width, height, values } = axes;
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  context.fillStyle = ink.soft;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const [low, high] = values;
  for (const value of at) {
    const y = top + height - (value - low) / (high - low) * height;
    context.fillText(labels(value), left - 5, y);
  }
}

/** Draws the ticks of the time below the last axes. */
export function drawTime(
  { context, ink, left, top, width, height, timeS }: Axes,
): void {
  const [start, end] = timeS;
  context.fillStyle = ink.soft;
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const second of ticks(timeS, width / 90)) {
    const x = left + (second - start) / (end - start) * width;
    context.fillText(`${second} s`, x, top + height + 3);
  }
}

/**
 * Draws samples as a line; where many share a pixel, their least and greatest.
 *
 * @param stepS Distance of two samples in s; the first is at 0 s.
 */
export function drawLine(
  { context, left, top, width, height, timeS: [start, end], values }: Axes,
  samples: ArrayLike<number>,
  stepS: number,
  { colour, thick = 1, alpha = 1 }: {
    readonly colour: string;
    readonly thick?: number;
    readonly alpha?: number;
  },
): void {
  const [low, high] = values;
  const yOf = (value: number): number =>
    top + height - (value - low) / (high - low) * height;
  const perPixel = (end - start) / width / stepS;
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  context.beginPath();
  if (perPixel > 2) {
    for (let x = 0; x < width; x++) {
      const from = Math.floor(x * perPixel);
      const to = Math.min(samples.length, Math.floor((x + 1) * perPixel) + 1);
      let [least, most] = [Infinity, -Infinity];
      for (let i = from; i < to; i++) {
        const value = samples[i] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (least > most) break;
      context.lineTo(left + x, yOf(most));
      context.lineTo(left + x, yOf(least));
    }
  } else {
    for (let i = 0; i < samples.length; i++) {
      context.lineTo(
        left + ((i + 0.5) * stepS - start) / (end - start) * width,
        yOf(samples[i] as number),
      );
    }
  }
  context.strokeStyle = colour;
  context.globalAlpha = alpha;
  context.lineWidth = thick;
  context.stroke();
  context.restore();
}
