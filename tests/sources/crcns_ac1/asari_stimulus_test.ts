import { cosineRamped } from "../../../src/sources/crcns_ac1/_asari_stimulus.ts";
import { assertEquals } from "../../support/assert.ts";
import { assertClose } from "../../support/close.ts";
import { goldenCases } from "../../support/golden/golden_operators.ts";

for (const { name, params, input, output } of goldenCases("cosineRamp")) {
  Deno.test(name, () => {
    const { sampleRateHz, rampMs } = params;
    const before = input.data.slice();
    const ramped = cosineRamped(
      input.data,
      sampleRateHz ?? NaN,
      rampMs ?? NaN,
    );
    assertClose(ramped, output.data, 1e-15);
    assertEquals(input.data, before);
  });
}

Deno.test("cosineRamp: an empty waveform stays empty", () => {
  assertEquals(cosineRamped(new Int16Array(0), 97_656.25, 5).length, 0);
});

// The plain definition: each sample's weight from its distance to the nearer
// end, where a ramp reaches.
function slowRamp(samples: Int16Array, ramp: number): number[] {
  return Array.from(samples, (sample, i) => {
    const distance = Math.min(i, samples.length - 1 - i);
    if (distance >= ramp) return sample;
    return sample * (1 - Math.cos(Math.PI * distance / ramp)) / 2;
  });
}

Deno.test("cosineRamp: any length and ramp follow the definition", () => {
  for (let length = 1; length <= 40; length++) {
    const samples = Int16Array.from({ length }, (_, i) => (i * 37 % 61) - 30);
    for (const rampMs of [0, 0.4, 1, 2.5, 7, 100]) {
      // 2.5 samples round to 2: halves go to the even number.
      const wanted = rampMs === 2.5 ? 2 : Math.max(1, Math.round(rampMs));
      const ramp = Math.min(wanted, Math.floor(length / 2));
      const name = `${length} samples, ${rampMs} ms`;
      const ramped = cosineRamped(samples, 1000, rampMs);
      assertClose(ramped, slowRamp(samples, ramp), 1e-14, name);
    }
  }
});
