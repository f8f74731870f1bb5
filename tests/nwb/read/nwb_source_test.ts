import { fromFileUrl } from "@std/path";
import {
  DataNotFoundError,
  FormatError,
  LimitError,
  OutputError,
  RecordingError,
  type Session,
  UnsupportedError,
} from "rxephys";
import { nwb, type NwbSourceOptions, toNwb } from "rxephys/nwb";
import {
  concatMap,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  toArray,
} from "rxjs";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { inFolder } from "../../support/in_folder.ts";

const FIXTURES = fromFileUrl(new URL("../../fixtures/nwb", import.meta.url));
const variant = (name: string): string => `${FIXTURES}/${name}.nwb`;

function all<Value>(values: Observable<Value>): Promise<Value[]> {
  return lastValueFrom(values.pipe(toArray()));
}

/** Keys of the presentations of a session, and its counts. */
async function heardIn(session: Session): Promise<[string, unknown][]> {
  const heard: [string, unknown][] = [];
  for (const { stimulus, read } of await session.presentations()) {
    const { responses } = await read();
    const repeats = responses.map((response) => response?.repeats.length ?? 0);
    heard.push([stimulus.key, repeats]);
  }
  return heard;
}

Deno.test("nwb: refuses bad options at the call", () => {
  const cases: [unknown, unknown, unknown, string][] = [
    ["", {}, TypeError, "data is empty, expected a path"],
    [[], {}, RangeError, "data is empty, expected a path"],
    [["x", ""], {}, TypeError, "data is empty, expected a path"],
    [
      1,
      {},
      TypeError,
      "data is 1, expected a path, a URL, a File or a Blob",
    ],
    [
      "x",
      { stimulus: "a" },
      RangeError,
      "there is no option stimulus, expected stimulusSeries",
    ],
    ["x", { dtMs: 0 }, RangeError, "dtMs is 0, expected a number above 0"],
    ["x", { durationMs: NaN }, RangeError, "durationMs is NaN, expected"],
    ["x", { dtMs: "5" }, TypeError, 'dtMs is "5", expected a number'],
    ["x", { intervals: [] }, RangeError, "intervals is empty, expected a name"],
    [
      "x",
      { stimulusColumn: ["a", 1] },
      TypeError,
      "stimulusColumn is 1, expected a text that is not empty",
    ],
    [
      "x",
      { startColumn: "" },
      TypeError,
      "startColumn is empty, expected a text that is not empty",
    ],
    [
      "x",
      { stimuli: "none" },
      RangeError,
      "stimuli is none, expected series or presence",
    ],
    [
      "x",
      { series: "a", responses: "spikes" },
      RangeError,
      'series and responses "spikes" are given, expected one of them',
    ],
    ["x", { maxCacheBytes: -1 }, RangeError, "maxCacheBytes is -1, expected"],
    [
      "x",
      { onWarning: 1 },
      TypeError,
      "onWarning is 1, expected a function",
    ],
  ];
  for (const [data, options, errorClass, message] of cases) {
    assertThrows(
      () => nwb(data as string, options as NwbSourceOptions),
      errorClass as typeof RangeError,
      `Cannot stream NWB: ${message}`,
    );
  }
});

