import { assertEquals, assertThrows } from "../../support/assert.ts";
import { assertLevels } from "../../support/close.ts";
import { goldenCases } from "../../support/golden/golden_operators.ts";
import { plainLogSpectrogram } from "../../support/golden/plain.ts";
import { noise, seeded, whole } from "../../support/sessions/traces.ts";
import { logBandsHz } from "../../../src/kernels/spectrogram/bands.ts";
import { logSpectrogram } from "../../../src/kernels/spectrogram/log_spectrogram.ts";

for (const { name, params, input, output } of goldenCases("logSpectrogram")) {
  Deno.test(`logSpectrogram equals NumPy: ${name}, ${input.shape}`, () => {
    const { sampleRateHz, dtMs, fminHz, fmaxHz, bandsPerOctave } = params;
    const levels = logSpectrogram(
      Float64Array.from(input.data),
      sampleRateHz,
      dtMs,
      2 * dtMs,
      fminHz,
      fmaxHz,
      bandsPerOctave,
    );
    assertLevels(levels, output.data, 1e-4);
  });
}

Deno.test("logSpectrogram equals the plain sum for even, odd and tiny windows", () => {
  const random = seeded(1);
  for (let round = 0; round < 60; round++) {
    const x = noise(whole(random, 0, 150), random);
    const [hop, points] = [whole(random, 1, 20), whole(random, 4, 40)];
    const fmax = 100 * 2 ** (whole(random, 0, 9) / 3);
    assertLevels(
      logSpectrogram(x, 2000, hop / 2, points / 2, 100, fmax + 1e-6, 3),
      plainLogSpectrogram(
        x,
        2000,
        hop,
        points,
        logBandsHz(100, fmax + 1e-6, 3),
      ),
      1e-4,
      `round ${round}: ${x.length} samples, hop ${hop}, window ${points}`,
    );
  }
});

Deno.test("logSpectrogram's window has at least four samples", () => {
  const x = noise(20, seeded(2));
  assertEquals(
    logSpectrogram(x, 1000, 1, 0.1, 100, 400, 2),
    logSpectrogram(x, 1000, 1, 4, 100, 400, 2),
  );
});

Deno.test("logSpectrogram puts silence at -240 dB, also between sounds", () => {
  const x = new Float64Array(4000);
  x.set(noise(100, seeded(3)), 0);
  x.set(noise(100, seeded(4)), 3900);
  const levels = logSpectrogram(x, 10_000, 5, 10, 100, 4000, 6);
  const frames = 80;
  assertEquals(levels.length % frames, 0);
  for (let at = 0; at < levels.length; at++) {
    const frame = at % frames;
    assertEquals(
      levels[at] === -240,
      frame > 2 && frame < 78,
      `frame ${frame}`,
    );
  }
});

Deno.test("logSpectrogram of an empty trace is empty; the input stays unchanged", () => {
  const none = logSpectrogram(new Float64Array(0), 1000, 5, 10, 100, 400, 6);
  assertEquals(none, new Float32Array(0));
  const x = noise(100, seeded(5));
  const before = x.slice();
  logSpectrogram(x, 1000, 5, 10, 100, 400, 6);
  assertEquals(x, before);
});

Deno.test("logSpectrogram keeps the tables of alternating calls apart", () => {
  const x = noise(300, seeded(6));
  const first = logSpectrogram(x, 1000, 5, 10, 100, 400, 6);
  for (
    const [rate, window, fmin] of [
      [1001, 10, 100],
      [1000, 11, 100],
      [1000, 10, 99],
    ] as const
  ) {
    logSpectrogram(x, rate, 5, window, fmin, 400, 6);
    assertEquals(logSpectrogram(x, 1000, 5, 10, 100, 400, 6), first);
  }
});

Deno.test("logSpectrogram refuses invalid bands and samples that are not finite", () => {
  const x = noise(10, seeded(7));
  assertThrows(
    () => logSpectrogram(x, 1000, 5, 10, 100, 50, 6),
    RangeError,
    "Cannot space bands: fmaxHz is 50",
  );
  x[3] = NaN;
  assertThrows(
    () => logSpectrogram(x, 1000, 5, 10, 100, 400, 6),
    RangeError,
    "Cannot make a spectrogram: sample 3 is NaN, expected a finite number",
  );
});
