import {
  asari,
  type AsariOptions,
  crcnsAc1,
  DataNotFoundError,
  FormatError,
  RecordingError,
  type Waveform,
} from "rxephys";
import { firstValueFrom, lastValueFrom, toArray } from "rxjs";
import { AC1_TINY } from "../../support/golden/golden_ac1.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import {
  ASARI_SESSION,
  asariSessionsOf,
  responsesOf,
  withAsari,
} from "./_asari_release.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

const TRACE = Int16Array.from({ length: 2000 }, (_, i) => i % 251 * 10);
const PLACE = "20050310-ha1-001";

Deno.test("asari: a repeat is the trace from the trigger for the duration", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording-late",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      assertEquals(sessions.map(({ id }) => id), [PLACE]);
      const [one, two] = firstOf(2, await responsesOf(itemAt(sessions, 0)));
      assertEquals(one, {
        kind: "raw",
        unit: "mV",
        scale: 0.01,
        rateHz: 10_000,
        repeats: [TRACE.slice(100, 600), TRACE.slice(1800)],
      });
      assertEquals(two.repeats, [TRACE.slice(800, 1300)]);
      assertEquals(warnings, []);
    },
  ));

Deno.test("asari: only the repeats of a trace are kept, in its stored type", () =>
  withAsari(
    { [`${ASARI_SESSION}/1.mat`]: "recording-cells" },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [{ repeats }] = firstOf(1, await responsesOf(session));
      const [repeat] = firstOf(1, repeats);
      assertEquals(repeat.constructor, Int16Array);
      assertEquals(repeat.buffer.byteLength, 500 * 2);
    },
  ));

Deno.test("asari: triggers as structs or cells, plain files, any number type", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording-cells",
      [`${ASARI_SESSION}/3.mat`]: "recording-uint16",
    },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      for (const { repeats } of await responsesOf(session)) {
        assertEquals(repeats.length, 3);
        assertEquals(repeats[1], repeats[0]);
        assertEquals(repeats[2], Float64Array.from(itemAt(repeats, 0)));
      }
    },
  ));

Deno.test("asari: repeats of different scales are in mV", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording-other-scale",
    },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [{ scale, repeats }] = firstOf(1, await responsesOf(session));
      const [one, two] = firstOf(2, repeats);
      assertEquals(scale, 1);
      assertEquals([itemAt(one, 3), itemAt(two, 3)], [
        1030 * 0.01,
        1030 * 0.02,
      ]);
    },
  ));

Deno.test("asari: a stimulus is its segment files, however they are spelt", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording-spelled",
      "asari-results-2/20050311-ha2-007b/1.mat": "recording-spelled",
    },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [one, two] = firstOf(2, sessions);
      assertEquals(
        (await responsesOf(one)).map(({ repeats }) => repeats.length),
        [2, 2],
      );
      const keys = (await one.presentations()).map((p) => p.stimulus.key);
      assertEquals(new Set(keys).size, 2);
      assertEquals(
        (await two.presentations()).map((p) => p.stimulus.key),
        keys,
      );
    },
  ));

Deno.test("asari: metadata of cells and stimuli", () =>
  withAsari(
    {
      "asari-results-2/20050311-ha2-007b/1.mat": "recording-thalamus",
      [`${ASARI_SESSION}/1.mat`]: "recording",
    },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [one, two] = firstOf(2, sessions);
      assertEquals(one.cells, [{
        experimenter: "asari",
        session: PLACE,
        animalId: "ha1",
        penetration: 1,
        date: "20050310",
        site: "A1",
        recordingType: "whole-cell",
        species: "rat",
      }]);
      const { site, recordingType, penetration } = itemAt(two.cells, 0);
      assertEquals([site, recordingType, penetration], [
        "MGB",
        "cell-attached",
        "007b",
      ]);
      const [first, second] = firstOf(2, await one.presentations());
      assertEquals(first.stimulus.durationMs, 50);
      assertEquals(first.stimulus.meta, {
        experimenter: "asari",
        category: "class1",
        classN: 1,
        segments: [1, 2],
        segmentFiles: ["class1/1.mat", "class1\\2.mat"],
        sequence: "Sequence 1: 1 2",
        description: "Sequence 1: 1 2",
        durationS: 0.05,
      });
      const { category, classN, sequence } = second.stimulus.meta;
      assertEquals([category, classN, sequence], [
        "class1",
        1,
        "sequence 2 :2 1 3",
      ]);
    },
  ));

