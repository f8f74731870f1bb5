import { assert, assertEquals } from "../../support/assert.ts";
import { plainMedianFilter } from "../../support/golden/plain.ts";
import {
  noise,
  potential,
  seeded,
  whole,
} from "../../support/sessions/traces.ts";
import { heapMedians } from "../../../src/kernels/median/_heap_medians.ts";
import { rankMedians } from "../../../src/kernels/median/_rank_medians_simd.ts";

const random = seeded(41);

/** Noise, few levels, steps up and down, one level, a ramp, an artefact. */
function trace(kind: number, length: number): Float64Array {
  const x = noise(length, random);
  if (kind === 1) return x.map((value) => Math.round(2 * value));
  if (kind === 2) return x.map((value, i) => value + (i % 20 < 10 ? 0 : 30));
  if (kind === 3) return x.fill(-61.3);
  if (kind === 4) return x.map((_, i) => i * (length % 2 ? 1 : -1));
  if (kind === 5) x[whole(random, 0, length - 1)] = 400;
  return x;
}

function byHeaps(x: Float64Array, size: number): Float64Array {
  const out = new Float64Array(x.length);
  heapMedians(x, size, out);
  return out;
}

function byRanks(x: Float64Array, size: number): Float64Array | undefined {
  const out = new Float64Array(x.length);
  return rankMedians(x, size, out) ? out : undefined;
}

Deno.test("medianFilter: both paths equal sorting every window, exactly", () => {
  for (let round = 0; round < 600; round++) {
    const x = trace(round % 6, whole(random, 1, 90));
    const size = whole(random, 2, round % 10 === 0 ? 400 : 40);
    const before = x.slice();
    const expected = plainMedianFilter(x, size);
    const name = `round ${round}: ${x.length} samples, window ${size}`;
    assertEquals(byRanks(x, size)?.map(plusZero), expected.map(plusZero), name);
    assertEquals(byHeaps(x, size).map(plusZero), expected.map(plusZero), name);
    assertEquals(x, before);
  }
});

Deno.test("medianFilter: both paths are equal over many blocks", () => {
  const drifting = potential(20_000, seeded(42));
  const stored = drifting.map((mv) => Math.round(50 * mv) / 50);
  for (const x of [drifting, stored, trace(2, 9000), trace(5, 9000)]) {
    for (const size of [2, 21, 400, 1000]) {
      assertEquals(byRanks(x, size), byHeaps(x, size), `window ${size}`);
    }
  }
});

Deno.test("medianFilter: both paths are equal if some medians are far from the mean", () => {
  for (let round = 0; round < 40; round++) {
    const height = round % 2 === 0 ? 30 : -25;
    const x = noise(5000, random);
    const start = whole(random, 0, 4900);
    x.fill(height, start, start + whole(random, 20, 400));
    const size = whole(random, 2, 120);
    assertEquals(byRanks(x, size), byHeaps(x, size), `${start}, ${size}`);
  }
});

Deno.test("medianFilter: the heaps take over when values cluster", () => {
  // All values but one fall into the same bin of the range, in descending order.
  const x = Float64Array.from({ length: 3000 }, (_, i) => -i);
  x[0] = 1e9;
  assertEquals(byRanks(x, 101), undefined);
  const tiny = Float64Array.from({ length: 50 }, (_, i) => i * 5e-324);
  assertEquals(byRanks(tiny, 5), undefined);
  const wide = Float64Array.of(-1.7e308, 1.7e308, 0, 5, -1e308);
  assertEquals(byRanks(wide, 3), plainMedianFilter(wide, 3));
});

Deno.test("medianFilter: the heaps take over when a trace is too long for the module", () => {
  assertEquals(byRanks(new Float64Array(2 ** 21), 3), undefined);
  assert(byRanks(new Float64Array(2 ** 20), 3) !== undefined);
});

// The sign of a zero median is unspecified.
function plusZero(value: number): number {
  return value + 0;
}
