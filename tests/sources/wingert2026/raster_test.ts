import {
  ascending,
  rasterized,
} from "../../../src/sources/wingert2026/_epochs.ts";
import { assert, assertEquals } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";

function binsOf(spikes: number[], start: number, end: number): number[] {
  const counts = rasterized(Float64Array.from(spikes), { start, end }, 5);
  return [...counts];
}

Deno.test("raster: counts from the bin of the start, halves to even", () => {
  // 0.125 s is bin 12.5, which counts as 12; 0.375 s is 37.5, which is 38.
  assertEquals(binsOf([0.125, 0.1301, 0.1302], 0.125, 0.17), [1, 2, 0, 0, 0]);
  assertEquals(binsOf([0.375, 0.3801], 0.375, 0.42), [1, 0, 0, 0, 0]);
});

Deno.test("raster: a spike at the edge falls out of the first and last bin", () => {
  // Bin 37 - 38 = -1, and bin 17 - 12 = 5 of five.
  assertEquals(binsOf([0.375, 0.379], 0.375, 0.42), [0, 0, 0, 0, 0]);
  assertEquals(binsOf([0.1699, 0.1749], 0.125, 0.175), [0, 0, 0, 0, 1]);
});

Deno.test("raster: the start counts, the end does not", () => {
  assertEquals(binsOf([1, 1.02], 1, 1.02), [1, 0, 0, 0, 0]);
});

Deno.test("raster: a short or empty epoch leaves the rest zero", () => {
  assertEquals(binsOf([1, 1.01, 1.02], 1, 1.015), [1, 1, 0, 0, 0]);
  assertEquals(binsOf([1], 1, 1), [0, 0, 0, 0, 0]);
  assertEquals(binsOf([], 1, 2), [0, 0, 0, 0, 0]);
});

Deno.test("raster: equals the plain definition on random trains", () => {
  let state = 20_261_121;
  const random = (): number => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223 >>> 0;
    return state / 2 ** 32;
  };
  for (let trial = 0; trial < 50; trial++) {
    const spikes = Float64Array.from({ length: 300 }, () => 3 * random() - 0.5);
    const start = Math.round(2e5 * random()) / 1e5;
    const end = start + random();
    const expected = new Float32Array(100);
    for (const t of spikes) {
      const half = start * 100 % 1 === 0.5;
      const first = half ? 2 * Math.round(start * 50) : Math.round(start * 100);
      const bin = Math.floor(t * 100) - first;
      if (t >= start && t < end && bin >= 0 && bin < 100) {
        expected[bin] = itemAt(expected, bin) + 1;
      }
    }
    const sorted = ascending(spikes);
    assertEquals(rasterized(sorted, { start, end }, 100), expected);
  }
});

Deno.test("raster: counts dense trains without a look at each spike", () => {
  for (const bins of [1, 5]) {
    const spikes = Float64Array.from(
      { length: 1000 * bins },
      (_, i) => 0.98 + i / 12_345,
    );
    const bin = (time: number): number => Math.floor(time * 100) - 100;
    const expected = Float32Array.from(
      { length: bins },
      (_, i) =>
        spikes.filter((t) => t >= 1 && t < 1.035 && bin(t) === i).length,
    );
    assertEquals(
      rasterized(spikes, { start: 1, end: 1.035 }, bins),
      expected,
    );
  }
});

Deno.test("raster: sorts a copy of a train", () => {
  const sorted = Float64Array.of(-1, 0, 0, 2);
  assert(ascending(sorted) === sorted);
  const unsorted = Float64Array.of(2, -1, 10, 0);
  assertEquals(ascending(unsorted), Float64Array.of(-1, 0, 2, 10));
  assertEquals(unsorted, Float64Array.of(2, -1, 10, 0));
});
