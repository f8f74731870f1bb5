import type * as Plot from "@observablehq/plot";
import { roundTicks } from "./ticks.ts";

/** Least distance of two labels of the axis. */
const APART_PX = 14;

/**
 * Axis over rows of bands: row `i` reaches from `i` to `i + 1`. Where their
 * frequencies are known, 1, 2, 5, 10, ... kHz are marked at their places between
 * the centres of the bands, on a logarithmic scale.
 *
 * @param px Height of the axis.
 */
export function bandAxis(
  bandsHz: readonly number[] | undefined,
  bands: number,
  px: number,
): Plot.ScaleOptions {
  const domain = [0, bands];
  if (bandsHz === undefined) {
    const ticks = roundTicks(0, bands - 1, px / 30).filter(Number.isInteger);
    return {
      domain,
      label: "band",
      ticks: ticks.map((band) => band + 0.5),
      tickFormat: (at: number) => String(at - 0.5),
    };
  }
  const places = new Map<number, string>();
  let last = -Infinity;
  for (const hz of roundFrequencies(bandsHz)) {
    const place = placeOf(bandsHz, hz);
    if (place < 0 || place > bands) continue;
    if ((place - last) * px / bands < APART_PX) continue;
    places.set(place, String(hz / 1000));
    last = place;
  }
  return {
    domain,
    label: "frequency (kHz)",
    ticks: [...places.keys()],
    tickFormat: (place: number) => places.get(place) ?? "",
  };
}

/** Place of a frequency on the axis; beyond the last centre, extrapolated. */
export function placeOf(bandsHz: readonly number[], hz: number): number {
  if (bandsHz.length === 1) return 0.5;
  const above = bandsHz.findIndex((centre) => centre > hz);
  const next = above < 0 ? bandsHz.length - 1 : Math.max(1, above);
  const [low = NaN, high = NaN] = bandsHz.slice(next - 1, next + 1);
  return next - 0.5 + Math.log(hz / low) / Math.log(high / low);
}

/** 1, 2 and 5 times powers of ten, from below the lowest band to the highest. */
function roundFrequencies(bandsHz: readonly number[]): number[] {
  const [low = 1, high = 1] = [bandsHz[0], bandsHz.at(-1)];
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(low)); 10 ** power <= high; power++) {
    found.push(...[1, 2, 5].map((factor) => factor * 10 ** power));
  }
  return found;
}
