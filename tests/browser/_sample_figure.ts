import { type Figure, plotStimulusResponse } from "rxephys/figures";

/** A figure with images, lines, text and a legend. */
export function sampleFigure(): Figure {
  const [F, T, R] = [12, 60, 3];
  const wave = (length: number): Float32Array =>
    Float32Array.from({ length }, (_, i) => Math.sin(i / 7) * (i % 5));
  return plotStimulusResponse(
    {
      data: wave(F * T),
      shape: [1, F, T],
      dtMs: 5,
      unit: "dB",
      bandsHz: Array.from({ length: F }, (_, f) => 200 * 2 ** (f / 2)),
    },
    { data: wave(R * T), shape: [R, T], dtMs: 5, unit: "mV" },
    { prediction: wave(T), title: `<img src=x onerror="alert(1)"> & more` },
  );
}
