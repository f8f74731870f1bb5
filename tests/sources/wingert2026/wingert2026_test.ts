import { type Session, toDataset, wingert2026 } from "rxephys";
import { lastValueFrom } from "rxjs";
import { assertEquals } from "../../support/assert.ts";
import { extract } from "../../support/archives/extract.ts";
import {
  assertGoldenWingert,
  WINGERT_SMALL,
} from "../../support/golden/golden_wingert.ts";
import { lineageOf } from "../../../src/stream/lineage.ts";
import {
  cellList,
  CELLS,
  contentOf,
  EPOCHS,
  expectedCounts,
  type Files,
  RECORDING,
  recordingTarball,
  respJson,
  wingertSessions,
  withFolder,
  withRecording,
} from "./_wingert_release.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

interface Content {
  readonly shape: number[];
  readonly cells: unknown[];
}

/** Content of the good recording, of all cells or of some. */
function expectedContent(
  { cells = [0, 1, 2] }: { cells?: number[] } = {},
): Record<string, Content> {
  return Object.fromEntries(
    Object.entries(expectedCounts()).map(([name, counts]) => [
      name,
      { shape: [1, 32, 2000], cells: cells.map((n) => counts[n]) },
    ]),
  );
}

Deno.test("wingert2026: counts as NumPy does, also at the edges of epochs", () =>
  withRecording({}, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals(await contentOf(session), expectedContent());
    assertEquals(warnings, []);
    const [{ stimulus, dtMs }] = firstOf(1, await session.presentations());
    const { key, meta, durationMs } = stimulus;
    assertEquals({ key, meta, durationMs, dtMs }, {
      key: "TST001a/STIM_00a.wav",
      meta: {
        name: "STIM_00a.wav",
        session: "TST001a",
        subset: "val",
        id: "TST001a/STIM_00a.wav",
      },
      durationMs: 20_000,
      dtMs: 10,
    });
  }));

// As people leave it: every tarball extracted in its place, or beside the zip.
for (
  const place of ["recordings/TST001a", "recordings/any/TST001a_0/TST001a"]
) {
  Deno.test(`wingert2026: recordings extracted to ${place} equal the zip`, () =>
    withFolder({
      "cell_list.csv": cellList(),
      ...Object.fromEntries(
        Object.entries(RECORDING).map(([end, file]) => [
          `${place}/TST001a.${end}`,
          file,
        ]),
      ),
    }, async (folder) => {
      const { sessions, warnings } = await wingertSessions(folder);
      const [session] = firstOf(1, sessions);
      assertEquals(await contentOf(session), expectedContent());
      assertEquals(warnings, []);
    }));
}

Deno.test("wingert2026: the folder of tarballs equals the zip", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await extract(`${WINGERT_SMALL}/recordings.zip`, folder);
    await Deno.copyFile(
      `${WINGERT_SMALL}/cell_list.csv`,
      `${folder}/cell_list.csv`,
    );
    const stream = wingert2026(folder, { indexFolder: `${folder}/index` });
    const dataset = await lastValueFrom(stream.pipe(toDataset()));
    await assertGoldenWingert(dataset, "small.raw");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wingert2026: takes the zip itself, and a file address", async () => {
  const zip = `${WINGERT_SMALL}recordings.zip`;
  for (const data of [zip, new URL(`file://${zip}`)]) {
    const stream = wingert2026(data).pipe(toDataset());
    await assertGoldenWingert(await lastValueFrom(stream), "small.raw");
  }
});

Deno.test("wingert2026: the cells asked for, in the order of the list", () =>
  withFolder({
    "cell_list.csv": cellList([
      [itemAt(CELLS, 2), "TST001a", "PEG"],
      ["TST002a-001-1", "TST002a", ""],
      [itemAt(CELLS, 0), "TST001a-B", "PEG"],
      [itemAt(CELLS, 1), "TST001a", "HC"],
    ]),
    "recordings/x.tgz": recordingTarball(RECORDING),
  }, async (folder) => {
    const { sessions } = await wingertSessions(folder, {
      area: "PEG",
    });
    const [session] = firstOf(1, sessions);
    assertEquals(session.cells, [
      cell(itemAt(CELLS, 2), { site: "TST001a", electrode: 3 }),
      cell(itemAt(CELLS, 0), { site: "TST001a-B", electrode: 1 }),
    ]);
    assertEquals(lineageOf(session).cellNumbers, [0, 1]);
    const content = expectedContent({ cells: [2, 0] });
    assertEquals(await contentOf(session), content);
  }));

