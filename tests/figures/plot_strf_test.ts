import { plotStrf, plotStrfGrid, type StrfInput } from "rxephys/figures";
import { assert, assertEquals, assertThrows } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import {
  binsOf,
  elementsOf,
  imagesOf,
  numberOf,
  textsOf,
  ticksOf,
} from "./_drawn.ts";

function field(weights: readonly (readonly number[])[]): StrfInput {
  const shape = [1, weights.length, itemAt(weights, 0).length];
  return { weights: { data: weights.flat(), shape }, dtMs: 5 };
}

const FIELD = field([[0, 0, -2, 0], [0, 4, 0, 0], [1, 0, 0, 0]]);

Deno.test("plotStrf: weights on both sides of white, the lowest band below", () => {
  const image = itemAt(imagesOf(plotStrf(FIELD)), 0);
  assertEquals(binsOf(image, 3, 4), [
    [160, 128, 128, 128],
    [128, 255, 128, 128],
    [128, 128, 65, 128],
  ]);
  const middle = itemAt(imagesOf(plotStrf(FIELD)), 1);
  const colour = (row: number): string => middle.colour(row, 0);
  assertEquals([colour(0), colour(middle.rows - 1)], ["67001f", "053061"]);
});

Deno.test("plotStrf: lags in ms, bands in kHz, weights in their unit", () => {
  const bandsHz = [1000, 2000, 4000];
  const figure = plotStrf({
    ...FIELD,
    weights: { ...FIELD.weights, unit: "mV/dB" },
    bandsHz,
    cell: { cellId: "A-1", area: "PEG" },
  });
  assertEquals(ticksOf(figure, "y").map(([text]) => text), ["1", "2", "5"]);
  const lags = ticksOf(figure, "x").map(([text]) => Number(text));
  assertEquals([lags.at(0), lags.at(-1)], [0, 20]);
  const texts = textsOf(figure);
  for (const text of ["lag (ms)", "frequency (kHz)", "mV/dB", "A-1, PEG"]) {
    assert(texts.includes(text), text);
  }
});

Deno.test("plotStrf: outlines surround a third of the greatest weight, by sign", () => {
  const figure = plotStrf(FIELD);
  const edges = (name: string): number => {
    const [path] = elementsOf(figure, `[aria-label="outline ${name} zero"]`);
    return path?.getAttribute("d")?.split("M").length ?? 0;
  };
  // Four edges each, the first part of the split is empty.
  assertEquals([edges("above"), edges("below")], [5, 5]);
  const [below] = elementsOf(figure, '[aria-label="outline below zero"]');
  assertEquals(below?.getAttribute("stroke-dasharray"), "2,2");
});

Deno.test("plotStrf: a ring surrounds the marked bin", () => {
  const figure = plotStrf(FIELD, { mark: [1, 1] });
  const [ring] = elementsOf(figure, "circle");
  const image = itemAt(imagesOf(figure), 0);
  assert(ring);
  assertEquals(numberOf(ring, "cx"), image.x + image.width * 1.5 / 4);
  assertEquals(numberOf(ring, "cy"), image.y + image.height / 2);
});

Deno.test("plotStrf: a field of zeros is white", () => {
  const image = itemAt(imagesOf(plotStrf(field([[0, 0], [0, 0]]))), 0);
  assertEquals(binsOf(image, 2, 2), [[128, 128], [128, 128]]);
});

Deno.test("plotStrf: refuses weights that are no field", () => {
  const refused = (strf: StrfInput, message: string): void =>
    void assertThrows(
      () => plotStrf(strf),
      RangeError,
      `Cannot plot an STRF: ${message}`,
    );
  refused(
    { ...FIELD, weights: { data: [1, 2, 3], shape: [2, 2] } },
    "weights has shape (2, 2) and 3 values, expected (1, F, L) or (F, L)",
  );
  refused(
    { ...FIELD, weights: { data: [1, 2], shape: [2, 1, 1] } },
    "weights has shape (2, 1, 1) and 2 values, expected (1, F, L) or (F, L)",
  );
  refused({ ...FIELD, bandsHz: [1] }, "bandsHz has 1 bands, expected 3");
  refused(field([[1, NaN]]), "a weight is NaN");
  refused({ ...FIELD, dtMs: -1 }, "dtMs is -1, expected the width");
});

Deno.test("plotStrfGrid: each field has its own scale, or all share one", () => {
  const strfs = [1, 2].map((most) => field([[0, most]]));
  const greatest = (scale: "own" | "shared"): number[] =>
    imagesOf(plotStrfGrid(strfs, { scale }))
      .filter(({ width }) => width > 20)
      .map((image) => itemAt(itemAt(binsOf(image, 1, 2), 0), 1));
  assertEquals(greatest("own"), [255, 255]);
  assertEquals(greatest("shared"), [192, 255]);
});

Deno.test("plotStrfGrid: rows of fields with titles and rings", () => {
  const strfs = [1, 2, 3].map((most) => field([[0, most]]));
  const figure = plotStrfGrid(strfs, {
    columns: 2,
    titles: ["one", "<b>two</b>", "three"],
    marks: [undefined, [0, 1], undefined],
  });
  assertEquals([figure.width, figure.height], [2 * 190 + 4, 2 * 190 + 4]);
  const texts = textsOf(figure);
  assert(["one", "<b>two</b>", "three"].every((t) => texts.includes(t)));
  assertEquals(elementsOf(figure, "circle").length, 1);
  // Axes are labelled once a row and a column.
  assertEquals(texts.filter((text) => text === "lag (ms)").length, 2);
  assertEquals(texts.filter((text) => text === "band").length, 2);
});

Deno.test("plotStrfGrid: refuses no field, and lists of another length", () => {
  const refused = (options: object, message: string, strfs = [FIELD]): void =>
    void assertThrows(
      () => plotStrfGrid(strfs, options),
      RangeError,
      `Cannot plot STRFs: ${message}`,
    );
  refused({}, "strfs.length is 0, expected 1 to", []);
  refused({ titles: [] }, "titles has 0 entries, expected 1");
  refused({ marks: [[0, 0], [0, 0]] }, "marks has 2 entries, expected 1");
  refused({ scale: "log" }, "scale is log, expected own or shared");
  refused({ columns: 0 }, "columns is 0, expected 1 to");
});
