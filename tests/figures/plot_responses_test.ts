import type { CellResponse, Tensor } from "rxephys";
import {
  type Figure,
  plotPsthVsPrediction,
  plotStimulusResponse,
  plotTrials,
  plotVm,
} from "rxephys/figures";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { elementsOf, imagesOf, pointsOf, textsOf, ticksOf } from "./_drawn.ts";

const NONE = NaN;

function tensor(rows: readonly number[][], unit?: string): Tensor {
  const [first = []] = rows;
  return {
    data: Float32Array.from(rows.flat()),
    shape: [rows.length, first.length],
    dtMs: 10,
    ...(unit !== undefined && { unit }),
  };
}

const VM = tensor([[0, 1, 2, 3], [2, 1, 4, 5], [NONE, 1, 3, 4]], "mV");
const COUNTS = tensor([
  [0, 1, 0, 0, 0, 0, 0, 0],
  [0, 2, 0, 1, 0, 0, 0, 0],
], "spikes");
const FEW = tensor([[0, 1, 0, 0], [0, 2, 0, 1]], "spikes");

/** Values of a line, read back by the ticks of its panel. */
function valuesOf(figure: Figure, path: number, panel: number): number[] {
  const d = itemAt(pathsOf(figure), path);
  return pointsOf(d).map(([, py]) => valueAt(figure, "y", panel, py));
}

/** Paths with a line or an area, without ticks and legends. */
function pathsOf(figure: Figure): string[] {
  return elementsOf(figure, "path:not([transform])")
    .map((path) => path.getAttribute("d") ?? "")
    .filter((d) => /^M[\d.]+,[\d.]+[LM]/.test(d));
}

function valueAt(
  figure: Figure,
  axis: "x" | "y",
  panel: number,
  px: number,
): number {
  const ticks = ticksOf(figure, axis, panel);
  const [[low, from], [high, to]] = [itemAt(ticks, 0), itemAt(ticks, 1)];
  const [a, b] = [low, high].map((text) => Number(text.replace("\u2212", "-")));
  return Number(a) + (px - from) / (to - from) * (Number(b) - Number(a));
}

function near(values: readonly number[], expected: readonly number[]): void {
  assertEquals(values.length, expected.length);
  // A tenth of a pixel of a hundred.
  values.forEach((v, i) => assertAlmostEquals(v, itemAt(expected, i), 0.02));
}

Deno.test("plotTrials: a line for each repeat, broken where it is NaN", () => {
  const figure = plotTrials(VM);
  near(valuesOf(figure, 0, 0), [0, 1, 2, 3]);
  near(valuesOf(figure, 1, 0), [2, 1, 4, 5]);
  near(valuesOf(figure, 2, 0), [1, 3, 4]);
  assertEquals(textsOf(figure).filter((text) => text === "Vm (mV)").length, 2);
  assert(textsOf(figure).includes("3 repeats"));
});

Deno.test("plotTrials: the mean lies in the middle of each bin", () => {
  const figure = plotTrials(VM);
  near(valuesOf(figure, 4, 1), [1, 1, 3, 4]);
  const times = pointsOf(itemAt(pathsOf(figure), 4)).map(([px]) =>
    valueAt(figure, "x", 1, px)
  );
  times.forEach((s, t) => assertAlmostEquals(s, 0.005 + 0.01 * t, 1e-4));
});

Deno.test("plotTrials: the spread of potentials is the standard deviation", () => {
  const area = valuesOf(plotTrials(VM), 3, 1);
  const sd = [Math.SQRT2, 0, 1, 1];
  const mean = [1, 1, 3, 4];
  near(area.slice(0, 4), mean.map((m, i) => m + itemAt(sd, i)));
  near(area.slice(4).reverse(), mean.map((m, i) => m - itemAt(sd, i)));
  assert(textsOf(plotTrials(VM)).includes("SD"));
});

Deno.test("plotTrials: counts of spikes are a raster and spikes/s", () => {
  const figure = plotTrials(COUNTS);
  const raster =
    elementsOf(figure, "path").map((p) => p.getAttribute("d") ?? "")
      .find((d) => /^(M[\d.]+,[\d.]+v[\d.]+)+$/.test(d)) ?? "";
  const marks = [...raster.matchAll(/M([\d.]+),([\d.]+)v/g)];
  const bins = marks.map(([, x]) =>
    Math.floor(valueAt(figure, "x", 0, Number(x)) / 0.01 + 1e-6)
  );
  assertEquals(bins, [1, 1, 3]);
  const rows = marks.map(([, , y]) => Number(y));
  assert(itemAt(rows, 0) < itemAt(rows, 1) && rows[1] === rows[2]);
  near(valuesOf(figure, 1, 1).map((v) => v / 10), [0, 15, 0, 5, 0, 0, 0, 0]);
  const texts = textsOf(figure);
  assert(texts.includes("rate (spikes/s)") && texts.includes("SEM"));
});

