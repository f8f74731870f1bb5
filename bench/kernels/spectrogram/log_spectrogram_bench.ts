import { assert, assertEquals } from "../../../tests/support/assert.ts";
import { assertLevels } from "../../../tests/support/close.ts";
import { plainLogSpectrogram } from "../../../tests/support/golden/plain.ts";
import { noise, seeded } from "../../../tests/support/sessions/traces.ts";
import { bandTables } from "../../../src/kernels/spectrogram/bands.ts";
import { frameLevels } from "../../../src/kernels/spectrogram/log_spectrogram.ts";
import { frameSums } from "../../../src/kernels/spectrogram/_frame_sums.ts";
import { plainFrameSums } from "../../../src/kernels/spectrogram/_frame_sums_plain.ts";
import { hasSimd } from "../../../src/kernels/spectrogram/_frame_sums_simd.ts";
import { logBandsHz } from "../../../src/kernels/spectrogram/bands.ts";
import { logSpectrogram } from "../../../src/kernels/spectrogram/log_spectrogram.ts";
import { fftJsSpectrogram } from "./_fft_js_spectrogram.ts";

const RATE_HZ = 97_656.25;
const HOP = 488;
const WINDOW = 977;
const FRAMES = 60;

const sound = noise(FRAMES * HOP, seeded(1));
const bands = logBandsHz(100, 45_000, 6);
const kernel = (samples: Float64Array): Float32Array =>
  logSpectrogram(samples, RATE_HZ, 5, 10, 100, 45_000, 6);
const group = `logSpectrogram, ${FRAMES} frames of ${WINDOW}, 53 bands`;

const levels = kernel(sound);
assertLevels(
  levels,
  plainLogSpectrogram(sound, RATE_HZ, HOP, WINDOW, bands),
  1e-4,
);
assertPeerAgrees();

Deno.bench({
  name: "plain sum, sines computed on the fly",
  group,
  baseline: true,
  n: 3,
  warmup: 0,
  fn(): void {
    plainLogSpectrogram(sound, RATE_HZ, HOP, WINDOW, bands);
  },
});
Deno.bench({
  name: "fft-js, padded to 4096, bands interpolated",
  group,
  n: 5,
  warmup: 1,
  fn(): void {
    fftJsSpectrogram(sound, RATE_HZ, HOP, WINDOW, bands);
  },
});
Deno.bench({
  name: "folded frames, at the bands",
  group,
  fn(): void {
    kernel(sound);
  },
});

const long = noise(3000 * HOP, seeded(2));
const tables = bandTables(WINDOW, RATE_HZ, 100, 45_000, 6);
const plainSums = plainFrameSums(tables);
const inTypeScript = (samples: Float64Array): Float32Array =>
  frameLevels(samples, HOP, WINDOW, tables.bands, plainSums);
const chosen = (samples: Float64Array): Float32Array =>
  frameLevels(samples, HOP, WINDOW, tables.bands, frameSums(tables));
const paths = "logSpectrogram, 3000 frames (15 s of sound)";

assert(hasSimd, "this machine has no WebAssembly SIMD");
assertEquals(chosen(long), inTypeScript(long));

Deno.bench({
  name: "folded frames, TypeScript",
  group: paths,
  baseline: true,
  fn(): void {
    inTypeScript(long);
  },
});
Deno.bench({
  name: "folded frames, WebAssembly SIMD",
  group: paths,
  fn(): void {
    chosen(long);
  },
});

/** Asserts that the peer, which interpolates, is within 0.01 dB in the top 40 dB. */
function assertPeerAgrees(): void {
  const peer = fftJsSpectrogram(sound, RATE_HZ, HOP, WINDOW, bands);
  const top = levels.reduce((a, b) => Math.max(a, b));
  let far = 0;
  levels.forEach((level, i) => {
    if (level > top - 40) {
      far = Math.max(far, Math.abs(level - (peer[i] as number)));
    }
  });
  assert(far < 0.01, `fft-js is ${far} dB off`);
}
