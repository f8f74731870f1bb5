import * as Plot from "@observablehq/plot";
import type { Tensor } from "rxephys";
import { plotSpectrogram } from "rxephys/figures";
import { DOCUMENT } from "../../src/platform/document.ts";

const BANDS = 53;

/** Noise over a slow modulation, as hard to deflate as a recorded sound. */
function sound(bins: number): Tensor {
  const data = Float32Array.from(
    { length: BANDS * bins },
    (_, i) => 30 * Math.sin(i / 40) + 20 * Math.sin(i * i),
  );
  return { data, shape: [1, BANDS, bins], dtMs: 5, unit: "dB" };
}

/** A rectangle of SVG for each bin, as Plot draws heat maps without a canvas. */
function plotCells({ data, shape: [, , bins = 0] }: Tensor): string {
  const svg: { readonly outerHTML: string } = Plot.plot({
    document: DOCUMENT as unknown as Document,
    width: 720,
    height: 220,
    x: { axis: null },
    y: { axis: null, reverse: true },
    color: { scheme: "magma" },
    marks: [
      Plot.cell(data, {
        x: (_: number, i: number) => i % bins,
        y: (_: number, i: number) => Math.floor(i / bins),
        fill: (level: number) => level,
      }),
    ],
  });
  return svg.outerHTML;
}

const short = sound(300);
const ours = plotSpectrogram(short).svg;
const cells = plotCells(short).match(/<rect /g)?.length;
if (cells !== BANDS * 300 || !ours.includes("<image")) {
  throw new Error(`Plot drew ${cells} bins, expected ${BANDS * 300}`);
}

Deno.bench({
  name: "Plot.cell",
  group: "53 x 300",
  baseline: true,
  fn: () => void plotCells(short),
});
Deno.bench({
  name: "plotSpectrogram",
  group: "53 x 300",
  fn: () => void plotSpectrogram(short),
});

for (const bins of [3000, 30_000]) {
  const stim = sound(bins);
  const kilobytes = Math.round(plotSpectrogram(stim).svg.length / 1000);
  Deno.bench({
    name: `plotSpectrogram, ${kilobytes} kB`,
    group: `53 x ${bins}`,
    fn: () => void plotSpectrogram(stim),
  });
}