Deno.test("plotTrials: the spread of spikes is the standard error", () => {
  const area = valuesOf(plotTrials(COUNTS), 0, 1).slice(0, 4);
  near(area.map((v) => v / 10), [0, 20, 0, 10]);
});

Deno.test("plotTrials: smoothed spikes are a raster in grey levels", () => {
  const smooth = tensor([[0.1, 0.5, 1, 0.5], [0, 0.2, 0.3, 0]], "spikes");
  const figure = plotTrials(smooth);
  const image = itemAt(imagesOf(figure), 0);
  assertEquals(image.colour(0, Math.floor(image.columns * 0.6)), "000000");
  assertEquals(image.colour(image.rows - 1, 0), "ffffff");
  assert(textsOf(figure).includes("spikes"));
});

Deno.test("plotTrials: rates and other units are named as they are", () => {
  const labelOf = (unit: string): string | undefined =>
    textsOf(plotTrials(tensor([[0, 25, 0, 50]], unit)))
      .find((text) => text.includes(unit));
  assertEquals(labelOf("spikes/s"), "rate (spikes/s)");
  assertEquals(labelOf("pA"), "response (pA)");
});

Deno.test("plotTrials: metadata of the cell know spikes after normalization", () => {
  const cell = { signalType: "spikes" as const, cellId: "A-1", area: "A1" };
  const figure = plotTrials(tensor([[0, 0.5, 0, 0, 0]]), { cell });
  const texts = textsOf(figure);
  assert(texts.includes("repeat") && texts.includes("response"));
  assertEquals(figure.title, "A-1, A1");
});

Deno.test("plotTrials: a response of a stream is scaled to its unit", () => {
  const response: CellResponse = {
    repeats: [Int16Array.of(0, 100, 200, 300), Int16Array.of(100, 100)],
    scale: 0.01,
    rateHz: 100,
    kind: "raw",
    unit: "mV",
  };
  const figure = plotTrials(response);
  near(valuesOf(figure, 0, 0), [0, 1, 2, 3]);
  near(valuesOf(figure, 1, 0), [1, 1]);
  near(valuesOf(figure, 3, 1), [0.5, 1, 2, 3]);
});

Deno.test("plotTrials: limits of time cut the lines", () => {
  const figure = plotTrials(VM, { timeS: [0.01, 0.03] });
  near(valuesOf(figure, 0, 0), [1, 2]);
  const ticks = ticksOf(figure, "x", 1).map(([text]) => Number(text));
  assertEquals([ticks.at(0), ticks.at(-1)], [0.01, 0.03]);
});

Deno.test("plotVm: long traces keep the extremes of each pixel", () => {
  const values = Float32Array.from({ length: 100_000 }, (_, t) => t % 7);
  values[54_321] = 100;
  const figure = plotVm({ data: values, shape: [1, 100_000], dtMs: 0.1 });
  const drawn = valuesOf(figure, 0, 0);
  assert(drawn.length < 3000, `${drawn.length} points`);
  assertAlmostEquals(drawn.reduce((a, b) => Math.max(a, b)), 100, 0.5);
});

Deno.test("plotTrials: the spread of long traces keeps the extremes, too", () => {
  const [T, R] = [50_000, 3];
  const data = Float32Array.from({ length: T * R }, (_, i) => i % 5);
  data[20_000] = 300;
  data[20_001] = NONE;
  const figure = plotTrials({ data, shape: [R, T], dtMs: 0.1 });
  assert(figure.svg.length < 150_000, `${figure.svg.length} characters`);
  const area = valuesOf(figure, 3, 1);
  // The other repeats are 0 there: mean 100, deviation 100 sqrt(3).
  const top = area.reduce((a, b) => Math.max(a, b));
  assertAlmostEquals(top, 100 + 100 * Math.sqrt(3), 2);
});

Deno.test("plotTrials: refuses a pair that was never presented", () => {
  const sentinel = { data: Float32Array.of(NaN), shape: [1, 1], dtMs: 5 };
  assertThrows(
    () => plotTrials(sentinel),
    RangeError,
    "Cannot plot trials: the response holds no value, " +
      "expected a cell that heard the stimulus",
  );
});