Deno.test("nwb: a guess that fails lists what the file holds", async () => {
  const presentations = async (
    name: string,
    options: NwbSourceOptions = {},
  ): Promise<unknown> =>
    await (await firstValueFrom(nwb(variant(name), options))).presentations();
  for (
    const [name, options, message] of [
      [
        "unicode",
        {},
        "no table of intervals has a column that names the stimulus; it has " +
        "the intervals trials (start_time, stop_time, Reiz); give " +
        "stimulusColumn",
      ],
      [
        "plain",
        { intervals: "sweeps" },
        "there is no table sweeps; it has the intervals trials (start_time, " +
        "stop_time, stimulus_name); give intervals",
      ],
      [
        "plain",
        { stimulusColumn: ["stimulus_name", "level"] },
        "no table has a column stimulus_name and level; it has the " +
        "intervals trials (start_time, stop_time, stimulus_name); give " +
        "stimulusColumn",
      ],
      [
        "plain",
        { startColumn: "onset" },
        "the table has no column onset of times, expected startColumn and " +
        "stopColumn from start_time, stop_time, stimulus_name",
      ],
      [
        "modules",
        {},
        "several series may hold the responses; it has " +
        "processing/behavior/BehavioralTimeSeries/speed (TimeSeries), " +
        "processing/behavior/Position/position (SpatialSeries), " +
        "processing/ecephys/FilteredEphys/high (ElectricalSeries), " +
        "processing/ecephys/LFP/lfp (ElectricalSeries); give series",
      ],
      [
        "modules",
        { series: "lfq" },
        "there is no series lfq; it has",
      ],
      [
        "compressed",
        { responses: "spikes" },
        "the file has no units with spike times",
      ],
    ] as const
  ) {
    await assertRejects(
      () => presentations(name, options),
      RecordingError,
      `Cannot stream NWB: ${message}`,
    );
  }
});

Deno.test("nwb: a stimulus without a series says so when it is read", async () => {
  const session = await firstValueFrom(nwb(variant("links")));
  const [, noise] = await session.presentations();
  await assertRejects(
    async () => await noise?.stimulus.read(),
    RecordingError,
    'Cannot read stimulus "noise": no series has its name or covers its first ' +
      'trial; the file has tone; give stimulusSeries, or stimuli: "presence"',
  );
  await heardIn(session);
});

Deno.test("nwb: presence, bins, keys and lengths follow the options", async () => {
  const session = await firstValueFrom(nwb(variant("plain"), {
    stimulusColumn: ["stimulus_name", "start_time"],
    stimuli: "presence",
    keys: "session",
    durationMs: 104,
    dtMs: 25,
  }));
  assertEquals(
    (await heardIn(session)).map(([key]) => key),
    ["tone", "noise", "tone", "click", "noise", "tone"].map((name, at) =>
      `plain/stimulus_name=${name}, start_time=${1 + at / 2}`
    ),
  );
  const [first] = await session.presentations();
  assertEquals(first?.stimulus.durationMs, 104);
  assertEquals(first?.dtMs, 25);
  assertEquals(await first?.stimulus.read(), {
    data: Float32Array.of(1, 1, 1, 1),
    shape: [1, 1, 4],
    dtMs: 25,
  });
  const { responses } = await first?.read() ?? { responses: [] };
  assertEquals(responses[0]?.repeats[0]?.length, 4);
  await heardIn(session);
});

Deno.test("nwb: cells have the columns of units, and where they were", async () => {
  const [{ cells }] = await all(nwb(variant("bare-units"))) as [Session];
  assertEquals(cells[0], {
    session: "bare-units",
    cellId: "bare-units/0",
    animalId: "m1",
    species: "Mus musculus",
    date: "20240506",
    area: "A1, 0",
    label: "PV",
  });
});

