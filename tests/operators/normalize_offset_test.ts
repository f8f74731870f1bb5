import {
  mask,
  normalize,
  type NormalizeOptions,
  type NormalizeRanges,
  parallel,
  type Session,
  toDataset,
  wingert2026,
  wingert2026Pipeline,
} from "rxephys";
import { writeSyntheticWingert } from "rxephys/synthetic";
import { lastValueFrom, of } from "rxjs";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { tensorSession } from "./_normalize_case.ts";

interface Reference {
  readonly stims: readonly { shape: number[]; data: number[] }[];
  /** `[stimulus][cell][repeat][bin]`. */
  readonly responses: readonly (readonly number[][][])[];
  readonly expected: readonly {
    readonly logOffset: number | "off";
    readonly stims: readonly number[][];
    /** `[stimulus][cell]`, repeats one after the other. */
    readonly responses: readonly (readonly number[][])[];
  }[];
}

const FILE = "../fixtures/normalize/log_offsets.json";
const reference: Reference = JSON.parse(
  Deno.readTextFileSync(new URL(FILE, import.meta.url)),
);

function session(): Session {
  const cells = itemAt(reference.responses, 0).map((_, cell) =>
    reference.responses.map((row) => itemAt(row, cell))
  );
  return tensorSession("a", reference.stims, cells);
}

interface Mapped {
  readonly stims: number[][];
  readonly responses: number[][][];
}

async function mapped(options: NormalizeOptions): Promise<Mapped> {
  const stream = of(session()).pipe(normalize(options));
  const stims: number[][] = [];
  const responses: number[][][] = [];
  const { presentations } = await lastValueFrom(stream);
  for (const { stimulus, read } of await presentations()) {
    const tensor = await stimulus.read();
    stims.push("shape" in tensor ? [...tensor.data] : []);
    responses.push(
      (await read()).responses.map((response) =>
        response?.repeats.flatMap((repeat) => [...repeat]) ?? []
      ),
    );
  }
  return { stims, responses };
}

for (const { logOffset, ...expected } of reference.expected) {
  Deno.test(`normalize: logOffset ${logOffset} equals deepSTRF's loader to 1e-6`, async () => {
    const { stims, responses } = await mapped({ logOffset });
    assertClose(stims.flat(), expected.stims.flat());
    assertClose(responses.flat(2), expected.responses.flat(2));
  });
}

function assertClose(actual: number[], expected: number[]): void {
  assertEquals(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const own = itemAt(actual, i);
    assert(Math.abs(own - value) <= 1e-6, `${own} at ${i}, expected ${value}`);
  }
}

Deno.test("normalize: logOffset -1 is the default, and not in its ranges", async () => {
  const found: NormalizeRanges[] = [];
  const onRanges = (ranges: NormalizeRanges): number => found.push(ranges);
  const plain = await mapped({ onRanges });
  assertEquals(await mapped({ logOffset: -1, onRanges }), plain);
  assertEquals(found[0], found[1]);
  assert(!("logOffset" in itemAt(found, 0)));
});

Deno.test("normalize: ranges state their logarithm, and map as they were found", async () => {
  for (const logOffset of [-2, 0.5, "off"] as const) {
    const found: NormalizeRanges[] = [];
    const onRanges = (ranges: NormalizeRanges): number => found.push(ranges);
    const first = await mapped({ logOffset, onRanges });
    const ranges: NormalizeRanges = JSON.parse(JSON.stringify(found[0]));
    assertEquals(await mapped({ logOffset, ranges }), first);
    assertThrows(
      () => normalize({ ranges }),
      RangeError,
      `Cannot normalize: ranges.logOffset is ${logOffset}, expected -1 as`,
    );
  }
});

Deno.test("normalize: without the logarithm every value is allowed, with it not", async () => {
  const negative = (logOffset: number | "off"): Promise<unknown> =>
    lastValueFrom(
      of(tensorSession("x", [{ shape: [1, 1, 2], data: [1, -0.5] }], [[[[
        1,
        2,
      ]]]])).pipe(normalize({ logOffset }), toDataset()),
    );
  await negative("off");
  await negative(0);
  await assertRejects(
    () => negative(-2),
    Error,
    "has the value -0.5, expected one above -0.01, for log((x + 0.01) / 0.01)",
  );
});

