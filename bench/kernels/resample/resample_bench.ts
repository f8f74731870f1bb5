import { assertWithin } from "../../../tests/support/close.ts";
import { plainResample } from "../../../tests/support/golden/plain.ts";
import { noise, seeded } from "../../../tests/support/sessions/traces.ts";
import { sincPhases } from "../../../src/kernels/resample/_sinc_phases.ts";
import { resample } from "../../../src/kernels/resample/resample.ts";

// Divide a time by this count for the time of one output.
const OUTPUTS = 480_000;

for (
  const [rateHz, targetHz, up, down] of [
    [97656.25, 96000, 3072, 3125],
    [44100, 96000, 320, 147],
  ] as const
) {
  const sound = noise(OUTPUTS * rateHz / targetHz, seeded(1));
  const group = `resample, ${OUTPUTS} outputs, ${rateHz} to ${targetHz} Hz`;
  const expected = plainResample(sound, rateHz, targetHz, 1000);
  assertWithin(resample(sound, rateHz, targetHz, 1000), expected, 1e-11);
  assertWithin(plainSums(sound, up, down, 1000), expected, 1e-11);
  Deno.bench({
    name: `plain sum per output, filter ready (${rateHz})`,
    group,
    baseline: true,
    n: 10,
    warmup: 2,
    fn(): void {
      plainSums(sound, up, down, OUTPUTS);
    },
  });
  Deno.bench({
    name: `resample (${rateHz})`,
    group,
    n: 10,
    warmup: 2,
    fn(): void {
      resample(sound, rateHz, targetHz);
    },
  });
}

// Its phases exceed any table, so each output takes two sums.
const SOUND = noise(OUTPUTS, seeded(2));
assertWithin(
  resample(SOUND, 97001.3, 96000, 1000),
  plainResample(SOUND, 97001.3, 96000, 1000),
  1e-6,
);
Deno.bench({
  name: "resample (97001.3 to 96000 Hz), interpolated",
  n: 10,
  warmup: 2,
  fn(): void {
    resample(SOUND, 97001.3, 96000);
  },
});

function plainSums(
  x: Float64Array,
  up: number,
  down: number,
  length: number,
): Float64Array {
  const table = sincPhases(up, Math.max(1, down / up));
  return Float64Array.from({ length }, (_, j) => {
    const weights = table.row(j * down % up);
    const first = Math.floor(j * down / up) - table.half + 1;
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      sum += (weights[k] as number) * (x[first + k] ?? 0);
    }
    return sum;
  });
}
