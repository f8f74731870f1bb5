import * as Plot from "@observablehq/plot";
import type { Palette } from "./palette_png.ts";

/** Palette of levels; all of them grow from dark to light, or light to dark. */
export type Scheme = "magma" | "viridis" | "greys";

/** Names of the palettes of levels. */
export const SCHEMES: readonly Scheme[] = ["magma", "viridis", "greys"];

/** Numbers of colours: 0 is transparent and stands for NaN. */
export const COLOURS = 255;

const made = new Map<string, Palette>();

/** Palette of levels. */
export function levelPalette(scheme: Scheme): Palette {
  return paletteOf({ type: "linear", scheme, domain: [0, 1] });
}

/** Palette of weights: blue below zero, white at it, red above. */
export function weightPalette(): Palette {
  const reverse = true;
  return paletteOf({ type: "linear", scheme: "RdBu", reverse, domain: [0, 1] });
}

/**
 * Numbers of colours for values between two ends; values beyond them get the
 * colours of the ends.
 */
export function coloured(
  values: Float32Array,
  [low, high]: readonly [number, number],
): Uint8Array {
  const steps = COLOURS - 1;
  const perStep = high > low ? steps / (high - low) : 0;
  return Uint8Array.from(values, (value) => {
    const step = Math.round((value - low) * perStep);
    return Number.isNaN(step) ? 0 : 1 + Math.min(steps, Math.max(0, step));
  });
}

function paletteOf(options: Plot.ScaleOptions & { scheme: string }): Palette {
  const known = made.get(options.scheme);
  if (known) return known;
  const { apply } = Plot.scale({ color: options as Plot.ScaleOptions });
  const palette = new Uint8Array(3 * (COLOURS + 1));
  for (let i = 0; i < COLOURS; i++) {
    palette.set(rgbOf(String(apply(i / (COLOURS - 1)))), 3 * (i + 1));
  }
  made.set(options.scheme, palette);
  return palette;
}

/** Plot names colours both ways. */
function rgbOf(colour: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(colour)?.slice(1);
  if (hex) return hex.map((byte) => parseInt(byte, 16));
  return [...colour.matchAll(/\d+/g)].map(Number);
}
