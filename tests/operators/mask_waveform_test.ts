import {
  bin,
  crcnsAc1Pipeline,
  type CrcnsAc1PipelineOptions,
  mapResponses,
  mask,
  RecordingError,
  type Session,
  spectrogram,
  type Tensor,
  toNdjson,
  wehr,
} from "rxephys";
import { from, lastValueFrom, type Observable, of, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { assertClose } from "../support/close.ts";
import {
  type FakeCounts,
  fakeSamples,
  fakeSession,
} from "../support/sessions/fake_session.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { itemAt } from "../support/item_at.ts";
import { plainResample } from "../support/golden/plain.ts";

const SOUND = fakeSamples(2000, 1);

// The sound has 200 ms at 10 kHz; the shortest repeat has 150 ms.
function session(durationMs: number, counts?: FakeCounts): Session {
  return fakeSession("s", [{}, {}], [{
    key: "a",
    durationMs,
    waveform: SOUND,
    repeats: [[fakeSamples(200, 2), fakeSamples(190, 3)], [
      fakeSamples(150, 4),
    ]],
  }], counts ? { counts } : {});
}

Deno.test("mask: resamples a waveform and cuts it to the presented bins", async () => {
  const stream = of(session(180)).pipe(bin(), mask({ audioRateHz: 12_000 }));
  const { stimulus, dtMs } = itemAt(
    await (await lastValueFrom(stream))
      .presentations(),
    0,
  );
  const tensor = await stimulus.read() as Tensor;
  assertEquals(tensor.shape, [1, 36 * 60]);
  assertEquals([tensor.dtMs, tensor.samplesPerBin, dtMs], [5, 60, 5]);
  // Float32 rounds each sample to 6e-8.
  assertClose(tensor.data, plainResample(SOUND, 10_000, 12_000, 2160), 1e-7);
});

Deno.test("mask: pads a sound that ends within the last bin with zeros", async () => {
  const stream = of(session(0)).pipe(
    bin({ dtMs: 30 }),
    mask({ audioRateHz: 10_000 }),
  );
  const { stimulus } = itemAt(
    await (await lastValueFrom(stream)).presentations(),
    0,
  );
  const { data, shape } = await stimulus.read() as Tensor;
  assertEquals(shape, [1, 2100]);
  assertEquals(data.subarray(0, 2000), Float32Array.from(SOUND));
  assertEquals(data.subarray(2000), new Float32Array(100));
});

for (const durationMs of [0, 180, 1000]) {
  for (const dtMs of [2, 5, 7, 30, 1000]) {
    Deno.test(`mask: waveforms and spectrograms give the same responses, ${durationMs} ms in bins of ${dtMs} ms`, async () => {
      const binned = of(session(durationMs)).pipe(bin({ dtMs }));
      assertEquals(
        await read(binned.pipe(mask())),
        await read(binned.pipe(spectrogram({ dtMs, fmaxHz: 4000 }), mask())),
      );
    });
  }
}

for (
  const options of [{ dtMs: 5 }, { dtMs: 10, fmaxHz: 25_600 }, { dtMs: 1 }]
) {
  Deno.test(`crcnsAc1Pipeline: waveforms do not change responses, ${options.dtMs} ms`, async () => {
    const spectrograms = await tiny(options);
    const waveforms = await tiny({ ...options, stimuli: "waveform" });
    assert(spectrograms.length > 0);
    assertEquals(waveforms, spectrograms);
  });
}

Deno.test("mask: waveforms of the real layout have whole bins at 96 kHz", async () => {
  const sessions = await lastValueFrom(
    wehr(AC1_TINY).pipe(
      crcnsAc1Pipeline({ stimuli: "waveform" }),
      toArray(),
    ),
  );
  for (const session of sessions) {
    for (const { stimulus } of await session.presentations()) {
      const { shape, samplesPerBin, data } = await stimulus.read() as Tensor;
      assertEquals([shape[0], itemAt(shape, 1) % 480, samplesPerBin], [
        1,
        0,
        480,
      ]);
      assertEquals(data.length, shape[1]);
      assert(data.every(Number.isFinite) && data.some((x) => x !== 0));
    }
  }
});

const REFUSED: readonly (readonly [number, number, string])[] = [
  [10, 9, "the rate of stimulus a is 10 Hz, expected 200 to 24576000 for bins"],
  [1e9, 9, "the rate of stimulus a is 1000000000 Hz, expected 200 to 24576000"],
  [200, 300_000, "stimulus a takes 144000000 samples at 96000 Hz, expected at"],
];

for (const [rateHz, length, message] of REFUSED) {
  Deno.test(`mask: refuses ${length} samples at ${rateHz} Hz before it allocates`, async () => {
    const plain = session(0);
    const sound = { samples: new Int16Array(length), rateHz };
    const stream = of({
      ...plain,
      presentations: async () =>
        (await plain.presentations()).map((item) => ({
          ...item,
          stimulus: { ...item.stimulus, read: () => Promise.resolve(sound) },
        })),
    }).pipe(bin(), mask());
    const [item] = await (await lastValueFrom(stream)).presentations();
    await assertRejects(
      async () => await item?.stimulus.read(),
      RecordingError,
      `Cannot mask: ${message}`,
    );
  });
}

Deno.test("mask: a user's operator preserves the bin width", async () => {
  const stream = of(session(180)).pipe(
    bin({ dtMs: 10 }),
    mapResponses((response) => response),
    mask(),
  );
  const { stimulus } = itemAt(
    await (await lastValueFrom(stream)).presentations(),
    0,
  );
  assertEquals((await stimulus.read() as Tensor).shape, [1, 18 * 960]);
});

Deno.test("mask: a sink reads a waveform and its responses once", async () => {
  const counts = { presentations: 0, stimuli: 0, trials: 0 };
  const nowhere = new WritableStream<Uint8Array>();
  const twice = [session(180, counts), session(180, counts)];
  await lastValueFrom(from(twice).pipe(bin(), mask(), toNdjson(nowhere)));
  assertEquals(counts, { presentations: 2, stimuli: 1, trials: 2 });
});

Deno.test("mask: a masked session can be masked again", async () => {
  const stream = of(session(180)).pipe(bin(), mask());
  assertEquals(await read(stream.pipe(mask())), await read(stream));
  const [once, twice] = await Promise.all(
    [stream, stream.pipe(mask())].map(async (sessions) => {
      const { stimulus } = itemAt(
        await (await lastValueFrom(sessions))
          .presentations(),
        0,
      );
      return stimulus.read();
    }),
  );
  assertEquals(twice, once);
});

Deno.test("mask: refuses bins without a whole number of samples", async () => {
  const message = "Cannot mask: audioRateHz is 96000, " +
    "expected a whole number of samples in bins of 3.3 ms, not 316.8";
  const stream = of(session(180)).pipe(bin({ dtMs: 3.3 }), mask());
  const presentation = itemAt(
    await (await lastValueFrom(stream)).presentations(),
    0,
  );
  await assertRejects(() => presentation.stimulus.read(), RangeError, message);
  await assertRejects(() => presentation.read(), RangeError, message);
});

Deno.test("mask: accepts spectrograms whose bins have no whole number of samples", async () => {
  const stream = of(session(180)).pipe(
    bin({ dtMs: 3.3 }),
    spectrogram({ dtMs: 3.3, fmaxHz: 4000 }),
    mask(),
  );
  assertEquals((await read(stream)).length, 1);
});

function tiny(options: CrcnsAc1PipelineOptions): Promise<unknown[]> {
  return read(wehr(AC1_TINY).pipe(crcnsAc1Pipeline(options)));
}

async function read(
  sessions: Observable<Session>,
): Promise<unknown[]> {
  const all: unknown[] = [];
  for (
    const { presentations } of await lastValueFrom(sessions.pipe(toArray()))
  ) {
    for (const item of await presentations()) all.push(await item.read());
  }
  return all;
}
