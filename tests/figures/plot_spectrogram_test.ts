import type { StimMeta, Tensor } from "rxephys";
import { plotSpectrogram } from "rxephys/figures";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { binsOf, imagesOf, textsOf, ticksOf } from "./_drawn.ts";

const F = 53;
const T = 40;

/** A ramp over time and frequency in dB, bands of six an octave from 100 Hz. */
function ramp(): Tensor {
  return {
    data: Float32Array.from({ length: F * T }, (_, i) => i / (F * T - 1) * 60),
    shape: [1, F, T],
    dtMs: 5,
    unit: "dB",
    bandsHz: Array.from({ length: F }, (_, f) => 100 * 2 ** (f / 6)),
  };
}

Deno.test("plotSpectrogram: the image holds a pixel for each bin, low bands below", () => {
  const [image, bar] = imagesOf(plotSpectrogram(ramp()));
  assert(image && bar);
  const bins = binsOf(image, F, T);
  for (let f = 0; f < F; f++) {
    for (let t = 0; t < T; t++) {
      const share = (f * T + t) / (F * T - 1);
      const number = itemAt(itemAt(bins, F - 1 - f), t);
      assertEquals(number, 1 + Math.round(Math.fround(share * 60) * 254 / 60));
    }
  }
});

Deno.test("plotSpectrogram: colours run from the first to the last of magma", () => {
  const figure = plotSpectrogram(ramp());
  const image = itemAt(imagesOf(figure), 0);
  assertEquals(image.colour(image.rows - 1, 0), "000004");
  assertEquals(image.colour(0, image.columns - 1), "fcfdbf");
  const bar = itemAt(imagesOf(figure), 1);
  assertEquals([bar.colour(0, 0), bar.colour(bar.rows - 1, 0)], [
    "fcfdbf",
    "000004",
  ]);
  const grey = itemAt(
    imagesOf(plotSpectrogram(ramp(), { scheme: "greys" })),
    0,
  );
  assertEquals(grey.colour(grey.rows - 1, 0), "ffffff");
});

for (const scheme of ["magma", "viridis", "greys"] as const) {
  Deno.test(`plotSpectrogram: ${scheme} keeps its order when printed in grey`, () => {
    const bar = itemAt(imagesOf(plotSpectrogram(ramp(), { scheme })), 1);
    const greys = Array.from({ length: bar.rows }, (_, row) => {
      const [r = 0, g = 0, b = 0] = Uint8Array.fromHex(bar.colour(row, 0));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    });
    if (scheme !== "greys") greys.reverse();
    // Colours are rounded to whole numbers.
    assert(greys.every((grey, i) => grey > (greys[i - 1] ?? -1) - 0.5));
    assert(itemAt(greys, greys.length - 1) - itemAt(greys, 0) > 150);
  });
}

Deno.test("plotSpectrogram: the axes are in s and kHz", () => {
  const figure = plotSpectrogram(ramp());
  const image = itemAt(imagesOf(figure), 0);
  const texts = textsOf(figure);
  assert(["time (s)", "frequency (kHz)", "dB"].every((t) => texts.includes(t)));
  const seconds = ticksOf(figure, "x");
  for (const [text, px] of seconds) {
    const share = (px - image.x) / image.width;
    assertAlmostEquals(share * T * 0.005, Number(text), 1e-9);
  }
  const kHz = ticksOf(figure, "y");
  assertEquals(kHz.map(([text]) => text), [
    ...["0.1", "0.2", "0.5", "1", "2", "5", "10", "20"],
  ]);
  // A band's centre is in the middle of its row of pixels.
  for (const [text, px] of kHz) {
    const band = 6 * Math.log2(Number(text) * 10);
    const row = image.y + image.height * (1 - (band + 0.5) / F);
    assertAlmostEquals(px, row, 1e-9);
  }
});

Deno.test("plotSpectrogram: bands without frequencies are numbered", () => {
  const { bandsHz: _, ...stim } = ramp();
  const figure = plotSpectrogram(stim);
  assert(textsOf(figure).includes("band"));
  assertEquals(ticksOf(figure, "y").map(([text]) => text), [
    ...["0", "10", "20", "30", "40", "50"],
  ]);
});

