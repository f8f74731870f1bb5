import {
  crcnsAc1Pipeline,
  DataNotFoundError,
  type Session,
  type SourceWarning,
  toDataset,
} from "rxephys";
import { firstValueFrom, lastValueFrom, type Observable, toArray } from "rxjs";
import { asari, crcnsAc1 } from "../../../src/sources/crcns_ac1/crcns_ac1.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { extract } from "../../support/archives/extract.ts";
import { AC1_TINY, assertGolden } from "../../support/golden/golden_ac1.ts";

const ZIPS = [
  "crcns-ac1",
  "crcns-ac1-asari-results-1",
  "crcns-ac1-asari-results-2",
];

async function withFolder(run: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function assertSame(
  sessions: Observable<Session>,
  golden: string,
): Promise<void> {
  const stream = sessions.pipe(crcnsAc1Pipeline(), toDataset());
  await assertGolden(await lastValueFrom(stream), golden);
}

function idsOf(sessions: Observable<{ id: string }>): Promise<string[]> {
  return lastValueFrom(sessions.pipe(toArray()))
    .then((all) => all.map(({ id }) => id));
}

Deno.test("asari: A1 from the zips equals SciPy's result", () =>
  assertSame(asari(AC1_TINY, { sites: "A1" }), "asari-a1"));

Deno.test("asari: the MGB equals SciPy's result", () =>
  assertSame(asari(AC1_TINY, { sites: ["MGB"] }), "asari-mgb"));

Deno.test("crcnsAc1: both halves equal SciPy's result", () =>
  assertSame(crcnsAc1(AC1_TINY), "both"));

Deno.test("crcnsAc1: each half alone equals SciPy's result", async () => {
  await assertSame(crcnsAc1(AC1_TINY, { experimenter: "wehr" }), "wehr");
  const onlyMgb = crcnsAc1(AC1_TINY, { sites: "MGB" });
  await assertSame(onlyMgb, "asari-mgb");
});

Deno.test("crcnsAc1: the extracted folders equal SciPy's result", () =>
  withFolder(async (folder) => {
    for (const zip of ZIPS) {
      await extract(`${AC1_TINY}/${zip}.zip`, `${folder}/${zip}`);
    }
    await assertSame(crcnsAc1(folder), "both");
  }));

Deno.test("asari: a zip, a named folder and a bare one together equal SciPy's result", () =>
  withFolder(async (folder) => {
    await Deno.copyFile(
      `${AC1_TINY}/${ZIPS[0]}.zip`,
      `${folder}/${ZIPS[0]}.zip`,
    );
    await extract(`${AC1_TINY}/${ZIPS[1]}.zip`, `${folder}/${ZIPS[1]}`);
    await extract(`${AC1_TINY}/${ZIPS[2]}.zip`, folder);
    await assertSame(asari(folder, { sites: "A1" }), "asari-a1");
  }));

Deno.test("crcnsAc1: Wehr comes first, then one results zip, then the other", async () => {
  assertEquals(await idsOf(crcnsAc1(AC1_TINY, { experimenter: "both" })), [
    "20020508-mw-001",
    "20020509-mw-002",
    "20020510-mw-003",
    "20020511-mw-004",
    "20031231-mw-001",
    "20050310-ha1-001",
    "20050312-ha3-003",
    "20050311-ha2-002",
  ]);
});

for (
  const [options, mixed] of [
    [{}, 1],
    [{ sites: "A1" }, 0],
    [{ experimenter: "asari" }, 1],
    [{ experimenter: "asari", sites: "MGB" }, 0],
  ] as const
) {
  Deno.test(`crcnsAc1: ${JSON.stringify(options)} warns of mixed signals ${mixed} times`, async () => {
    const warnings: SourceWarning[] = [];
    const onWarning = (warning: SourceWarning): void => {
      if (warning.kind === "mixed-signals") warnings.push(warning);
    };
    await idsOf(crcnsAc1(AC1_TINY, { ...options, onWarning }));
    assertEquals(
      warnings.map(({ archive, member }) => [archive, member]),
      mixed ? [[AC1_TINY, "20050312-ha3-003"]] : [],
    );
  });
}

Deno.test("crcnsAc1: an absent half is an error before the first session", () =>
  withFolder(async (folder) => {
    await Deno.copyFile(
      `${AC1_TINY}/${ZIPS[0]}.zip`,
      `${folder}/${ZIPS[0]}.zip`,
    );
    const message =
      "Cannot find the Asari recordings: expected asari-results-1/<session>/" +
      "*.mat from crcns-ac1-asari-results-1.zip, asari-results-2/<session>/" +
      "*.mat from crcns-ac1-asari-results-2.zip";
    for (const stream of [crcnsAc1(folder), asari(folder)]) {
      await assertRejects(
        () => firstValueFrom(stream),
        DataNotFoundError,
        message,
      );
    }
    const wehrOnly = crcnsAc1(folder, { experimenter: ["wehr"] });
    assertEquals((await idsOf(wehrOnly)).length, 5);
  }));

Deno.test("crcnsAc1: an empty results zip is an error that names it", () =>
  withFolder(async (folder) => {
    for (const zip of ZIPS) {
      await Deno.copyFile(`${AC1_TINY}/${zip}.zip`, `${folder}/${zip}.zip`);
    }
    const empty = new URL("../../fixtures/archive/empty.zip", import.meta.url);
    await Deno.copyFile(empty, `${folder}/${ZIPS[2]}.zip`);
    const error = await assertRejects(
      () => firstValueFrom(crcnsAc1(folder)),
      DataNotFoundError,
      "expected asari-results-2/<session>/*.mat from " +
        "crcns-ac1-asari-results-2.zip (archive",
    );
    assertEquals(error.archive, folder);
  }));

Deno.test("crcnsAc1: refuses bad options at the call", () => {
  assertThrows(
    () => crcnsAc1("x", { experimenter: "Wehr" as "wehr" }),
    RangeError,
    "Cannot stream CRCNS AC1: experimenter is Wehr, expected wehr, asari or both",
  );
  assertThrows(
    () => crcnsAc1("x", { sites: [null] as unknown as "A1"[] }),
    TypeError,
    "Cannot stream CRCNS AC1: sites is null, expected A1, MGB or both",
  );
  assertThrows(
    () => crcnsAc1("x", { experimenter: "wehr", sites: "MGB" }),
    RangeError,
    "Cannot stream CRCNS AC1: sites is MGB, expected A1 with experimenter wehr",
  );
  assertThrows(
    () => crcnsAc1("x", { maxCacheBytes: -1 }),
    RangeError,
    "Cannot stream CRCNS AC1: maxCacheBytes is -1, expected 0 to",
  );
  assertThrows(
    () => crcnsAc1({} as string),
    TypeError,
    "Cannot stream CRCNS AC1: data is [object Object], expected a path",
  );
});
