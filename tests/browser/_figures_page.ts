// Entry of the bundle with figures that Chromium opens.
import { sampleFigure } from "./_sample_figure.ts";

Object.assign(globalThis, {
  svg: () => sampleFigure().svg,
  png: async () => (await sampleFigure().toPng({ scale: 1 })).toBase64(),
});