Deno.test("nwb: a folder is read with its subfolders; ids are one a file", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/sub-b`);
    await Deno.copyFile(variant("plain"), `${folder}/sub-b/again.nwb`);
    await Deno.copyFile(variant("plain"), `${folder}/a.nwb`);
    await Deno.copyFile(variant("compressed"), `${folder}/b.nwb`);
    await Deno.writeTextFile(`${folder}/c.nwb.part`, "unfinished");
    const warnings: string[] = [];
    const sessions = nwb(folder, {
      responses: "spikes",
      onWarning: ({ kind, message }) => warnings.push(`${kind}: ${message}`),
    });
    const ids = sessions.pipe(map(({ id }) => id));
    assertEquals(await all(ids), ["plain", "again"]);
    assertEquals(warnings, [
      "empty-recording: Cannot stream NWB: the file has no units with spike " +
      `times (archive "${folder}/b.nwb")`,
    ]);
    // A second subscription counts anew.
    assertEquals(await all(ids), ["plain", "again"]);
  });
});

Deno.test("nwb: trials and repeats that cannot be used are counted warnings", async () => {
  const warnings: string[] = [];
  const session = await firstValueFrom(nwb(variant("unicode"), {
    stimulusColumn: "Reiz",
    onWarning: ({ kind, member, message, count }) =>
      warnings.push(`${kind} ${count}: ${member}: ${message}`),
  }));
  await heardIn(session);
  await heardIn(session);
  assertEquals(warnings, [
    "unusable-trial 1: intervals/trials: 1 of 6 trials have no stimulus and " +
    "are skipped",
  ]);
});

Deno.test("nwb: what is not there, or no NWB, is a typed error", async () => {
  await inFolder(async (folder) => {
    await assertRejects(
      () => all(nwb(`${folder}/none.nwb`)),
      DataNotFoundError,
      "Cannot stream NWB",
    );
    await assertRejects(
      () => all(nwb(folder)),
      DataNotFoundError,
      "Cannot stream NWB: no file ends with .nwb",
    );
    await Deno.writeTextFile(`${folder}/zarr.json`, "{}");
    await assertRejects(
      () => all(nwb(folder)),
      UnsupportedError,
      "Cannot stream NWB: it is NWB on Zarr, expected an HDF5 file",
    );
    await Deno.writeTextFile(`${folder}/text.nwb`, "no HDF5");
    await assertRejects(() => all(nwb(`${folder}/text.nwb`)), FormatError);
  });
  await assertRejects(
    () => all(nwb("https://example.org/folder/")),
    UnsupportedError,
    "Cannot stream NWB: a server does not list its files, expected the " +
      "address of a file",
  );
  await assertRejects(
    () => all(nwb(variant("plain"), { limits: { members: 2 } })),
    LimitError,
    "limits.members is 2 and can be raised",
  );
});

Deno.test("nwb: leaving before, while and after a file is opened", async () => {
  const path = variant("plain");
  nwb(path).subscribe().unsubscribe();
  const controller = new AbortController();
  const { signal } = controller;
  const session = await firstValueFrom(nwb(path));
  const [first] = await session.presentations({ signal });
  const reading = first?.read({ signal });
  controller.abort();
  await assertRejects(async () => await reading, DOMException);
  assertEquals((await heardIn(session)).length, 3);
});

Deno.test("nwb: sinks resume, unless a file or an option has changed", async () => {
  await inFolder(async (folder) => {
    const [files, out] = [`${folder}/in`, `${folder}/out`];
    await Deno.mkdir(files);
    await Deno.copyFile(variant("plain"), `${files}/a.nwb`);
    const copy = (options: NwbSourceOptions = {}): Promise<unknown> =>
      lastValueFrom(nwb(files, options).pipe(toNwb(out, { resume: true })));
    const first = await copy({ dtMs: 10 });
    assertEquals(await copy({ dtMs: 10 }), first);
    await assertRejects(
      () => copy({ dtMs: 20 }),
      OutputError,
      "Cannot resume: nwb's dtMs was 10, is 20",
    );
    await Deno.copyFile(variant("latest"), `${files}/a.nwb`);
    await assertRejects(
      () => copy({ dtMs: 10 }),
      OutputError,
      "Cannot resume: the archive is another one: it had a.nwb (plain, ",
    );
  });
});

Deno.test("nwb: files in turn leave none open", async () => {
  await inFolder(async (folder) => {
    for (let at = 0; at < 12; at++) {
      await Deno.copyFile(variant("plain"), `${folder}/${at}.nwb`);
    }
    const keys = await all(
      nwb(folder).pipe(concatMap((session) => heardIn(session))),
    );
    assertEquals(keys.length, 12);
    assert(keys.every((heard) => heard.length === 3));
  });
});

Deno.test("nwb: the option series leaves out other series of the same electrode", async () => {
  const session = await firstValueFrom(
    nwb(variant("icephys"), { series: "response_1" }),
  );
  assertEquals(await heardIn(session), [["step", [1]], ["ramp", [0]]]);
});
