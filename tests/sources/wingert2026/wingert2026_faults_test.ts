import {
  ArchiveError,
  DataError,
  DataNotFoundError,
  FormatError,
  RecordingError,
} from "rxephys";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import {
  cellList,
  CELLS,
  EPOCHS,
  type Files,
  RECORDING,
  recordingTarball,
  respJson,
  wingertSessions,
  withFolder,
  withRecording,
} from "./_wingert_release.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

const TARBALL = "TST001a_0.tgz";

type Fault = readonly [
  changes: Readonly<Record<string, string | undefined>>,
  error: typeof DataError,
  message: string,
  member: string,
];

const inside = (end: string): string => `${TARBALL}!TST001a/TST001a.${end}`;

function json(
  changes: Readonly<Record<string, unknown>>,
  message: string,
): Fault {
  const file = { "resp.json": respJson(changes) };
  const text = `Cannot read JSON: ${message}`;
  return [file, FormatError, text, inside("resp.json")];
}

/** Found when the source reads the session of a recording. */
const SCAN_FAULTS: readonly Fault[] = [
  [
    { "resp.json": "{" },
    FormatError,
    "Cannot read JSON: Expected property name",
    inside("resp.json"),
  ],
  [
    { "resp.json": "[1]" },
    FormatError,
    "Cannot read JSON: expected an object",
    inside("resp.json"),
  ],
  json({ chans: null }, "chans is null, expected distinct cell ids"),
  json({ chans: "TST001a-001-1" }, 'chans is "TST001a-001-1", expected'),
  json({ chans: [CELLS[0], ""] }, 'chans is "" at 1, expected'),
  json({ chans: [CELLS[0], 7] }, "chans is 7 at 1, expected"),
  json(
    { chans: [CELLS[0], CELLS[1], CELLS[0]] },
    `chans is "${CELLS[0]}" again at 2, expected distinct cell ids`,
  ),
  json({ fs: 1000 }, "fs is 1000, expected 100"),
  json({ fs: "100" }, 'fs is "100", expected 100'),
  json({ fs: undefined }, "fs is undefined, expected 100"),
  json(
    { signal_type: "<class 'nems0.signal.RasterizedSignal'>" },
    `signal_type is "<class 'nems0.signal.RasterizedSignal'>", expected a ` +
      "PointProcess",
  ),
  json({ signal_type: null }, "signal_type is null, expected a PointProcess"),
  [
    { "resp.json": undefined },
    ArchiveError,
    "Cannot read recording: there is no member *.resp.json",
    TARBALL,
  ],
];

function missing(end: string): Fault {
  const text = `Cannot read recording: there is no member *.${end}`;
  return [{ [end]: undefined }, ArchiveError, text, TARBALL];
}

function twice(end: string): Fault {
  const text = `Cannot read recording: member *.${end} is there twice`;
  const again = `01.${end}`;
  return [{ [again]: RECORDING[end] }, ArchiveError, text, inside(again)];
}

function hdf5(
  part: string,
  error: typeof DataError,
  message: string,
): Fault {
  const end = part.startsWith("resp") ? "resp.h5" : "stim.h5";
  return [{ [end]: `part:${part}` }, error, message, inside(end)];
}

/** Found when the presentations of a session are listed. */
const LOAD_FAULTS: readonly Fault[] = [
  missing("resp.h5"),
  missing("resp.epoch.csv"),
  missing("stim.h5"),
  twice("resp.h5"),
  twice("resp.json"),
  twice("resp.epoch.csv"),
  twice("stim.h5"),
  twice("stim.json"),
  [
    { "stim.json": '{"signal_type": "PointProcess"}' },
    FormatError,
    'Cannot read JSON: signal_type is "PointProcess", expected a TiledSignal',
    inside("stim.json"),
  ],
  [
    { "resp.epoch.csv": EPOCHS.replace("start", "begin") },
    FormatError,
    "Cannot read epochs: record 1: column start is missing",
    inside("resp.epoch.csv"),
  ],
  [
    { "resp.epoch.csv": EPOCHS.replace("41.375", "nan") },
    FormatError,
    'Cannot read epochs: record 5: end is "nan", expected a time within 10000000 s',
    inside("resp.epoch.csv"),
  ],
  [
    { "resp.epoch.csv": EPOCHS.replace("41.375", "21.3") },
    FormatError,
    "Cannot read epochs: record 5: end is 21.3, expected 21.375 or later",
    inside("resp.epoch.csv"),
  ],
  hdf5(
    "resp-missing",
    FormatError,
    `Cannot read HDF5: there is no dataset "${CELLS[1]}", expected one as ` +
      "resp.json lists",
  ),
  hdf5(
    "resp-nan",
    RecordingError,
    `Cannot read recording: ${
      CELLS[1]
    }[5] is NaN, expected a time within 10000000 s`,
  ),
  hdf5(
    "resp-inf",
    RecordingError,
    `Cannot read recording: ${CELLS[0]}[7] is Infinity, expected a time within`,
  ),
  hdf5(
    "resp-matrix",
    FormatError,
    `Cannot read HDF5: shape of dataset "${CELLS[0]}" is [2,206], ` +
      "expected [T]",
  ),
  hdf5(
    "stim-nan",
    RecordingError,
    "Cannot read recording: STIM_b.wav[3,170] is NaN, expected a finite",
  ),
  hdf5(
    "stim-huge",
    RecordingError,
    "Cannot read recording: STIM_b.wav[31,0] is 1e+300, expected a finite",
  ),
  hdf5(
    "stim-vector",
    FormatError,
    'Cannot read HDF5: shape of dataset "STIM_b.wav" is [2000], expected ' +
      "[32,T]",
  ),
  hdf5(
    "stim-31",
    FormatError,
    'Cannot read HDF5: shape of dataset "STIM_b.wav" is [31,2000], expected ' +
      "[32,T]",
  ),
  [
    { "resp.h5": "not HDF5" },
    FormatError,
    "Cannot read HDF5",
    inside("resp.h5"),
  ],
];

