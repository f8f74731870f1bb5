import { Matrix, solve } from "ml-matrix";
import {
  answerOf,
  type LinearField,
  NormalEquations,
} from "../../examples/models/ridge.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { assertWithin } from "../support/close.ts";
import { noise, seeded, whole } from "../support/sessions/traces.ts";
import { itemAt } from "../support/item_at.ts";

/** A stimulus `(F, T)` with its response and the weight of each bin. */
type Part = [stim: Float64Array, target: Float64Array, weight: Float64Array];

function randomPart(bands: number, bins: number, random: () => number): Part {
  const weight = Float64Array.from({ length: bins }, () => whole(random, 0, 3));
  const target = noise(bins, random).map((y, t) =>
    itemAt(weight, t) > 0 ? y : NaN
  );
  return [noise(bands * bins, random), target, weight];
}

/** The definition: least squares on the whole design matrix, by QR. */
function plainFit(
  parts: readonly Part[],
  bands: number,
  lags: number,
  ridge: number,
): Float64Array {
  const rows: number[][] = [];
  const right: number[] = [];
  for (const [stim, target, weight] of parts) {
    for (let t = 0; t < target.length; t++) {
      if (weight[t] === 0) continue;
      const lagged = Array.from({ length: bands * lags }, (_, p) => {
        const [band, lag] = [Math.floor(p / lags), p % lags];
        return lag > t ? 0 : itemAt(stim, band * target.length + t - lag);
      });
      rows.push([...lagged, 1].map((x) => Math.sqrt(itemAt(weight, t)) * x));
      right.push(Math.sqrt(itemAt(weight, t)) * itemAt(target, t));
    }
  }
  const total = parts.flatMap(([, , weight]) => [...weight])
    .reduce((a, b) => a + b);
  for (let p = 0; p < bands * lags; p++) {
    rows.push(Array.from(
      { length: bands * lags + 1 },
      (_, q) => p === q ? Math.sqrt(ridge * total) : 0,
    ));
    right.push(0);
  }
  const found = solve(new Matrix(rows), Matrix.columnVector(right));
  return Float64Array.from(found.getColumn(0));
}

Deno.test("NormalEquations: the field of the plain least squares", () => {
  const random = seeded(1);
  for (let round = 0; round < 200; round++) {
    const [bands, lags] = [whole(random, 1, 4), whole(random, 1, 6)];
    const parts = Array.from(
      { length: whole(random, 1, 4) },
      () => randomPart(bands, whole(random, 1, 25), random),
    );
    itemAt(parts, 0)[1][0] = 1;
    itemAt(parts, 0)[2][0] = 1; // Else there may be nothing to fit.
    const ridge = 10 ** (-3 + 4 * random());
    const equations = new NormalEquations(bands, lags);
    for (const part of parts) equations.add(...part);
    const { weights, offset } = equations.solve(ridge);
    // Normal equations square a condition of at most 1e3.
    const expected = plainFit(parts, bands, lags, ridge);
    assertWithin([...weights, offset], expected, 1e-9, `round ${round}`);
  }
});

Deno.test("NormalEquations: a field without noise comes back", () => {
  const random = seeded(2);
  const field: LinearField = {
    bands: 5,
    lags: 4,
    weights: noise(20, random),
    offset: 3,
  };
  const equations = new NormalEquations(5, 4);
  for (let i = 0; i < 6; i++) {
    const stim = noise(5 * 50, random);
    equations.add(stim, answerOf(field, stim), new Float64Array(50).fill(i));
  }
  const { bands, lags, weights, offset } = equations.solve(1e-12);
  assertEquals([bands, lags], [5, 4]);
  assertWithin(weights, field.weights, 1e-9);
  assertWithin([offset], [3], 1e-9);
});

Deno.test("NormalEquations: inputs stay unchanged, and more can be added after a solution", () => {
  const random = seeded(3);
  const first = randomPart(3, 30, random);
  const second = randomPart(3, 20, random);
  const copy = structuredClone(first);
  const equations = new NormalEquations(3, 2);
  equations.add(...first);
  assertEquals(first, copy);
  const alone = equations.solve(0.1);
  assertEquals(equations.solve(0.1), alone);
  equations.add(...second);
  assertWithin(
    equations.solve(0.1).weights,
    plainFit([first, second], 3, 2, 0.1).subarray(0, 6),
    1e-9,
  );
});

Deno.test("NormalEquations: refuses to solve without stimuli", () => {
  const equations = new NormalEquations(2, 3);
  const message = "Cannot fit a field: sum of weights is 0, expected above 0";
  assertThrows(() => equations.solve(1), RangeError, message);
  const [zeros, nothing] = [new Float64Array(4), new Float64Array(4).fill(NaN)];
  equations.add(new Float64Array(8), nothing, zeros);
  assertThrows(() => equations.solve(1), RangeError, message);
});

Deno.test("answerOf: an impulse gives the weights from its bin on", () => {
  const weights = Float64Array.of(1, 2, 3, 10, 20, 30);
  const field = { bands: 2, lags: 3, weights, offset: 0.5 };
  const stim = Float64Array.of(0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
  assertEquals([...answerOf(field, stim)], [0.5, 10.5, 20.5, 30.5, 0.5]);
  assertEquals([...answerOf(field, Float64Array.of(1, 1))], [11.5]);
  assertEquals([...answerOf(field, new Float64Array())], []);
});