Deno.test("normalize: refuses another logOffset", () => {
  assertThrows(
    () => normalize({ logOffset: "on" as "off" }),
    TypeError,
    'Cannot normalize: logOffset is "on", expected a number',
  );
  assertThrows(
    () => normalize({ logOffset: NaN }),
    RangeError,
    "Cannot normalize: logOffset is NaN, expected -1000 to 1000",
  );
  assertThrows(
    () => wingert2026Pipeline({ logOffset: 1e6 }),
    RangeError,
    "logOffset is 1000000, expected -1000 to 1000",
  );
});

for (const method of ["global", "bandAndNeuron"] as const) {
  Deno.test(`normalize: ${method} leaves waveforms as they are`, async () => {
    const wave = Float64Array.of(3, -2, 1, 0);
    const made = (): Session =>
      fakeSession("w", [{}], [{
        key: "w/1",
        durationMs: 2,
        waveform: wave,
        repeats: [[Float64Array.of(1, 3)]],
      }]);
    const found: NormalizeRanges[] = [];
    const onRanges = (ranges: NormalizeRanges): number => found.push(ranges);
    for (const ranges of [undefined, 0]) {
      const given = ranges === undefined ? undefined : itemAt(found, 0);
      const { presentations } = await lastValueFrom(
        of(made()).pipe(
          normalize({ method, onRanges, ...(given && { ranges: given }) }),
        ),
      );
      const [presentation] = await presentations();
      const read = await presentation?.stimulus.read();
      assertEquals(read && "samples" in read && read.samples, wave);
      const trials = await presentation?.read();
      assertEquals(
        trials?.responses[0]?.repeats,
        [Float32Array.of(0, 1)],
      );
    }
    assertEquals(found[0], found[1]);
  });
}

Deno.test("wingert2026Pipeline: waveforms, with the responses of spectrograms", () =>
  inFolder(async (folder) => {
    await writeSyntheticWingert(folder, { scale: 1, sounds: true });
    const site = { site: "PRN015a", indexFolder: `${folder}/index` };
    const sounds = wingert2026(folder, { ...site, stimuli: "waveform" });
    const plain = await lastValueFrom(
      wingert2026(folder, site).pipe(wingert2026Pipeline(), toDataset()),
    );
    const stimuli = "waveform";
    const data = await lastValueFrom(
      sounds.pipe(wingert2026Pipeline({ stimuli }), toDataset()),
    );
    assertEquals(data.samplesPerBin, 441);
    assertEquals(data.responses, plain.responses);
    const raw = await lastValueFrom(
      sounds.pipe(mask({ audioRateHz: 44_100 }), toDataset()),
    );
    assertEquals(data.stims, raw.stims);
    const low = await lastValueFrom(
      sounds.pipe(
        parallel({ workers: 1 }),
        wingert2026Pipeline({ stimuli, audioRateHz: 8000 }),
        toDataset(),
      ),
    );
    assertEquals(low.samplesPerBin, 80);
    assertEquals(low.responses, plain.responses);
  }));

Deno.test("wingert2026Pipeline: logOffset is that of normalize, also in workers", async () => {
  const load = (parallel: boolean): Promise<unknown> =>
    lastValueFrom(
      wingert2026(WINGERT_SMALL, { site: "CLT027c" }).pipe(
        wingert2026Pipeline({
          logOffset: -2,
          ...(parallel && { parallel: 1 }),
        }),
        toDataset(),
      ),
    ).then(({ stims }) => stims);
  const expected = await lastValueFrom(
    wingert2026(WINGERT_SMALL, { site: "CLT027c" })
      .pipe(normalize({ logOffset: -2 }), toDataset()),
  );
  assertEquals(await load(false), expected.stims);
  assertEquals(await load(true), expected.stims);
});

Deno.test("wingert2026Pipeline: refuses options of waveforms at the call", () => {
  assertThrows(
    () => wingert2026Pipeline({ stimuli: "sound" as "waveform" }),
    TypeError,
    "stimuli is sound, expected spectrogram or waveform",
  );
  assertThrows(
    () => wingert2026Pipeline({ stimuli: "waveform", audioRateHz: 44_150 }),
    RangeError,
    "audioRateHz is 44150, expected a whole number of samples in bins of 10 ms",
  );
});