Deno.test("plotTrials: refuses other shapes and options", () => {
  const refused = (call: () => unknown, message: string): void =>
    void assertThrows(call, RangeError, `Cannot plot trials: ${message}`);
  refused(
    () => plotTrials({ ...VM, shape: [1, 3, 4] }),
    "the response has shape (1, 3, 4), expected (R, T) or (T)",
  );
  const { dtMs: _, ...timeless } = VM;
  refused(
    () => plotTrials(timeless),
    "dtMs is undefined, expected the width of a bin in ms",
  );
  refused(
    () => plotTrials(VM, { height: 150 }),
    "height is 150, expected 200 to 10000",
  );
  refused(
    () => plotTrials(VM, { heigth: 3 } as object),
    "there is no option heigth, expected height",
  );
});

Deno.test("plotVm: the baseline is what the detrending took off", () => {
  const raw = tensor([[1, 2, 3, 4], [10, 20, 30, 40]], "mV");
  const detrended = tensor([[0, 0, 0, 0], [1, -2, 3, -4]], "mV");
  const figure = plotVm(raw, { detrended, repeat: 1 });
  near(valuesOf(figure, 0, 0).map((v) => v / 10), [1, 2, 3, 4]);
  near(valuesOf(figure, 1, 0).map((v) => v / 10), [0.9, 2.2, 2.7, 4.4]);
  near(valuesOf(figure, 2, 1), [1, -2, 3, -4]);
});

Deno.test("plotVm: refuses a repeat that is none, and unlike lengths", () => {
  assertThrows(
    () => plotVm(VM, { repeat: 3 }),
    RangeError,
    "Cannot plot a membrane potential: repeat is 3, expected 0 to 2",
  );
  assertThrows(
    () => plotVm(VM, { detrended: tensor([[1, 2]], "mV") }),
    RangeError,
    "Cannot plot a membrane potential: the detrended repeat has 2 samples, " +
      "expected 4",
  );
});

const STIM: Tensor = {
  data: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7),
  shape: [1, 2, 4],
  dtMs: 10,
  unit: "dB",
};

Deno.test("plotStimulusResponse: three panels share the axis of time", () => {
  const figure = plotStimulusResponse(STIM, VM, { stim: { name: "a" } });
  const [first, second, third] = [0, 1, 2].map((i) => ticksOf(figure, "x", i));
  assertEquals(first, second);
  assertEquals(second, third);
  assertEquals(textsOf(figure).filter((text) => text === "time (s)").length, 1);
  assertEquals(imagesOf(figure).length, 2);
  assertEquals([figure.width, figure.height], [720, 510]);
  assertEquals(figure.title, "a");
});

Deno.test("plotStimulusResponse: one repeat has no panel of repeats", () => {
  const figure = plotStimulusResponse(STIM, tensor([[1, 2, 3, 4]]));
  assertEquals(ticksOf(figure, "x", 1), ticksOf(figure, "x", 0));
  assertEquals(elementsOf(figure, "svg > g").length, 2);
  assert(!textsOf(figure).includes("SD"));
});

Deno.test("plotStimulusResponse: a response in samples reaches as far as the sound", () => {
  const response: CellResponse = {
    repeats: [Int16Array.from({ length: 500 }, (_, t) => t)],
    scale: 1,
    rateHz: 10_000,
    kind: "raw",
  };
  const figure = plotStimulusResponse(STIM, response);
  const image = itemAt(imagesOf(figure), 0);
  const axis = 720 - 56 - 64;
  assertAlmostEquals(image.width, axis * 0.04 / 0.05, 0.01);
});

Deno.test("plotStimulusResponse: draws a prediction in the unit of the axis", () => {
  const prediction = Float32Array.of(0, 1, 0, 0.5);
  const figure = plotStimulusResponse(STIM, FEW, { prediction });
  const last = pathsOf(figure).length - 1;
  near(valuesOf(figure, last, 2).map((v) => v / 10), [0, 10, 0, 5]);
  assert(textsOf(figure).includes("prediction"));
});

Deno.test("plotPsthVsPrediction: mean, model and score", () => {
  const prediction: Tensor = {
    data: Float32Array.of(1, 1, 2, 4),
    shape: [1, 1, 4],
  };
  const figure = plotPsthVsPrediction(VM, prediction, {
    timeS: [0.01, 0.04],
    model: "ridge",
    score: 0.93414,
  });
  near(valuesOf(figure, 1, 0), [1, 3, 4]);
  near(valuesOf(figure, 2, 0), [1, 2, 4]);
  assert(textsOf(figure).includes("ridge"));
  assertEquals(figure.title, "score 0.934");
});

Deno.test("plotPsthVsPrediction: refuses a prediction of another length", () => {
  assertThrows(
    () => plotPsthVsPrediction(VM, [1, 2, 3]),
    RangeError,
    "Cannot plot a prediction: the prediction has 3 bins, " +
      "expected 4, as the response",
  );
});
