import {
  type CellResponse,
  crcnsAc1Pipeline,
  DataNotFoundError,
  RecordingError,
  type Session,
  toDataset,
  type Waveform,
  wehr,
} from "rxephys";
import { firstValueFrom, lastValueFrom, toArray } from "rxjs";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { extract } from "../../support/archives/extract.ts";
import { AC1_TINY, assertGolden } from "../../support/golden/golden_ac1.ts";
import { SESSION, sessionsOf, STIMULUS, withRelease } from "./_release.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

Deno.test("wehr: the zips equal SciPy's result", async () => {
  const stream = wehr(AC1_TINY).pipe(crcnsAc1Pipeline(), toDataset());
  await assertGolden(await lastValueFrom(stream), "wehr");
});

Deno.test("wehr: the zips at 10 ms up to 25.6 kHz equal SciPy's result", async () => {
  const stream = wehr(AC1_TINY).pipe(
    crcnsAc1Pipeline({ dtMs: 10, fmaxHz: 25_600 }),
    toDataset(),
  );
  await assertGolden(await lastValueFrom(stream), "wehr-dt10-fmax25600");
});

// As people leave it: a folder named as the zip, its content beside the zips, a
// copied zip under its own name, with either kind of path.
for (const place of ["crcns-ac1", ""]) {
  Deno.test(`wehr: equals SciPy's result, extracted to "${place}"`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await extract(`${AC1_TINY}/crcns-ac1.zip`, `${folder}/${place}`);
      const stream = wehr(folder).pipe(crcnsAc1Pipeline(), toDataset());
      await assertGolden(await lastValueFrom(stream), "wehr");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("wehr: takes the zip itself, and a file address", async () => {
  const zip = `${AC1_TINY}/crcns-ac1.zip`;
  const ids = async (data: string | URL): Promise<string[]> =>
    (await lastValueFrom(wehr(data).pipe(toArray()))).map(({ id }) => id);
  assertEquals(await ids(zip), await ids(AC1_TINY));
  assertEquals(await ids(new URL(`file://${zip}`)), await ids(AC1_TINY));
});

Deno.test("wehr: every session folder is one cell, in order of name", async () => {
  const { sessions } = await sessionsOf(AC1_TINY);
  assertEquals(sessions.map(({ id }) => id), [
    "20020508-mw-001",
    "20020509-mw-002",
    "20020510-mw-003",
    "20020511-mw-004",
    "20031231-mw-001",
  ]);
  assertEquals(itemAt(sessions, 4).cells, [{
    experimenter: "wehr",
    session: "20031231-mw-001",
    animalId: "mw",
    penetration: 1,
    date: "20031231",
    site: "A1",
    recordingType: "whole-cell",
    species: "rat",
    wehrCellIdx: 4,
  }]);
  assertEquals(await itemAt(sessions, 4).presentations(), []);
});

Deno.test("wehr: counts what it skips, each once", async () => {
  const { sessions, warnings } = await sessionsOf(AC1_TINY);
  for (let time = 0; time < 2; time++) {
    for (const session of sessions) await session.presentations();
  }
  const counted = warnings.map((
    { kind, member, count },
  ) => [kind, member, count]);
  assertEquals(new Set(counted.map(String)).size, counted.length);
  assert(
    counted.some(([kind, member]) =>
      kind === "undecodable" && String(member).endsWith("broken-9998.mat")
    ),
    JSON.stringify(counted),
  );
});

async function responseTo(session: Session): Promise<CellResponse | null> {
  const [presentation] = firstOf(1, await session.presentations());
  return (await presentation.read()).responses[0] ?? null;
}

Deno.test("wehr: a repeat is the trace from the onset for the duration", () =>
  withRelease(
    {
      ...STIMULUS,
      [`${SESSION}/1.mat`]: "trial",
      [`${SESSION}/2.mat`]: "trial-late",
    },
    async (folder) => {
      const { sessions } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const trace = Int16Array.from({ length: 400 }, (_, i) => i % 37 * 10);
      assertEquals(await responseTo(session), {
        kind: "raw",
        unit: "mV",
        scale: 0.01,
        rateHz: 4000,
        repeats: [trace.subarray(100, 300), trace.subarray(380)].map((x) =>
          x.slice()
        ),
      });
    },
  ));

Deno.test("wehr: triggers in a cell, plain files, any number type", () =>
  withRelease(
    {
      ...STIMULUS,
      [`${SESSION}/1.mat`]: "trial-cell",
      [`${SESSION}/2.mat`]: "trial-plain",
      [`${SESSION}/3.mat`]: "trial-int8",
    },
    async (folder) => {
      const { sessions } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const { repeats } = await responseTo(session) as CellResponse;
      assertEquals(repeats[0], repeats[1]);
      const wrapped = Int8Array.from(itemAt(repeats, 0));
      assertEquals(repeats[2], Int16Array.from(wrapped));
    },
  ));

Deno.test("wehr: repeats of different scales are in mV", () =>
  withRelease(
    {
      ...STIMULUS,
      [`${SESSION}/1.mat`]: "trial",
      [`${SESSION}/2.mat`]: "trial-double",
    },
    async (folder) => {
      const { sessions } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const { scale, repeats } = await responseTo(
        session,
      ) as CellResponse;
      const [one, two] = firstOf(2, repeats);
      assertEquals(scale, 1);
      assertEquals(one, Float64Array.from(two));
      assertEquals(itemAt(one, 1), 270 * 0.01);
    },
  ));

Deno.test("wehr: tuning curves and files without a trigger are skipped", () =>
  withRelease(
    {
      ...STIMULUS,
      [`${SESSION}/1.mat`]: "trial-tuning",
      [`${SESSION}/2.mat`]: "trial-no-trigger",
      [`${SESSION}/notes/3.mat`]: "trial",
      [`${SESSION}/4.MAT`]: "trial",
    },
    async (folder) => {
      const { sessions, warnings } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      assertEquals(await session.presentations(), []);
      assertEquals(warnings, []);
    },
  ));

Deno.test("wehr: a stimulus is the waveform as stored", () =>
  withRelease(
    { ...STIMULUS, [`${SESSION}/1.mat`]: "trial" },
    async (folder) => {
      const { sessions } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [{ stimulus }] = firstOf(1, await session.presentations());
      assertEquals(stimulus.key, "wehr/fragments/1");
      assertEquals(stimulus.durationMs, 50);
      assertEquals(stimulus.meta, {
        experimenter: "wehr",
        category: "fragments",
        idx: 1,
        description: "tick",
        durationS: 0.05,
      });
      const { samples, rateHz } = await stimulus.read() as Waveform;
      assertEquals(rateHz, 44_100);
      assertEquals(
        samples,
        Int16Array.from({ length: 4410 }, (_, i) => i % 101),
      );
    },
  ));

Deno.test("wehr: warns of an unknown and of a duplicate stimulus", () =>
  withRelease(
    {
      ...STIMULUS,
      "wehr/Stimuli/category1/1.mat": "stimulus-again",
      "wehr/Stimuli/fragments/notes.mat": "stimulus-again",
      "wehr/Stimuli/fragments/2.mat": "stimulus-none",
      [`${SESSION}/1.mat`]: "trial",
      [`${SESSION}/2.mat`]: "trial-unknown",
    },
    async (folder) => {
      const { sessions, warnings } = await sessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const presentations = await session.presentations();
      assertEquals(presentations.length, 1);
      assertEquals(
        warnings.map(({ kind, member, message }) => [kind, member, message]),
        [
          [
            "undecodable",
            "Stimuli/fragments/2.mat",
            'Cannot read MAT file: it has no variable "stimulus", only: sound ' +
            `(archive "${folder}/wehr", member "Stimuli/fragments/2.mat")`,
          ],
          [
            "duplicate-stimulus",
            "Stimuli/category1/1.mat",
            '"tick" is already wehr/Stimuli/fragments/1.mat',
          ],
          [
            "unknown-stimulus",
            "Results/20020508-mw-003/2.mat",
            'no stimulus file has the description "nobody knows"',
          ],
        ],
      );
    },
  ));

const BAD_TRIALS: Readonly<Record<string, string>> = {
  "trial-without-sf":
    "response.sf is null, expected a rate of 100 to 1000000 Hz",
  "trial-without-scale": "response.scale is null, expected mV per unit",
  "trial-without-trace": "response.trace is missing or no vector",
  "trial-without-response": "response.trace is missing or no vector",
  "trial-matrix": "response.trace is missing or no vector",
  "trial-nan": "response.trace(151) is NaN, expected a finite number",
  "trial-other-rate": "response.sf is 2000, expected 4000 as in the first",
  "trial-without-duration":
    "triggers.param.duration is null, expected 0 to 10000000 ms",
};

for (const [part, message] of Object.entries(BAD_TRIALS)) {
  Deno.test(`wehr: refuses ${part}`, () =>
    withRelease(
      {
        ...STIMULUS,
        [`${SESSION}/1.mat`]: "trial",
        [`${SESSION}/2.mat`]: part,
      },
      async (folder) => {
        const { sessions } = await sessionsOf(folder);
        const [session] = firstOf(1, sessions);
        const error = await assertRejects(
          () => responseTo(session),
          RecordingError,
          message,
        );
        assertEquals(error.member, "Results/20020508-mw-003/2.mat");
        assertEquals(error.archive, `${folder}/wehr`);
      },
    ));
}

const BAD_STIMULI: Readonly<Record<string, string>> = {
  "stimulus-empty": "stimulus.samples is empty, expected a waveform",
  "stimulus-nan": "stimulus.samples(2) is Infinity, expected a finite number",
  "stimulus-without-sf":
    "stimulus.param.sf is null, expected a rate of 1000 to 1000000 Hz",
};

for (const [part, message] of Object.entries(BAD_STIMULI)) {
  Deno.test(`wehr: refuses ${part}`, () =>
    withRelease(
      { "wehr/Stimuli/category3/7.mat": part, [`${SESSION}/1.mat`]: "trial" },
      async (folder) => {
        const { sessions } = await sessionsOf(folder);
        const [session] = firstOf(1, sessions);
        const [{ stimulus }] = firstOf(1, await session.presentations());
        const error = await assertRejects(
          () => stimulus.read(),
          RecordingError,
          message,
        );
        assertEquals(error.member, "Stimuli/category3/7.mat");
      },
    ));
}

Deno.test("wehr: a folder without a release is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const cases = [
      [folder, "Cannot find CRCNS AC1: expected crcns-ac1.zip"],
      [
        `${folder}/absent`,
        "Cannot find CRCNS AC1: nothing is there, expected crcns-ac1.zip",
      ],
    ] as const;
    for (const [data, message] of cases) {
      const error = await assertRejects(
        () => firstValueFrom(wehr(data)),
        DataNotFoundError,
        message,
      );
      assertEquals(error.archive, data);
    }
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("wehr: a release without its Wehr half is refused", () =>
  withRelease(
    { "asari/Stimuli/class1/1.mat": "stimulus" },
    async (folder) => {
      await assertRejects(
        () => firstValueFrom(wehr(folder)),
        DataNotFoundError,
        "expected wehr/Results/<session>/",
      );
    },
  ));

Deno.test("wehr: refuses bad options at the call", () => {
  assertThrows(
    () => wehr("x", { maxCacheBytes: -1 }),
    RangeError,
    "Cannot stream Wehr: maxCacheBytes is -1, expected 0 to",
  );
  assertThrows(
    () => wehr(7 as unknown as string),
    TypeError,
    "Cannot stream Wehr: data is 7, expected a path, a URL, a File or a Blob",
  );
});
