import { bin, mask, RecordingError, spectrogram, type Tensor } from "rxephys";
import { lastValueFrom, of } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import {
  type FakeCounts,
  fakeSamples,
  fakeSession,
} from "../support/sessions/fake_session.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass } from "./_operator_cases.ts";

operatorCases("mask", () => mask(), [
  {
    call: () => mask({ audioRateHz: 0 }),
    error: RangeError,
    message:
      "Cannot mask: audioRateHz is 0, expected a number above 0, at most 1000000",
  },
  {
    call: () => mask({ audioRateHz: "96 kHz" as unknown as number }),
    error: TypeError,
    message: 'Cannot mask: audioRateHz is "96 kHz", expected a number',
  },
]);

// The sound has 200 ms, of which 180 ms are presented; the shortest repeat has 150 ms.
function session(counts?: FakeCounts): ReturnType<typeof fakeSession> {
  return fakeSession("s", [{}, {}, {}], [{
    key: "a",
    durationMs: 180,
    waveform: fakeSamples(2000, 1),
    repeats: [
      [fakeSamples(200, 2), fakeSamples(190, 3)],
      null,
      [fakeSamples(150, 4)],
    ],
  }], counts ? { counts } : {});
}

Deno.test("mask: cuts to the presented bins and the shortest repeat", async () => {
  const masked = await lastValueFrom(
    of(session()).pipe(
      bin({ dtMs: 5 }),
      spectrogram({ dtMs: 5, fmaxHz: 4000 }),
      mask(),
    ),
  );
  const { stimulus, read } = itemAt(await masked.presentations(), 0);
  assertEquals((await stimulus.read() as Tensor).shape, [1, 32, 36]);
  const { responses } = await read();
  assertEquals(
    responses.map((response) => response?.repeats.map((x) => x.length)),
    [[30, 30], undefined, [30]],
  );
  const [repeat] = responses[0]?.repeats ?? [];
  assertEquals(repeat instanceof Float32Array, true);
  assertEquals(responses[1], null);
});

Deno.test("mask: gives the bins' values in float32", async () => {
  const [binned] = await pass(bin({ dtMs: 5 }), session());
  const masked = await lastValueFrom(
    of(binned).pipe(spectrogram({ dtMs: 5, fmaxHz: 4000 }), mask()),
  );
  const repeatOf = async (s: typeof binned): Promise<number[]> => {
    const presentation = itemAt(await s.presentations(), 0);
    const { responses } = await presentation.read();
    return Array.from(responses[0]?.repeats[1] ?? []);
  };
  assertEquals(
    await repeatOf(masked),
    (await repeatOf(binned)).slice(0, 30).map(Math.fround),
  );
});

Deno.test("mask: reading only responses reads their stimulus once", async () => {
  const counts = { presentations: 0, stimuli: 0, trials: 0 };
  const stream = of(session(counts)).pipe(
    bin(),
    spectrogram({ fmaxHz: 4000 }),
    mask(),
  );
  const { read } = itemAt(
    await (await lastValueFrom(stream)).presentations(),
    0,
  );
  await read();
  await read();
  assertEquals(counts.stimuli, 1);
});

Deno.test("mask: reading responses after their stimulus does not read it again", async () => {
  const counts = { presentations: 0, stimuli: 0, trials: 0 };
  const stream = of(session(counts)).pipe(
    bin(),
    spectrogram({ fmaxHz: 4000 }),
    mask(),
  );
  const item = itemAt(await (await lastValueFrom(stream)).presentations(), 0);
  await item.stimulus.read();
  await item.read();
  assertEquals(counts.stimuli, 1);
});

Deno.test("mask: refuses a waveform without bins", async () => {
  const [masked] = await pass(mask(), session());
  const { stimulus, read } = itemAt(await masked.presentations(), 0);
  const message = "Cannot mask: stimulus a has no bins, " +
    "expected bin() or spectrogram() before mask()";
  await assertRejects(() => stimulus.read(), RecordingError, message);
  await assertRejects(() => read(), RecordingError, message);
});

Deno.test("mask: refuses bins whose width differs from the frames'", async () => {
  const masked = await lastValueFrom(
    of(session()).pipe(
      bin({ dtMs: 10 }),
      spectrogram({ dtMs: 5, fmaxHz: 4000 }),
      mask(),
    ),
  );
  const { read } = itemAt(await masked.presentations(), 0);
  await assertRejects(
    () => read(),
    RecordingError,
    "responses to a have bins of 10 ms, expected bin({ dtMs: 5 })",
  );
});

Deno.test("mask: refuses responses without bins", async () => {
  const masked = await lastValueFrom(
    of(session()).pipe(spectrogram({ dtMs: 5, fmaxHz: 4000 }), mask()),
  );
  const { read } = itemAt(await masked.presentations(), 0);
  await assertRejects(
    () => read(),
    RecordingError,
    "responses to a have no bins, expected bin({ dtMs: 5 })",
  );
});
