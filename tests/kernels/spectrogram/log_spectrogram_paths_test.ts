import { assert, assertEquals } from "../../support/assert.ts";
import { assertLevels } from "../../support/close.ts";
import { plainLogSpectrogram } from "../../support/golden/plain.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import {
  type BandTables,
  bandTables,
} from "../../../src/kernels/spectrogram/bands.ts";
import { frameLevels } from "../../../src/kernels/spectrogram/log_spectrogram.ts";
import { frameSums } from "../../../src/kernels/spectrogram/_frame_sums.ts";
import { plainFrameSums } from "../../../src/kernels/spectrogram/_frame_sums_plain.ts";
import {
  hasSimd,
  SIMD_MOST_BYTES,
  simdBytes,
  simdFrameSums,
} from "../../../src/kernels/spectrogram/_frame_sums_simd.ts";
import { logBandsHz } from "../../../src/kernels/spectrogram/bands.ts";
import { itemAt } from "../../support/item_at.ts";
import { logSpectrogram } from "../../../src/kernels/spectrogram/log_spectrogram.ts";

const SETTINGS = [44_100, 5, 10, 100, 20_000, 6] as const;
const PLAIN_LANES = plainFrameSums(bandTables(20, 1000, 100, 400, 6)).lanes;

Deno.test("both paths are equal bit by bit, and equal the plain sum", () => {
  assert(
    hasSimd,
    "this machine has no WebAssembly SIMD: one path is not tested",
  );
  const random = seeded(1);
  for (let round = 0; round < 200; round++) {
    const x = noise(whole(random, 0, 150), random);
    x.fill(0, whole(random, 0, 150), whole(random, 0, 150));
    const [hop, points] = [whole(random, 1, 50), whole(random, 4, 40)];
    const fmax = 100 * 2 ** (whole(random, 0, 9) / 3) + 1e-6;
    const tables = bandTables(points, 2000, 100, fmax, 3);
    const levels = [plainFrameSums(tables), simdFrameSums(tables)].map((sums) =>
      frameLevels(x, hop, points, tables.bands, sums)
    );
    const bands = logBandsHz(100, fmax, 3);
    const name = `round ${round}: hop ${hop}, window ${points}`;
    assertEquals(levels[1], levels[0], name);
    const expected = plainLogSpectrogram(x, 2000, hop, points, bands);
    assertLevels(itemAt(levels, 0), expected, 1e-4, name);
  }
});

Deno.test("both paths are equal at the sizes of a recording", () => {
  const x = noise(5001, seeded(2));
  const tables = bandTables(441, 44_100, 100, 20_000, 6);
  const levels = logSpectrogram(x, ...SETTINGS);
  const plain = plainFrameSums(tables);
  assertEquals(levels, frameLevels(x, 220, 441, tables.bands, plain));
});

Deno.test("both paths are equal when sums overflow or underflow", () => {
  const x = noise(300, seeded(3));
  const tables = bandTables(21, 1000, 100, 400, 6);
  for (const scale of [5e-324, 1e-300, 1e-160, 1e150, 1e308]) {
    const scaled = x.map((value) => value * scale);
    const [plain, simd] = [plainFrameSums(tables), simdFrameSums(tables)].map(
      (sums) => frameLevels(scaled, 5, 21, tables.bands, sums),
    );
    assertEquals(simd, plain, `times ${scale}`);
  }
});

Deno.test("an instance's memory holds the tables and one group of frames", () => {
  const tables = bandTables(977, 97_656.25, 100, 45_000, 6);
  const { buffer } = simdFrameSums(tables).frames;
  const weights = 2 * tables.cosines.byteLength;
  assert(buffer.byteLength - simdBytes(tables) < 65_536);
  assert(simdBytes(tables) - weights < 100_000);
});

Deno.test("TypeScript takes over when tables are too large for an instance", () => {
  const weights = new Float64Array(SIMD_MOST_BYTES / 16);
  const half = weights.length / 2;
  const tables: BandTables = {
    bands: 2,
    points: 2 * half,
    half,
    cosines: weights,
    sines: weights,
  };
  assertEquals(frameSums(tables).lanes, PLAIN_LANES);
});