Deno.test("asari: a waveform is the segments, each ramped for 5 ms", () =>
  withAsari(
    { [`${ASARI_SESSION}/1.mat`]: "recording" },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [, { stimulus }] = firstOf(2, await session.presentations());
      const { samples, rateHz } = await stimulus.read() as Waveform;
      // The first segment's own rate, less than 1 Hz from the others'.
      assertEquals([samples.length, rateHz], [3000, 97_656]);
      // 488 samples of ramp, half-way up at the 245th.
      const at = [0, 244, 500, 999, 1000, 1244, 1500, 2999]
        .map((i) => Number(itemAt(samples, i).toFixed(9)));
      assertEquals(at, [-0, -25, -50, -0, 0, 50, 100, 0]);
    },
  ));

Deno.test("asari: triggers without a sequence are skipped", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording-other",
      [`${ASARI_SESSION}/2.mat`]: "recording-no-table",
      [`${ASARI_SESSION}/3.mat`]: "recording-no-param",
      [`${ASARI_SESSION}/notes/4.mat`]: "recording",
      "asari-results-1/notes/5.mat": "recording",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      assertEquals(sessions.map(({ id }) => id), [PLACE]);
      assertEquals(await itemAt(sessions, 0).presentations(), []);
      assertEquals(warnings, []);
    },
  ));

Deno.test("asari: site and type are those of the first file with a table", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording-no-table",
      [`${ASARI_SESSION}/2.mat`]: "recording-no-site",
      [`${ASARI_SESSION}/3.mat`]: "recording",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      assertEquals(itemAt(session.cells, 0).site, "A1");
      const [{ repeats }] = firstOf(1, await responsesOf(session));
      assertEquals(repeats.length, 2);
      assertEquals(warnings, []);
    },
  ));

Deno.test("asari: warns of a session without a site", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording-no-site",
      "asari-results-2/20060101-ha4-010/1.mat": "recording",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      assertEquals(sessions.map(({ id }) => id), ["20060101-ha4-010"]);
      assertEquals(warnings.map(({ kind, message }) => [kind, message]), [[
        "undecodable",
        `no recording of ${ASARI_SESSION} says where it was made`,
      ]]);
    },
  ));

Deno.test("asari: a session with two sites has the first one, with a warning", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording-thalamus",
    },
    async (folder) => {
      const a1 = await asariSessionsOf(folder, { sites: "A1" });
      const mgb = await asariSessionsOf(folder, { sites: ["MGB"] });
      assertEquals(mgb.sessions, []);
      const [{ repeats }] = firstOf(
        1,
        await responsesOf(itemAt(a1.sessions, 0)),
      );
      assertEquals(repeats.length, 2);
      assertEquals(
        a1.warnings.map(({ kind, member, message }) => [kind, member, message]),
        [[
          "unlike-recordings",
          `${PLACE}/2.mat`,
          'it says MGB, "cell-attached", the session\'s first file A1, ' +
          '"whole-cell"',
        ]],
      );
    },
  ));

Deno.test("asari: each trigger past the table is skipped with a warning", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording-past",
      [`${ASARI_SESSION}/2.mat`]: "recording-hole",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      for (let time = 0; time < 2; time++) {
        const responses = await responsesOf(session);
        assertEquals(responses.map(({ repeats }) => repeats.length), [1]);
      }
      assertEquals(
        warnings.map(({ kind, member, message, count }) => [
          kind,
          member,
          message,
          count,
        ]),
        [
          [1, 1, 9],
          [1, 2, 0],
          [2, 1, 2],
          [2, 2, 2],
        ].map(([file, trigger, row], i) => [
          "unknown-segment",
          `${PLACE}/${file}.mat`,
          `trigger ${trigger} names row ${row} of a table of 3 segments`,
          i + 1,
        ]),
      );
    },
  ));