function cell(
  cellId: string,
  rest: Readonly<Record<string, unknown>>,
): Session["cells"][number] {
  return {
    cellId,
    session: "TST001a",
    area: "PEG",
    layer: "44",
    depth: 100.5,
    narrow: true,
    celltype: "RS",
    sw: 0.25,
    goodpred: false,
    animal: "TST",
    unitInElectrode: 1,
    species: "ferret",
    signalType: "spikes",
    ...rest,
  };
}

for (
  const [subset, names] of [
    ["val", "STIM_00a.wav"],
    ["est", "STIM_b.wav"],
  ] as const
) {
  Deno.test(`wingert2026: subset ${subset}, with the whole session in its lineage`, () =>
    withRecording({}, async (folder) => {
      const { sessions } = await wingertSessions(folder, {
        subset,
      });
      const [session] = firstOf(1, sessions);
      const content = expectedContent();
      assertEquals(await contentOf(session), { [names]: content[names] });
      assertEquals(
        await contentOf(lineageOf(session).whole as Session),
        content,
      );
    }));
}

const ACCEPTED: Readonly<Record<string, Files>> = {
  "unsorted and negative times, a train that is not listed": {
    "resp.h5": "part:resp-odd",
  },
  "other names among the epochs, in any order of columns": {
    "resp.epoch.csv": EPOCHS.replace("TRIAL", "LICK").split("\n")
      .map((line) => line.split(",").reverse().join(","))
      .join("\n"),
  },
  "null and unknown keys, whole numbers": {
    "resp.json": respJson({ meta: null, novel: 1, segments: null, fs: 100.0 }),
    "stim.json": '{"signal_type": "nems.tools.signal.TiledSignal", "x": null}',
  },
  "cells in another order": {
    "resp.json": respJson({ chans: [...CELLS].reverse() }),
  },
  "further files, none for the stimuli": {
    "stim.json": "",
    "notes.txt": "odd",
  },
};

for (const [what, changes] of Object.entries(ACCEPTED)) {
  Deno.test(`wingert2026: accepts ${what}`, () => {
    const dropped = changes["stim.json"] === "" ? undefined : {};
    return withRecording({
      ...changes,
      ...(dropped === undefined && { "stim.json": undefined }),
    }, async (folder) => {
      const { sessions, warnings } = await wingertSessions(folder);
      const [session] = firstOf(1, sessions);
      assertEquals(await contentOf(session), expectedContent());
      assertEquals(warnings, []);
    });
  });
}

Deno.test("wingert2026: accepts empty and short epochs, and none", () =>
  withRecording({
    "resp.epoch.csv": "name,start,end\nSTIM_00a.wav,1.125,1.125\n",
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    const silent = [{ bins: [], counts: [] }];
    const shape = [1, 32, 2000];
    assertEquals(await contentOf(session), {
      "STIM_00a.wav": { shape, cells: [silent, silent, silent] },
      "STIM_b.wav": { shape, cells: [null, null, null] },
    });
    assertEquals(warnings, []);
  }));

Deno.test("wingert2026: accepts different lengths in a recording, and an unplayed stimulus", () =>
  withRecording({ "stim.h5": "part:stim-ragged" }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    const content = expectedContent();
    assertEquals(await contentOf(session), {
      ...content,
      "STIM_b.wav": { ...content["STIM_b.wav"], shape: [1, 32, 2200] },
      "STIM_c.wav": { shape: [1, 32, 2000], cells: [null, null, null] },
    });
    assertEquals(warnings, []);
  }));

Deno.test("wingert2026: ignores other files of a folder", () =>
  withFolder({
    "cell_list.csv": cellList(),
    "recordings/TST001a_0.tgz": recordingTarball(RECORDING),
    "recordings/._TST001a_0.tgz": "not a tarball",
    "recordings/readme.txt": "hello",
    "recordings/more/TST001a_1.tgz": "not looked at",
  }, async (folder) => {
    const { sessions, warnings } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals(await contentOf(session), expectedContent());
    assertEquals(warnings, []);
  }));

Deno.test("wingert2026: ignores files that begin with a dot", () =>
  withFolder({
    "cell_list.csv": cellList(),
    "recordings/TST001a_0.tgz": recordingTarball(
      { ...RECORDING, "._x/._TST001a.resp.json": "odd" },
    ),
  }, async (folder) => {
    const { sessions } = await wingertSessions(folder);
    const [session] = firstOf(1, sessions);
    assertEquals(await contentOf(session), expectedContent());
  }));
