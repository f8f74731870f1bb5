import {
  type CoverageInput,
  plotCoverage,
  plotHistogram,
  plotScatter,
} from "rxephys/figures";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import {
  binsOf,
  elementsOf,
  imagesOf,
  numberOf,
  textsOf,
  ticksOf,
} from "./_drawn.ts";

const ROWS = [
  { snr: 1, ccmax: 0.5, name: "a" },
  { snr: 3, ccmax: 0.9, name: "<b>b</b>" },
  { snr: null, ccmax: null, name: "c" },
  { snr: NaN, ccmax: 0.2, name: "d" },
];

Deno.test("plotScatter: a dot for each row with both values", () => {
  const figure = plotScatter(ROWS, { x: "snr", y: "ccmax", name: "name" });
  const dots = elementsOf(figure, "circle");
  const ticks = ticksOf(figure, "x");
  const pxOf = (value: number): number =>
    ticks.find(([text]) => Number(text) === value)?.[1] ?? NaN;
  assertEquals(dots.length, 2);
  assertAlmostEquals(numberOf(itemAt(dots, 0), "cx"), pxOf(1), 0.01);
  assertAlmostEquals(numberOf(itemAt(dots, 1), "cx"), pxOf(3), 0.01);
  const texts = textsOf(figure);
  for (
    const text of ["SNR", "CCmax", "a", "<b>b</b>", "n = 2, 2 without a value"]
  ) {
    assert(texts.includes(text), text);
  }
  assert(!figure.svg.includes("<b>"));
});

Deno.test("plotScatter: the identity line joins equal values of both axes", () => {
  const options = { x: "snr", y: "ccmax", identity: true } as const;
  const figure = plotScatter(ROWS, options);
  const [line] = elementsOf(figure, "line[stroke-dasharray]");
  assert(line);
  const [x, y] = [ticksOf(figure, "x"), ticksOf(figure, "y")];
  const share = (px: number, from: number, to: number): number =>
    (px - from) / (to - from);
  for (const [text, px] of x) {
    const same = y.find(([other]) => Number(other) === Number(text));
    if (same === undefined) continue;
    assertAlmostEquals(
      share(px, numberOf(line, "x1"), numberOf(line, "x2")),
      share(same[1], numberOf(line, "y1"), numberOf(line, "y2")),
      1e-3,
    );
  }
});

Deno.test("plotScatter: refuses a table without values", () => {
  assertThrows(
    () => plotScatter(ROWS.slice(2), { x: "snr", y: "ccmax" }),
    RangeError,
    "Cannot plot points: no row of 2 has numbers snr and ccmax",
  );
});

const MASKS: CoverageInput = {
  nrnMasks: [[true, false], [true, true], [false, true]],
  nrnMeta: [{ cellId: "<i>a" }, { session: "b" }],
};

Deno.test("plotCoverage: a row for each cell, a column for each stimulus", () => {
  const figure = plotCoverage(MASKS);
  const image = itemAt(imagesOf(figure), 0);
  assertEquals(binsOf(image, 2, 3), [[255, 255, 1], [1, 255, 255]]);
  assertEquals(ticksOf(figure, "y").map(([text]) => text), ["<i>a", "b"]);
  assertEquals(ticksOf(figure, "x").map(([text]) => text), ["0", "1", "2"]);
  assertEquals(figure.title, "2 cells, 3 stimuli, 67 % heard");
});

Deno.test("plotCoverage: many cells are numbered", () => {
  const figure = plotCoverage({
    nrnMasks: [Array(200).fill(true)],
    nrnMeta: Array.from({ length: 200 }, (_, n) => ({ cellId: `cell ${n}` })),
  });
  assertEquals(ticksOf(figure, "y").map(([text]) => text).slice(0, 3), [
    "0",
    "20",
    "40",
  ]);
});

Deno.test("plotCoverage: refuses masks of another size", () => {
  assertThrows(
    () => plotCoverage({ ...MASKS, nrnMasks: [[true]] }),
    RangeError,
    "Cannot plot the coverage: there are 1 stimuli and 2 cells, " +
      "expected a row of masks for each stimulus and a mask for each cell",
  );
});

const SAMPLES = {
  data: Float32Array.of(0, 0, 1, 3, NaN, 4),
  shape: [2, 3],
  dtMs: 1,
  unit: "mV",
};

/** Heights of the bars in percent. */
function sharesOf(
  figure: ReturnType<typeof plotHistogram>,
  panel: number,
): number[] {
  const bars = elementsOf(figure, "path")
    .map((path) => path.getAttribute("d") ?? "")
    .filter((d) => d.endsWith("Z"));
  const ticks = ticksOf(figure, "y", panel);
  const [[, bottom], [text, px]] = [itemAt(ticks, 0), itemAt(ticks, 1)];
  return [...itemAt(bars, panel).matchAll(/V([\d.]+)H/g)].map(([, top]) =>
    Math.round((Number(top) - bottom) / (px - bottom) * Number(text))
  );
}

Deno.test("plotHistogram: percent of the samples in each bar, without NaN", () => {
  const figure = plotHistogram(SAMPLES, { bars: 4 });
  assertEquals(sharesOf(figure, 0), [40, 20, 0, 40]);
  assert(textsOf(figure).includes("mean 1.6, SD 1.62"));
  assert(textsOf(figure).includes("Vm (mV)"));
});

Deno.test("plotHistogram: before and after, side by side", () => {
  const after = { ...SAMPLES, data: SAMPLES.data.map((x) => x - 1) };
  const figure = plotHistogram([SAMPLES, SAMPLES], { after, bars: 4 });
  assertEquals(sharesOf(figure, 0), [40, 20, 0, 40]);
  assertEquals(sharesOf(figure, 1), [40, 20, 0, 40]);
  const texts = textsOf(figure);
  assert(texts.includes("before: mean 1.6, SD 1.62"));
  assert(texts.includes("after: mean 0.6, SD 1.62"));
});

Deno.test("plotHistogram: samples beyond the range count in the shares", () => {
  const figure = plotHistogram(SAMPLES, { bars: 2, range: [0, 2] });
  assertEquals(sharesOf(figure, 0), [40, 20]);
});

Deno.test("plotHistogram: refuses bars and ranges that are none", () => {
  const refused = (options: object, message: string): void =>
    void assertThrows(
      () => plotHistogram(SAMPLES, options),
      RangeError,
      `Cannot plot a histogram: ${message}`,
    );
  refused({ bars: 1 }, "bars is 1, expected 2 to 1000");
  refused(
    { range: [1, 1] },
    "the range is 1 to 1, expected two numbers, the lower one first",
  );
  refused({ bins: 10 }, "there is no option bins, expected");
});
