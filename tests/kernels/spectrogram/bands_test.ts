import { assertEquals, assertThrows } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";
import { logBandsHz } from "../../../src/kernels/spectrogram/bands.ts";

Deno.test("logBandsHz gives 53 bands up to 45 kHz and 49 up to 25.6 kHz", () => {
  assertEquals(logBandsHz(100, 45_000, 6).length, 53);
  assertEquals(logBandsHz(100, 25_600, 6).length, 49);
  assertEquals(logBandsHz(100, 100, 6), Float64Array.of(100));
});

Deno.test("logBandsHz doubles every octave and stays below the limit", () => {
  const bands = logBandsHz(100, 45_000, 6);
  assertEquals(bands[0], 100);
  assertEquals(bands[12], 400);
  assertEquals(bands[48], 25_600);
  assertEquals(
    itemAt(bands, 52) <= 45_000 && itemAt(bands, 52) * 2 ** (1 / 6) > 45_000,
    true,
  );
});

Deno.test("logBandsHz refuses invalid bands", () => {
  for (
    const [bands, message] of [
      [[0, 1, 6], "fminHz is 0"],
      [[100, 99, 6], "fmaxHz is 99"],
      [[100, Infinity, 6], "fmaxHz is Infinity"],
      [[100, 200, 0], "bandsPerOctave is 0"],
      [[100, 200, 1.5], "bandsPerOctave is 1.5"],
    ] as const
  ) {
    assertThrows(
      () => logBandsHz(bands[0], bands[1], bands[2]),
      RangeError,
      `Cannot space bands: ${message}, expected `,
    );
  }
});
