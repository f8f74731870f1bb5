import {
  bin,
  mask,
  normalize,
  RecordingError,
  spectrogram,
  type Tensor,
  toDataset,
  type Waveform,
  wehr,
} from "rxephys";
import { lastValueFrom, of, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { itemAt } from "../support/item_at.ts";
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

Deno.test("spectrogram: gives a (1, F, T) tensor that peaks at the tone", async () => {
  const [out] = await pass(
    spectrogram({ dtMs: 10, fmaxHz: 4000, bandsPerOctave: 1, windowMs: 50 }),
    session,
  );
  const { stimulus } = itemAt(await out.presentations(), 0);
  const { data, shape, dtMs } = await stimulus.read() as Tensor;
  assertEquals([shape, dtMs], [[1, 6, 10], 10]);
  const middle = [0, 1, 2, 3, 4, 5].map((band) => itemAt(data, 10 * band + 5));
  assertEquals(middle.indexOf(Math.max(...middle)), 3);
  // Half the sum of a Hamming window of 500 points: 20 log10(0.54 * 500 / 2).
  assert(Math.abs(itemAt(middle, 3) - 42.6) < 0.1, String(middle[3]));
});

Deno.test("spectrogram: frees no waveform that a user holds", async () => {
  const first = itemAt(
    await lastValueFrom(wehr(AC1_TINY).pipe(toArray())),
    0,
  );
  const held: (Waveform | Tensor)[] = [];
  const watched = {
    ...first,
    presentations: async () =>
      (await first.presentations()).map((presentation) => ({
        ...presentation,
        stimulus: {
          ...presentation.stimulus,
          read: async () => {
            const waveform = await presentation.stimulus.read();
            held.push(waveform);
            return waveform;
          },
        },
      })),
  };
  const own = await itemAt(await first.presentations(), 0).stimulus.read();
  for (const one of [first, watched]) {
    const [out] = await pass(spectrogram(), one);
    const { stimulus } = itemAt(await out.presentations(), 0);
    const { data } = await stimulus.read() as Tensor;
    assertEquals((await stimulus.read() as Tensor).data, data);
  }
  assertEquals(held, [own, own]);
  assert((own as Waveform).samples.length > 0);
});

Deno.test("spectrogram: refuses a spectrogram", async () => {
  const [once] = await pass(spectrogram({ fmaxHz: 4000 }), session);
  const [twice] = await pass(spectrogram(), once);
  const { stimulus } = itemAt(await twice.presentations(), 0);
  await assertRejects(
    () => stimulus.read(),
    RecordingError,
    "stimulus a is a tensor of shape [1,32,20], expected a waveform",
  );
});

Deno.test("spectrogram: mask and normalize preserve bandsHz", async () => {
  const stream = of(session).pipe(
    bin(),
    spectrogram({ fmaxHz: 1600, bandsPerOctave: 1 }),
    mask(),
    normalize({
      method: "global",
      ranges: { method: "global", stimulus: [0, 1], response: [0, 1] },
    }),
    toDataset(),
  );
  const { bandsHz } = itemAt((await lastValueFrom(stream)).stims, 0);
  assertEquals(bandsHz, [100, 200, 400, 800, 1600]);
});

Deno.test("spectrogram: refuses bands above half the rate, which mirror lower ones", async () => {
  const readAt = async (fmaxHz: number): Promise<number | undefined> => {
    const [out] = await pass(spectrogram({ fminHz: 4000, fmaxHz }), session);
    const { stimulus } = itemAt(await out.presentations(), 0);
    return (await stimulus.read() as Tensor).bandsHz?.at(-1);
  };
  const message = "Cannot make a spectrogram: the band at 5040 Hz lies above " +
    "half the rate of stimulus a, 10000 Hz, expected fmaxHz at most 5000";
  await assertRejects(() => readAt(5100), RangeError, message);
  assertEquals(Math.round(await readAt(5000) ?? 0), 4490);
});

Deno.test("spectrogram: the published default keeps bands above half the rate", async () => {
  const sessions = await lastValueFrom(
    wehr(AC1_TINY).pipe(spectrogram(), toArray()),
  );
  const raw = await lastValueFrom(wehr(AC1_TINY).pipe(toArray()));
  const rates = new Set<number>();
  for (const [index, session] of sessions.entries()) {
    const waveforms = await itemAt(raw, index).presentations();
    for (
      const [at, { stimulus }] of (await session.presentations()).entries()
    ) {
      const { rateHz } = await itemAt(waveforms, at).stimulus
        .read() as Waveform;
      const { bandsHz } = await stimulus.read() as Tensor;
      assertEquals(bandsHz?.length, 53);
      rates.add(rateHz);
    }
  }
  assertEquals([...rates].sort(), [44_100, 97_656.25]);
});
