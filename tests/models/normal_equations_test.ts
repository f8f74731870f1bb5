import { Matrix, solve } from "ml-matrix";
import {
  combined,
  NormalEquations,
  ridgeFields,
  squaredErrors,
  type Sums,
} from "../../src/models/_normal_equations.ts";
import { assertEquals } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";

/** Bands of a stimulus, the response of each cell, and the weight of each bin. */
type Part = [
  stim: Float64Array[],
  targets: Float64Array[],
  weight: Float64Array,
];

function randomPart(
  bands: number,
  bins: number,
  cells: number,
  random: () => number,
): Part {
  const weight = Float64Array.from({ length: bins }, () => whole(random, 0, 3));
  const targets = Array.from(
    { length: cells },
    () => noise(bins, random).map((y, t) => itemAt(weight, t) > 0 ? y : NaN),
  );
  const stim = Array.from({ length: bands }, () => noise(bins, random));
  return [stim, targets, weight];
}

function sumsOf(
  parts: readonly Part[],
  bands: number,
  lags: number,
): Sums {
  const cells = itemAt(parts, 0)[1].length;
  const equations = new NormalEquations(bands, lags, cells);
  for (const part of parts) equations.add(...part);
  return equations.sums();
}

/** The rows of the design matrix, with a column of ones, and a cell's responses. */
function design(
  parts: readonly Part[],
  lags: number,
  cell: number,
): { x: number[]; y: number; w: number }[] {
  return parts.flatMap(([stim, targets, weight]) =>
    [...weight.keys()].filter((t) => itemAt(weight, t) > 0).map((t) => ({
      x: [
        ...stim.flatMap((row) =>
          Array.from(
            { length: lags },
            (_, lag) => lag > t ? 0 : itemAt(row, t - lag),
          )
        ),
        1,
      ],
      y: itemAt(itemAt(targets, cell), t),
      w: itemAt(weight, t),
    }))
  );
}

/** The definition: least squares on the whole design matrix, by QR. */
function plainFit(
  parts: readonly Part[],
  lags: number,
  cell: number,
  ridge: number,
): Float64Array {
  const all = design(parts, lags, cell);
  const size = itemAt(all, 0).x.length;
  const total = all.reduce((sum, { w }) => sum + w, 0);
  const rows = all.map(({ x, w }) => x.map((value) => Math.sqrt(w) * value));
  const right = all.map(({ y, w }) => Math.sqrt(w) * y);
  for (let p = 0; p < size - 1; p++) {
    rows.push(Array.from(
      { length: size },
      (_, q) => p === q ? Math.sqrt(ridge * total) : 0,
    ));
    right.push(0);
  }
  const found = solve(new Matrix(rows), Matrix.columnVector(right));
  return Float64Array.from(found.getColumn(0));
}

Deno.test("ridgeFields: the fields of the plain least squares", () => {
  const random = seeded(1);
  for (let round = 0; round < 200; round++) {
    const [bands, lags] = [whole(random, 1, 4), whole(random, 1, 6)];
    const cells = whole(random, 1, 6);
    const parts = Array.from(
      { length: whole(random, 1, 4) },
      () => randomPart(bands, whole(random, 1, 25), cells, random),
    );
    itemAt(parts, 0)[2][0] = 1; // Else there may be nothing to fit.
    for (const target of itemAt(parts, 0)[1]) target[0] = 1;
    const ridge = 10 ** (-3 + 4 * random());
    const sums = sumsOf(parts, bands, lags);
    const fields = ridgeFields(sums, ridge);
    if (fields === undefined) throw new Error("singular");
    const errors = squaredErrors(sums, fields);
    for (let cell = 0; cell < cells; cell++) {
      // Normal equations square a condition of at most 1e3.
      const expected = plainFit(parts, lags, cell, ridge);
      const found = [
        ...itemAt(fields.weights, cell),
        itemAt(fields.offsets, cell),
      ];
      assertWithin(found, expected, 1e-9, `round ${round}`);
      const error = design(parts, lags, cell).reduce((sum, { x, y, w }) => {
        const answer = x.reduce((a, b, i) => a + b * itemAt(expected, i), 0);
        return sum + w * (y - answer) ** 2;
      }, 0);
      assertWithin([itemAt(errors, cell)], [error], 1e-7);
    }
  }
});

Deno.test("ridgeFields: many lags and long stimuli", () => {
  const random = seeded(4);
  const parts = [700, 60].map((bins) => randomPart(2, bins, 1, random));
  const fields = ridgeFields(sumsOf(parts, 2, 50), 0.1);
  const expected = plainFit(parts, 50, 0, 0.1);
  assertWithin(fields?.weights[0] ?? [], expected.subarray(0, 100), 1e-9);
});

Deno.test("combined: sums of parts add up, and can be taken away", () => {
  const random = seeded(3);
  const parts = [30, 20, 25].map((bins) => randomPart(3, bins, 2, random));
  const [a, b, c] = parts.map((part) => sumsOf([part], 3, 2));
  if (!a || !b || !c) throw new Error("no sums");
  const expected = ridgeFields(sumsOf(parts.slice(0, 2), 3, 2), 0.1);
  const all = combined(combined(a, 1, b), 1, c);
  const found = ridgeFields(combined(all, -1, c), 0.1);
  for (const cell of [0, 1]) {
    const weights = expected?.weights[cell] ?? [];
    assertWithin(found?.weights[cell] ?? [], weights, 1e-9);
  }
});

Deno.test("NormalEquations: inputs stay unchanged", () => {
  const part = randomPart(3, 30, 2, seeded(3));
  const copy = structuredClone(part);
  sumsOf([part], 3, 2);
  assertEquals(part, copy);
});

Deno.test("ridgeFields: singular equations have no solution", () => {
  const [stim, targets, weight] = randomPart(1, 30, 1, seeded(5));
  const twice = [...stim, ...stim];
  const sums = sumsOf([[twice, targets, weight]], 2, 3);
  assertEquals(ridgeFields(sums, 0), undefined);
  assertEquals(ridgeFields(sums, 1e-3) === undefined, false);
});
