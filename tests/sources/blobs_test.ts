import {
  type Ac1Data,
  ArchiveError,
  asari,
  crcnsAc1,
  crcnsAc1Pipeline,
  DataNotFoundError,
  type NeuralDataset,
  parallel,
  type Session,
  toDataset,
  wehr,
  wingert2026,
  wingert2026Cells,
  wingert2026Pipeline,
  type WingertFiles,
} from "rxephys";
import { concat, lastValueFrom, type Observable, toArray } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { countFiles } from "../support/archives/file_counts.ts";
import { AC1_TINY, assertGolden } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";

const AC1_ZIPS = [
  "crcns-ac1.zip",
  "crcns-ac1-asari-results-1.zip",
  "crcns-ac1-asari-results-2.zip",
];

function file(folder: string, name: string): File {
  return new File([Deno.readFileSync(`${folder}/${name}`)], name);
}

const AC1 = AC1_ZIPS.map((name) => file(AC1_TINY, name));
const WINGERT: WingertFiles = {
  cellList: file(WINGERT_SMALL, "cell_list.csv"),
  recordings: file(WINGERT_SMALL, "recordings.zip"),
};

function dataset(sessions: Observable<Session>): Promise<NeuralDataset> {
  return lastValueFrom(sessions.pipe(crcnsAc1Pipeline(), toDataset()));
}

Deno.test("wehr: a zip as a file gives what the path gives, without a file opened", () =>
  countFiles(async (counts) => {
    await assertGolden(await dataset(wehr(AC1[0])), "wehr");
    assertEquals(counts.opened, 0);
  }));

Deno.test("wehr: takes a list of files, and a blob without a name", async () => {
  for (const data of [AC1, [new Blob([AC1[0] as File])]]) {
    await assertGolden(await dataset(wehr(data)), "wehr");
  }
});

Deno.test("asari, crcnsAc1: three zips as files, in any order", async () => {
  const ids = async (sessions: Observable<Session>): Promise<string[]> =>
    (await lastValueFrom(sessions.pipe(toArray()))).map(({ id }) => id);
  const zips = AC1.toReversed();
  assertEquals(await ids(asari(zips)), await ids(asari(AC1_TINY)));
  assertEquals(await ids(crcnsAc1(zips)), await ids(crcnsAc1(AC1_TINY)));
});

Deno.test("wingert2026: both files give what the folder gives, without an index", () =>
  countFiles(async (counts) => {
    const load = (data: string | WingertFiles): Promise<NeuralDataset> =>
      lastValueFrom(
        wingert2026(data, { area: "A1", indexFolder: "/nonexistent/never" })
          .pipe(wingert2026Pipeline(), toDataset()),
      );
    const fromFiles = await load(WINGERT);
    assertEquals(counts.opened, 0);
    const fromFolder = await load(WINGERT_SMALL);
    assertEquals(fromFiles.nrnMeta, fromFolder.nrnMeta);
    assertEquals(fromFiles.stims, fromFolder.stims);
    assertEquals(fromFiles.responses, fromFolder.responses);
  }));

Deno.test("wingert2026: files mix with paths, the cell list may be an option", async () => {
  const { cellList, recordings } = WINGERT;
  const streams = [
    wingert2026({ cellList, recordings: `${WINGERT_SMALL}/recordings.zip` }),
    wingert2026({ cellList: `${WINGERT_SMALL}/cell_list.csv`, recordings }),
    wingert2026(WINGERT_SMALL, { cellList }),
  ];
  const sessions = await lastValueFrom(
    wingert2026(WINGERT_SMALL).pipe(toArray()),
  );
  for (const stream of streams) {
    const found = await lastValueFrom(stream.pipe(toArray()));
    assertEquals(found.map(({ id }) => id), sessions.map(({ id }) => id));
  }
});

