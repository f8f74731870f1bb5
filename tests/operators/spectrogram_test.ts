import { RecordingError, spectrogram, type Tensor } from "rxephys";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { fakeSession } from "../support/fake_session.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

const act = "Cannot make a spectrogram";
operatorCases("spectrogram", () => spectrogram(), [
  {
    call: () => spectrogram({ dtMs: -5 }),
    error: RangeError,
    message: `${act}: dtMs is -5, expected a number above 0, at most 10000`,
  },
  {
    call: () => spectrogram({ fminHz: 0 }),
    error: RangeError,
    message: `${act}: fminHz is 0, expected a number above 0`,
  },
  {
    call: () => spectrogram({ fmaxHz: 99 }),
    error: RangeError,
    message: `${act}: fmaxHz is 99, expected at least 100`,
  },
  {
    call: () => spectrogram({ bandsPerOctave: 6.5 }),
    error: RangeError,
    message: `${act}: bandsPerOctave is 6.5, expected a whole number`,
  },
  {
    call: () => spectrogram({ windowMs: Infinity }),
    error: RangeError,
    message:
      `${act}: windowMs is Infinity, expected a number above 0, at most 10000`,
  },
]);

// A tone of 800 Hz, 10 kHz sampling: band 3 of one per octave from 100 Hz.
const tone = Float64Array.from(
  { length: 1000 },
  (_, i) => Math.sin(2 * Math.PI * 800 * i / 10_000),
);
const session = fakeSession("s", [{}], [{
  key: "a",
  durationMs: 100,
  waveform: tone,
  repeats: [[tone]],
}]);

Deno.test("spectrogram: a (1, F, T) tensor that peaks at the tone", async () => {
  const [out] = await pass(
    spectrogram({ dtMs: 10, fmaxHz: 4000, bandsPerOctave: 1, windowMs: 50 }),
    session,
  );
  const [{ stimulus }] = await out.presentations();
  const { data, shape, dtMs } = await stimulus.read() as Tensor;
  assertEquals([shape, dtMs], [[1, 6, 10], 10]);
  const middle = [0, 1, 2, 3, 4, 5].map((band) => data[10 * band + 5]);
  assertEquals(middle.indexOf(Math.max(...middle)), 3);
  // Half the sum of a Hamming window of 500 points: 20 log10(0.54 * 500 / 2).
  assert(Math.abs(middle[3] - 42.6) < 0.1, String(middle[3]));
});

Deno.test("spectrogram: refuses a spectrogram", async () => {
  const [once] = await pass(spectrogram(), session);
  const [twice] = await pass(spectrogram(), once);
  const [{ stimulus }] = await twice.presentations();
  await assertRejects(
    () => stimulus.read(),
    RecordingError,
    "stimulus a is a tensor of shape [1,53,20], expected a waveform",
  );
});