function described([changes]: Fault): string {
  const [[end, file]] = firstOf(1, Object.entries(changes));
  return `${end}: ${String(file).slice(0, 200).replaceAll("\n", " ")}`;
}

for (const fault of SCAN_FAULTS) {
  const [changes, type, message, member] = fault;
  Deno.test(`wingert2026: refuses ${described(fault)}`, () =>
    withRecording(changes, async (folder) => {
      const error = await assertRejects(
        () => wingertSessions(folder),
        type,
        message,
      );
      assertEquals(error.archive, `${folder}/recordings`);
      assertEquals(error.member, member);
    }));
}

for (const fault of LOAD_FAULTS) {
  const [changes, type, message, member] = fault;
  Deno.test(`wingert2026: refuses ${described(fault)}`, () =>
    withRecording(changes, async (folder) => {
      const { sessions } = await wingertSessions(folder);
      const [session] = firstOf(1, sessions);
      const error = await assertRejects(
        () => session.presentations(),
        type,
        message,
      );
      assertEquals(error.archive, `${folder}/recordings`);
      assertEquals(error.member, member);
    }));
}

Deno.test("wingert2026: an extracted recording's faults name the file", () =>
  withFolder({
    "cell_list.csv": cellList(),
    "recordings/TST001a/TST001a.resp.json": respJson({ fs: 10 }),
  }, async (folder) => {
    const error = await assertRejects(
      () => wingertSessions(folder),
      FormatError,
      "fs is 10, expected 100",
    );
    assertEquals(error.archive, `${folder}/recordings`);
    assertEquals(error.member, "TST001a/TST001a.resp.json");
  }));

Deno.test("wingert2026: lists the sessions that have no recording", () =>
  withFolder({
    "cell_list.csv": cellList([
      ["ZZZ001a-001-1", "ZZZ001a", "A1"],
      [itemAt(CELLS, 0), "TST001a", "A1"],
      ["AAA001a-001-1", "AAA001a", "A1"],
    ]),
    "recordings/TST001a_0.tgz": recordingTarball(RECORDING),
  }, async (folder) => {
    const error = await assertRejects(
      () => wingertSessions(folder),
      DataNotFoundError,
      "Cannot find the recordings of sessions AAA001a, ZZZ001a",
    );
    assertEquals(error.archive, `${folder}/recordings`);
    const { sessions } = await wingertSessions(folder, { site: "TST001a" });
    assertEquals(sessions.length, 1);
  }));

const INCOMPLETE: Readonly<Record<string, [Files, string, string]>> = {
  "nothing": [
    {},
    "Cannot read cell list: there is none, expected cell_list.csv beside " +
    "recordings.zip or recordings/",
    "/cell_list.csv",
  ],
  "another data set": [
    { "crcns-ac1.zip": "", "wehr/Summary.mat": "" },
    "Cannot read cell list: there is none, expected cell_list.csv beside " +
    "recordings.zip or recordings/",
    "/cell_list.csv",
  ],
  "no recordings": [
    { "cell_list.csv": cellList() },
    "Cannot find the recordings: expected recordings.zip, or a folder",
    "",
  ],
  "an empty folder of them": [
    { "cell_list.csv": cellList(), "recordings/notes.txt": "" },
    "Cannot find the recordings: expected recordings.zip, or a folder",
    "",
  ],
};

for (const [what, [files, message, at]] of Object.entries(INCOMPLETE)) {
  Deno.test(`wingert2026: a folder with ${what} is refused`, () =>
    withFolder(files, async (folder) => {
      const error = await assertRejects(
        () => wingertSessions(folder),
        DataNotFoundError,
        message,
      );
      assertEquals(error.archive, folder + at);
    }));
}

Deno.test("wingert2026: a zip without recordings is refused", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const zip = `${folder}/recordings.zip`;
    const plain = new URL("../../fixtures/archive/plain.zip", import.meta.url);
    await Deno.copyFile(plain, zip);
    await Deno.writeTextFile(`${folder}/cell_list.csv`, cellList());
    const error = await assertRejects(
      () => wingertSessions(folder),
      DataNotFoundError,
      "Cannot find the recordings: expected recordings/*.tgz in the zip",
    );
    assertEquals(error.archive, zip);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