Deno.test("asari: a stimulus without a segment is skipped, the others stay", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording-missing",
      [`${ASARI_SESSION}/2.mat`]: "recording-missing",
    },
    async (folder) => {
      const { sessions, warnings } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const responses = await responsesOf(session);
      assertEquals(responses.map(({ repeats }) => repeats.length), [2]);
      assertEquals(
        warnings.map(({ kind, member, message }) => [kind, member, message]),
        [[
          "missing-segment",
          "asari/Stimuli/class9/1.mat",
          `${ASARI_SESSION} heard "sequence 2 :2 1 3", of which the release ` +
          "does not hold asari/Stimuli/class9/1.mat",
        ]],
      );
    },
  ));

Deno.test("asari: a file that cannot be decoded is skipped with a warning", () =>
  withAsari(
    {
      [`${ASARI_SESSION}/1.mat`]: "recording",
      [`${ASARI_SESSION}/2.mat`]: "recording",
      "asari-results-2/20060101-ha4-010/1.mat": "recording",
    },
    async (folder) => {
      const broken = `${folder}/${ASARI_SESSION}/1.mat`;
      await Deno.writeFile(broken, (await Deno.readFile(broken)).slice(0, 400));
      const { sessions, warnings } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [{ repeats }] = firstOf(1, await responsesOf(session));
      assertEquals(repeats.length, 1);
      assertEquals(
        warnings.map(({ kind, archive, member }) => [kind, archive, member]),
        [[
          "undecodable",
          `${folder}/asari-results-1`,
          `${PLACE}/1.mat`,
        ]],
      );
    },
  ));

const BAD_RECORDINGS: Readonly<Record<string, string>> = {
  "recording-without-sf":
    "response.sf is null, expected a rate of 100 to 1000000 Hz",
  "recording-without-trace": "response.trace is missing or no vector",
  "recording-nan": "response.trace(151) is NaN, expected a finite number",
  "recording-without-duration":
    "triggers(1).param.duration is null, expected 0 to 10000000 ms",
  "recording-other-rate":
    "response.sf is 5000, expected 10000 as in the first repeat",
};

for (const [part, message] of Object.entries(BAD_RECORDINGS)) {
  Deno.test(`asari: refuses ${part}`, () =>
    withAsari(
      {
        [`${ASARI_SESSION}/1.mat`]: "recording",
        [`${ASARI_SESSION}/2.mat`]: part,
      },
      async (folder) => {
        const { sessions } = await asariSessionsOf(folder);
        const [session] = firstOf(1, sessions);
        const error = await assertRejects(
          () => responsesOf(session),
          RecordingError,
          message,
        );
        assertEquals(error.member, `${PLACE}/2.mat`);
        assertEquals(error.archive, `${folder}/asari-results-1`);
      },
    ));
}

Deno.test("asari: NaN between two repeats is ignored", () =>
  withAsari(
    { [`${ASARI_SESSION}/1.mat`]: "recording-nan-between" },
    async (folder) => {
      const { sessions } = await asariSessionsOf(folder);
      const [session] = firstOf(1, sessions);
      const [{ repeats: [repeat] }] = firstOf(1, await responsesOf(session));
      assertEquals(repeat, Float64Array.from(TRACE.slice(100, 600)));
    },
  ));

const BAD_SEGMENTS: Readonly<
  Record<string, [typeof RecordingError | typeof FormatError, string]>
> = {
  "segment-other-rate": [
    RecordingError,
    "stimulus.param.sf is 44100, expected 97656.25 as in the first",
  ],
  "segment-empty": [
    RecordingError,
    "stimulus.sample is empty, expected a waveform",
  ],
  "segment-none": [FormatError, 'it has no variable "stimulus"'],
};

