import {
  wingert2026,
  wingert2026Cells,
  type Wingert2026Options,
} from "rxephys";
import { firstValueFrom } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../../support/assert.ts";
import { countFiles } from "../../support/archives/file_counts.ts";
import { WINGERT_SMALL } from "../../support/golden/golden_wingert.ts";
import {
  cellList,
  CELLS,
  wingertSessions,
  withFolder,
} from "./_wingert_release.ts";
import { itemAt } from "../../support/item_at.ts";

type Options = Record<string, unknown>;

const BAD_CALLS: readonly [Options, typeof RangeError, string][] = [
  [{ area: "V1" }, RangeError, "area is V1, expected A1, PEG, AC, HC"],
  [{ area: ["A1", "a1"] }, RangeError, "area is a1, expected A1, PEG"],
  [{ area: [] }, RangeError, "area is empty, expected one or more"],
  [{ area: 7 }, TypeError, "area is 7, expected a text or a list"],
  [{ area: null }, TypeError, "area is null, expected a text or a list"],
  [{ site: [] }, RangeError, "site is empty, expected one or more"],
  [{ site: ["x", 7] }, TypeError, "site is 7, expected a text or a list"],
  [
    { includeUnlabeled: "yes" },
    TypeError,
    "includeUnlabeled is yes, expected true or false",
  ],
];

for (const [options, type, message] of BAD_CALLS) {
  Deno.test(`wingert2026: refuses ${JSON.stringify(options)} at the call`, () => {
    assertThrows(
      () => wingert2026("x", options as Wingert2026Options),
      type,
      `Cannot stream Wingert 2026: ${message}`,
    );
    assertThrows(
      () => wingert2026Cells("x", options as Wingert2026Options),
      type,
      `Cannot list cells: ${message}`,
    );
  });
}

const BAD_STREAMS: readonly [Options, typeof RangeError, string][] = [
  [
    { subset: "train" },
    RangeError,
    "subset is train, expected all, est or val",
  ],
  [{ subset: 3 }, TypeError, "subset is 3, expected all, est or val"],
  [{ maxCacheBytes: -1 }, RangeError, "maxCacheBytes is -1, expected 0 to"],
  [{ indexFolder: 3 }, TypeError, "indexFolder is 3, expected a path"],
];

for (const [options, type, message] of BAD_STREAMS) {
  Deno.test(`wingert2026: refuses ${JSON.stringify(options)} at the call`, () => {
    assertThrows(
      () => wingert2026("x", options as Wingert2026Options),
      type,
      `Cannot stream Wingert 2026: ${message}`,
    );
  });
}

Deno.test("wingert2026: refuses data of another type", () => {
  for (const call of [wingert2026, wingert2026Cells]) {
    assertThrows(
      () => call(7 as unknown as string),
      TypeError,
      "data is 7, expected a path, a URL, or files as { cellList",
    );
  }
});

const BAD_FILTERS: readonly [Wingert2026Options, string][] = [
  [
    { site: ["CLT027c", "CLT027", "nobody"] },
    "site is CLT027, nobody, expected one of the cell list that has a cell in " +
    "the areas chosen, such as CLT027c",
  ],
  [
    { area: "A1", site: "PRN015a" },
    "site is PRN015a, expected one of the cell list that has a cell in",
  ],
];

for (const [options, message] of BAD_FILTERS) {
  Deno.test(`wingert2026: refuses ${JSON.stringify(options)} before a recording is opened`, () =>
    countFiles(async (counts) => {
      const { size } = await Deno.stat(`${WINGERT_SMALL}/cell_list.csv`);
      await assertRejects(
        () => firstValueFrom(wingert2026(WINGERT_SMALL, options)),
        RangeError,
        `Cannot stream Wingert 2026: ${message}`,
      );
      await assertRejects(
        () => wingert2026Cells(WINGERT_SMALL, options),
        RangeError,
        `Cannot list cells: ${message}`,
      );
      assertEquals(counts, { opened: 2, closed: 2, bytes: 2 * size });
    }));
}

Deno.test("wingert2026: refuses filters that leave no cell", () =>
  withFolder({
    "cell_list.csv": cellList([[itemAt(CELLS, 0), "TST001a", ""]]),
  }, async (folder) => {
    const cases = [[{ area: "HC" }, "HC"], [{}, "not given"]] as const;
    for (const [filters, name] of cases) {
      await assertRejects(
        () => wingertSessions(folder, filters),
        RangeError,
        `area is ${name}, expected one of which the cell list has a cell: ` +
          "it names no area",
      );
    }
    const all = await wingert2026Cells(folder, { includeUnlabeled: true });
    assertEquals(all.map(({ area }) => area), [null]);
  }));

Deno.test("wingert2026: names the areas of a list without the one asked for", () =>
  withFolder({
    "cell_list.csv": cellList([
      [itemAt(CELLS, 0), "TST001a", "PEG"],
      [itemAt(CELLS, 1), "TST001a", "A1"],
    ]),
  }, async (folder) => {
    await assertRejects(
      () => wingertSessions(folder, { area: "HC" }),
      RangeError,
      "area is HC, expected one of which the cell list has a cell: A1, PEG",
    );
  }));

Deno.test("wingert2026Cells: metadata is typed", async () => {
  const [cell] = await wingert2026Cells(WINGERT_SMALL, { area: "A1" });
  const depth: number | null | undefined = cell?.depth;
  const narrow: boolean | null | undefined = cell?.narrow;
  const snr: number | null | undefined = cell?.snr;
  assertEquals([typeof depth, typeof narrow, snr], [
    "number",
    "boolean",
    undefined,
  ]);
});

for (
  const [options, message] of [
    [{ areas: "A1" }, "there is no option areas, expected area"],
    [{ siteid: "CLT027c" }, "there is no option siteid, expected site"],
    [{ site: "a", sites: "b" }, "site and sites are given, expected one"],
  ] as const
) {
  Deno.test(`wingert2026: refuses ${JSON.stringify(options)}: ${message}`, () => {
    for (const call of [wingert2026, wingert2026Cells]) {
      assertThrows(
        () => call("x", options as Wingert2026Options),
        RangeError,
        message,
      );
    }
  });
}

Deno.test("wingert2026: sites is another spelling of site", async () => {
  assertEquals(
    await wingert2026Cells(WINGERT_SMALL, { sites: "CLT027c" }),
    await wingert2026Cells(WINGERT_SMALL, { site: "CLT027c" }),
  );
});