Deno.test("plotSpectrogram: limits cut bins and bands, and the axes with them", () => {
  const figure = plotSpectrogram(ramp(), { timeS: [0.05, 0.1], khz: [1, 4] });
  const image = itemAt(imagesOf(figure), 0);
  const bands = ramp().bandsHz?.filter((hz) => hz >= 1000 && hz <= 4000) ?? [];
  assertEquals(bands.length, 12);
  // The levels are those of the part.
  const bins = binsOf(image, bands.length, 10);
  assertEquals([bins.at(-1)?.[0], bins[0]?.[9]], [1, 255]);
  const seconds = ticksOf(figure, "x").map(([text]) => Number(text));
  assert(seconds.every((s) => s >= 0.05 && s <= 0.1));
  // The lowest band, of 1008 Hz, reaches below 1 kHz.
  assertEquals(ticksOf(figure, "y").map(([text]) => text), ["1", "2"]);
});

Deno.test("plotSpectrogram: of dB the upper 80 are drawn, unless levels are given", () => {
  const stim = { ...ramp(), data: ramp().data.map((x) => 4 * x) };
  const lowest = (levels?: [number, number]): number => {
    const options = levels ? { levels } : {};
    const image = itemAt(imagesOf(plotSpectrogram(stim, options)), 0);
    return [...image.numbers].filter((number) => number === 1).length /
      image.numbers.length;
  };
  assertAlmostEquals(lowest(), 160 / 240, 0.01);
  assertAlmostEquals(lowest([0, 240]), 0, 0.01);
});

Deno.test("plotSpectrogram: NaN is transparent", () => {
  const data = Float32Array.of(0, NaN, 2, 3);
  const figure = plotSpectrogram({ data, shape: [2, 2], dtMs: 5 });
  const image = itemAt(imagesOf(figure), 0);
  assertEquals(binsOf(image, 2, 2), [[170, 255], [1, 0]]);
});

Deno.test("plotSpectrogram: silence has the lowest colour and an axis of levels", () => {
  for (const level of [0, -80, NaN]) {
    const data = new Float32Array(4).fill(level);
    const figure = plotSpectrogram({ data, shape: [2, 2], dtMs: 5 });
    const number = Number.isNaN(level) ? 0 : 1;
    assertEquals(binsOf(itemAt(imagesOf(figure), 0), 2, 2), [
      [number, number],
      [number, number],
    ]);
    assert(!figure.svg.includes("NaN"));
  }
});

Deno.test("plotSpectrogram: the title comes from the metadata", () => {
  const titled = (stim: StimMeta): string =>
    plotSpectrogram(ramp(), { stim }).title;
  assertEquals(titled({ name: "a.wav" }), "a.wav");
  assertEquals(titled({ description: "rain", category: "noise" }), "rain");
  assertEquals(titled({ category: "noise", idx: 3 }), "noise 3");
  assertEquals(titled({}), "");
});

Deno.test("plotSpectrogram: leaves its input unchanged", () => {
  const stim = ramp();
  plotSpectrogram(stim, { timeS: [0.05, 0.1] });
  assertEquals(stim, ramp());
});

const refusals: readonly [string, Partial<Tensor>, object, string][] = [
  [
    "a waveform",
    { shape: [1, F * T], samplesPerBin: 5 },
    {},
    "the stimulus has shape (1, 2120) and is a waveform, " +
    "expected a spectrogram (1, F, T) or (F, T)",
  ],
  [
    "a batch",
    { shape: [2, 1, F, T / 2] },
    {},
    "the stimulus has shape (2, 1, 53, 20), " +
    "expected a spectrogram (1, F, T) or (F, T)",
  ],
  [
    "bins without a width",
    { dtMs: 0 },
    {},
    "dtMs is 0, expected the width of a bin in ms",
  ],
  [
    "a time beyond its end",
    {},
    { timeS: [1, 2] },
    "timeS is 1 to 2, expected a range within 0 to 0.2 s",
  ],
  [
    "frequencies that it has not",
    {},
    { khz: [60, 70] },
    "khz is 60 to 70, expected a range within 0.1 to 40.63746693",
  ],
  [
    "frequencies that are not known",
    { bandsHz: [] },
    { khz: [1, 2] },
    "bandsHz has 0 bands, expected 53",
  ],
  [
    "levels that are no range",
    {},
    { levels: [3, 3] },
    "levels is 3 to 3, expected two numbers, the lower one first",
  ],
  [
    "a palette that it has not",
    {},
    { scheme: "jet" },
    "scheme is jet, expected magma, viridis, greys",
  ],
  ["a width of 0", {}, { width: 0 }, "width is 0, expected 160 to 10000"],
  [
    "an unknown option",
    {},
    { time: 3 },
    "there is no option time, expected timeS",
  ],
];
for (const [name, change, options, message] of refusals) {
  Deno.test(`plotSpectrogram: refuses ${name}`, () => {
    assertThrows(
      () => plotSpectrogram({ ...ramp(), ...change }, options),
      RangeError,
      `Cannot plot a spectrogram: ${message}`,
    );
  });
}