for (const [part, [errorClass, message]] of Object.entries(BAD_SEGMENTS)) {
  Deno.test(`asari: refuses ${part}`, () =>
    withAsari(
      {
        [`${ASARI_SESSION}/1.mat`]: "recording",
        "asari/Stimuli/class1/2.mat": part,
      },
      async (folder) => {
        const { sessions } = await asariSessionsOf(folder);
        const [session] = firstOf(1, sessions);
        const [{ stimulus }] = firstOf(1, await session.presentations());
        const error = await assertRejects(
          () => stimulus.read(),
          errorClass,
          message,
        );
        assertEquals(error.archive, `${folder}/asari`);
        assertEquals(error.member, "Stimuli/class1/2.mat");
      },
    ));
}

Deno.test("asari: names the parts that are missing", () =>
  withAsari(
    { [`${ASARI_SESSION}/1.mat`]: "recording" },
    async (folder) => {
      const missing = async (...parts: string[]): Promise<void> => {
        for (const part of parts) {
          await Deno.remove(`${folder}/${part}`, { recursive: true });
        }
      };
      const refused = (message: string): Promise<Error> =>
        assertRejects(
          () => firstValueFrom(asari(folder)),
          DataNotFoundError,
          message,
        );
      await missing("asari-results-2/20060101-ha4-010/1.mat");
      await refused(
        "expected asari-results-2/<session>/*.mat from " +
          "crcns-ac1-asari-results-2.zip (archive",
      );
      await missing("asari", "asari-results-2");
      await refused(
        "Cannot find the Asari recordings: expected asari/Stimuli/ from " +
          "crcns-ac1.zip, asari-results-2/<session>/*.mat from",
      );
      await missing("asari-results-1");
      await refused("Cannot find CRCNS AC1: expected crcns-ac1.zip");
    },
  ));

Deno.test("asari: refuses bad options at the call", () => {
  const bad = (sites: unknown): unknown => asari("x", { sites: sites as "A1" });
  assertThrows(
    () => bad("V1"),
    RangeError,
    "Cannot stream Asari: sites is V1, expected A1, MGB or both",
  );
  assertThrows(
    () => bad(["A1", "V1"]),
    RangeError,
    "Cannot stream Asari: sites is V1, expected A1, MGB or both",
  );
  assertThrows(
    () => bad([]),
    RangeError,
    "Cannot stream Asari: sites is empty, expected A1, MGB or both",
  );
  assertThrows(
    () => bad(1),
    TypeError,
    "Cannot stream Asari: sites is 1, expected A1, MGB or both",
  );
  assertThrows(
    () => asari("x", { maxCacheBytes: 0.5 }),
    RangeError,
    "Cannot stream Asari: maxCacheBytes is 0.5, expected a whole number",
  );
  assertThrows(
    () => asari(7 as unknown as string),
    TypeError,
    "Cannot stream Asari: data is 7, expected a path, a URL, a File or a Blob",
  );
});

const UNKNOWN: readonly (readonly [object, string])[] = [
  [{ sides: "MGB" }, "there is no option sides, expected sites"],
  [
    { maxCacheByte: 1 },
    "there is no option maxCacheByte, expected maxCacheBytes",
  ],
  [
    { site: "A1", sites: "MGB" },
    "sites and site are given, expected one of them",
  ],
  [{ onWarning: 5 }, "onWarning is 5, expected a function"],
];

for (const [options, message] of UNKNOWN) {
  Deno.test(`asari: refuses ${JSON.stringify(options)} at the call`, () => {
    for (const source of [asari, crcnsAc1]) {
      assertThrows(() => source("x", options), Error, message);
    }
  });
}

Deno.test("asari: site is another spelling of sites", async () => {
  const sitesOf = async (options: AsariOptions): Promise<unknown[]> => {
    const sessions = asari(AC1_TINY, options).pipe(toArray());
    return (await lastValueFrom(sessions)).map(({ cells: [cell] }) =>
      cell?.site
    );
  };
  const found = await sitesOf({ site: "MGB" });
  assertEquals(found, await sitesOf({ sites: "MGB" }));
  assertEquals(new Set(found), new Set(["MGB"]));
});