Deno.test("wingert2026Cells: the cell list alone is enough", async () => {
  const { cellList } = WINGERT;
  assertEquals(
    await wingert2026Cells({ cellList }, { area: "PEG" }),
    await wingert2026Cells(WINGERT_SMALL, { area: "PEG" }),
  );
});

Deno.test("parallel: workers read files; two files are two releases", async () => {
  const other = new File([AC1[0] as File], "copy.zip");
  const loaded = await lastValueFrom(
    concat(wehr(AC1[0]), wehr(other)).pipe(
      crcnsAc1Pipeline(),
      parallel({ workers: 2 }),
      toDataset(),
    ),
  );
  const alone = await dataset(concat(wehr(AC1[0]), wehr(other)));
  assertEquals(loaded.responses, alone.responses);
});

Deno.test("errors and warnings name the file", async () => {
  const cut = (AC1[0] as File).slice(0, 9000);
  const broken = new File([cut], "picked.zip");
  const error = await assertRejects(
    () => lastValueFrom(wehr(broken)),
    ArchiveError,
  );
  assertEquals(error.archive, "picked.zip");
  const missing = await assertRejects(
    () => lastValueFrom(asari(AC1.slice(0, 2))),
    DataNotFoundError,
    "expected asari-results-2/<session>/*.mat",
  );
  assertEquals(missing.archive, AC1_ZIPS.slice(0, 2).join(", "));
  const list = new File(["cellid\n"], "cells.csv");
  await assertRejects(
    () => wingert2026Cells({ cellList: list }),
    Error,
    'column siteid is missing (archive "cells.csv")',
  );
});

const BAD: readonly [unknown, typeof TypeError, string][] = [
  [[], RangeError, "data is empty, expected a File or a Blob at least"],
  [[AC1[0], 5], TypeError, "data[1] is 5, expected a File or a Blob"],
  [["a.zip"], TypeError, "data[0] is a.zip, expected a File or a Blob"],
  [5, TypeError, "data is 5, expected a path, a URL, a File or a Blob"],
];

for (const [data, type, message] of BAD) {
  Deno.test(`wehr: refuses ${JSON.stringify(data)} as data`, () => {
    for (const source of [wehr, asari, crcnsAc1]) {
      assertThrows(() => source(data as Ac1Data), type, message);
    }
  });
}

const BAD_FILES: readonly [unknown, string][] = [
  [
    AC1[0],
    "data is [object File], expected a path, a URL, or files as { cellList, recordings }",
  ],
  [
    { recordings: AC1[0] },
    "data.cellList is undefined, expected a path, a URL, a File or a Blob",
  ],
  [
    { cellList: AC1[0], recordings: [AC1[0]] },
    "data.recordings is [object File], expected a path, a URL, a File or a Blob",
  ],
];

for (const [data, message] of BAD_FILES) {
  Deno.test(`wingert2026: refuses data: ${message}`, () => {
    assertThrows(
      () => wingert2026(data as WingertFiles),
      TypeError,
      `Cannot stream Wingert 2026: ${message}`,
    );
  });
}

Deno.test("wingert2026: refuses a cell list that is given twice", () => {
  assertThrows(
    () => wingert2026(WINGERT, { cellList: "cell_list.csv" }),
    TypeError,
    "cellList is given twice, expected it in data alone",
  );
});

Deno.test("without data and without folders, as in a browser, sources say so", async () => {
  const script = `
    const { wehr, wingert2026 } = await import("rxephys/sources");
    delete globalThis.Deno;
    for (const source of [wehr, wingert2026]) {
      source().subscribe({ error: (error) => console.log(String(error)) });
    }`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    cwd: new URL("../../", import.meta.url),
    env: { NO_COLOR: "1" },
  }).output();
  const expected = ["crcns-ac1", "wingert2026"].map((name) =>
    `UnsupportedError: Cannot find the data folder of ${name}: there are no ` +
    "folders in a browser, expected a File, a Blob or an address as data\n"
  );
  assertEquals(new TextDecoder().decode(stdout), expected.join(""));
});
