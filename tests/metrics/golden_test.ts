import { assert, assertEquals } from "../support/assert.ts";
import { METRICS, tensor } from "./_metrics.ts";
import { itemAt } from "../support/item_at.ts";

type Values = readonly (number | null)[];

/** Arrays in C order, null for NaN, with the expected value of each metric. */
interface Case {
  readonly name: string;
  readonly shape: readonly [number, number, number, number];
  readonly predictions: Values;
  readonly responses: Values;
  readonly validMask: readonly number[] | null;
  readonly expected: Readonly<Record<string, Values>>;
  /** Cells where deepSTRF gives another value, so NumPy's is expected. */
  readonly differs: Readonly<
    Record<string, { readonly cells: readonly number[] }>
  >;
}

const FILE = new URL("../fixtures/metrics.json", import.meta.url);
const cases: readonly Case[] = JSON.parse(Deno.readTextFileSync(FILE)).cases;

for (const { name, shape, expected, differs, ...arrays } of cases) {
  const [stimuli, cells, _, bins] = shape;
  const measured = {
    predictions: tensor([stimuli, cells, bins], numbers(arrays.predictions)),
    responses: tensor(shape, numbers(arrays.responses)),
    ...(arrays.validMask && { validMask: tensor(shape, arrays.validMask) }),
  };
  const sources = Object.keys(differs).length > 0
    ? "deepSTRF's and NumPy's"
    : "deepSTRF's";
  Deno.test(`metrics equal ${sources} values: ${name}`, () => {
    assertEquals(Object.keys(expected).sort(), Object.keys(METRICS).sort());
    for (const [metric, measure] of Object.entries(METRICS)) {
      assertValues(measure(measured), itemAt(expected, metric), metric);
    }
  });
}

Deno.test("the fixture lists the cases where deepSTRF differs", () => {
  const found = cases.flatMap(({ name, differs }) =>
    Object.keys(differs).length > 0 ? [name] : []
  );
  assertEquals(found, [
    "single bins missing",
    "single bins masked",
    "silent and constant cells",
    "one repeat",
    "a unit a ten millionth as large",
  ]);
});

function numbers(values: Values): number[] {
  return values.map((value) => value ?? NaN);
}

/** Bound for float64 sums in another order; ratios can be as large as 1e12. */
function assertValues(
  actual: Float64Array,
  expected: Values,
  metric: string,
): void {
  assertEquals(actual.length, expected.length, metric);
  expected.forEach((value, cell) => {
    const note = `${metric} of cell ${cell}: ${actual[cell]}, not ${value}`;
    if (value === null) return assert(Number.isNaN(actual[cell]), note);
    const bound = 1e-10 * Math.max(1, Math.abs(value));
    assert(Math.abs(itemAt(actual, cell) - value) <= bound, note);
  });
}
