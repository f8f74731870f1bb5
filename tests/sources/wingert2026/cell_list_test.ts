import {
  DataError,
  DataNotFoundError,
  FormatError,
} from "../../../src/errors.ts";
import {
  type CellRow,
  readCellList,
} from "../../../src/sources/wingert2026/_cell_list.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { damaged } from "../../support/archives/damaged.ts";
import { firstOf, itemAt } from "../../support/item_at.ts";

const FIXTURES = new URL("../../fixtures/wingert-small/", import.meta.url);
const RELEASE = Deno.readFileSync(new URL("cell_list.csv", FIXTURES));
const COLUMNS = "cellid,siteid,area,layer,depth,narrow,celltype,sw,goodpred";
const PLACE = { archive: "data/cell_list.csv" };

/** Stream that records how it was read. */
class Source {
  read = 0;
  isCancelled = false;
  readonly stream: ReadableStream<Uint8Array>;

  constructor(bytes: Uint8Array, piece: number, failure?: Error) {
    this.stream = new ReadableStream<Uint8Array>({
      pull: (controller): void => {
        if (this.read < bytes.length) {
          const part = bytes.slice(this.read, this.read + piece);
          this.read += part.length;
          return controller.enqueue(part);
        }
        if (failure) controller.error(failure);
        else controller.close();
      },
      cancel: (): void => {
        this.isCancelled = true;
      },
    }, { highWaterMark: 0 });
  }
}

function rowsOf(
  table: string | Uint8Array,
  piece = 1 << 16,
): Promise<CellRow[]> {
  const bytes = typeof table === "string"
    ? new TextEncoder().encode(table)
    : table;
  const { stream } = new Source(bytes, piece);
  return Array.fromAsync(readCellList(stream, PLACE));
}

/** Metadata as the reference names it. */
function snakeCase(row: CellRow): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

function expectedCells(file: string): Record<string, unknown>[] {
  return JSON.parse(Deno.readTextFileSync(new URL(file, FIXTURES))).nrn_meta;
}

for (const piece of [1, 1000, 1 << 20]) {
  Deno.test(`cell_list: in pieces of ${piece} it equals NumPy's loader`, async () => {
    const rows = (await rowsOf(RELEASE, piece)).map(snakeCase);
    const labelled = rows.filter(({ area }) => area !== null);
    assertEquals(labelled, expectedCells("small.json"));
    assertEquals(rows, expectedCells("small.unlabeled.json"));
  });
}

Deno.test("cell_list: columns are found by name, an index without one is ignored", async () => {
  const rows = await rowsOf(
    ",sw,goodpred,layer,odd,cellid,narrow,siteid,celltype,depth,area\n" +
      "0,0.25,True,56,x,SLJ032a-B-003-1,False,SLJ032a-B,RS,-12.5,PEG\n",
  );
  assertEquals(rows, [{
    cellId: "SLJ032a-B-003-1",
    site: "SLJ032a-B",
    session: "SLJ032a",
    area: "PEG",
    layer: "56",
    depth: -12.5,
    narrow: false,
    celltype: "RS",
    sw: 0.25,
    goodpred: true,
    animal: "SLJ",
    electrode: 3,
    unitInElectrode: 1,
  }]);
});

Deno.test("cell_list: quoted fields hold commas, quotes and line breaks", async () => {
  const rows = await rowsOf(
    `mwf,${COLUMNS}\r\n` +
      '"[ 1.\r\n\n ""2"", 3]",PRN001a-01-2,PRN001a,"A,1",,1e-05,,,,True\r\n' +
      ",PRN001a-02-1,PRN001a,HC,,648.0,,,,\r\n",
  );
  assertEquals(rows.map(({ area }) => area), ["A,1", "HC"]);
  assertEquals(rows.map(({ depth }) => depth), [1e-5, 648]);
  assertEquals(rows.map(({ electrode }) => electrode), [1, 2]);
  assertEquals(rows.map(({ unitInElectrode }) => unitInElectrode), [2, 1]);
});

Deno.test("cell_list: empty fields are null, text stays text", async () => {
  const rows = await rowsOf(`${COLUMNS}\nAMT003c-07-1,AMT003c,,013,,,,,`);
  const { cellId, site, session, animal, electrode, unitInElectrode, ...rest } =
    itemAt(rows, 0);
  assertEquals(
    { cellId, site, session, animal, electrode, unitInElectrode },
    {
      cellId: "AMT003c-07-1",
      site: "AMT003c",
      session: "AMT003c",
      animal: "AMT",
      electrode: 7,
      unitInElectrode: 1,
    },
  );
  assertEquals(rest, {
    area: null,
    layer: "013",
    depth: null,
    narrow: null,
    celltype: null,
    sw: null,
    goodpred: null,
  });
});

Deno.test("cell_list: a byte order mark is not part of a name", async () => {
  const [row] = firstOf(1, await rowsOf(`\ufeff${COLUMNS}\nA-1,A,,,,,,,\n`));
  assertEquals(row.cellId, "A-1");
  assertEquals(await rowsOf(`${COLUMNS}\n`), []);
});

const SOUND = "PRN001a-01-1,PRN001a,A1,44,648.0,True,RS,0.25,False";
const BREAKS = SOUND.replace("RS", '"R\n\nS"').replace("-01-", "-99-");

/** A table whose record 3 is damaged, behind one that has line breaks. */
function damagedAt(field: string, value: string): string {
  const fields = SOUND.split(",");
  fields[COLUMNS.split(",").indexOf(field)] = value;
  return `${COLUMNS}\n${BREAKS}\n${fields.join(",")}\n`;
}

const DAMAGES: readonly (readonly [string, string, string | Uint8Array])[] = [
  ["an empty file", "it is empty", ""],
  ["a blank file", "record 1: it is blank", "\n"],
  [
    "a blank record",
    "record 3: it is blank",
    `${COLUMNS}\n${BREAKS}\n\n${SOUND}`,
  ],
  [
    "a blank last record",
    "record 3: it is blank",
    `${COLUMNS}\n${BREAKS}\n\r\n`,
  ],
  [
    "a field too many",
    "record 3: 10 fields, expected 9",
    damagedAt("goodpred", "True,"),
  ],
  [
    "a field too few",
    "record 3: 8 fields, expected 9",
    `${COLUMNS}\n${BREAKS}\n${SOUND.slice(0, -6)}\n`,
  ],
  [
    "a quote that is not closed",
    "record 3: a quote is out of place",
    damagedAt("celltype", '"RS'),
  ],
  [
    "a quote inside a field",
    "record 3: a quote is out of place",
    damagedAt("celltype", 'R"S'),
  ],
  [
    "text behind a quote",
    "record 3: a quote is out of place",
    damagedAt("celltype", '"R"S'),
  ],
  [
    "a cell twice",
    'record 3: cellid "PRN001a-99-1" is that of record 2, too',
    damagedAt("cellid", "PRN001a-99-1"),
  ],
  [
    "a cell without an id",
    'record 3: cellid is "", expected',
    damagedAt("cellid", ""),
  ],
  [
    "a cell without a site",
    'record 3: siteid is "", expected',
    damagedAt("siteid", ""),
  ],
  [
    "a number beyond all digits",
    "record 3: cellid is",
    damagedAt("cellid", "PRN001a-1-99999999999999999"),
  ],
  [
    "a boolean in small letters",
    'record 3: narrow is "true", expected True, False or nothing',
    damagedAt("narrow", "true"),
  ],
  [
    "a boolean as a number",
    'record 3: goodpred is "1"',
    damagedAt("goodpred", "1"),
  ],
  [
    "a depth with a unit",
    'record 3: depth is "648 um", expected a number or nothing',
    damagedAt("depth", "648 um"),
  ],
  ["a depth that is blank", 'record 3: depth is " "', damagedAt("depth", " ")],
  [
    "a depth in hexadecimal",
    'record 3: depth is "0x10"',
    damagedAt("depth", "0x10"),
  ],
  [
    "a width that is no number",
    'record 3: sw is "nan"',
    damagedAt("sw", "nan"),
  ],
  [
    "a width beyond all numbers",
    'record 3: sw is "1e999"',
    damagedAt("sw", "1e999"),
  ],
  [
    "bytes that are no text",
    "it is not UTF-8",
    new Uint8Array([0x61, 0xff, 0x0a]),
  ],
  ["half a letter at the end", "it is not UTF-8", new Uint8Array([0x61, 0xc3])],
  ...COLUMNS.split(",").map((column): [string, string, string] => [
    `a missing column ${column}`,
    `record 1: column ${column} is missing`,
    `${COLUMNS.replace(column, "other")}\n${SOUND}\n`,
  ]),
  [
    "a column twice",
    "record 1: column area is there twice",
    `${COLUMNS},area\n${SOUND},A1\n`,
  ],
];

for (const [name, why, table] of DAMAGES) {
  Deno.test(`cell_list: ${name} is refused`, async () => {
    const error = await assertRejects(() => rowsOf(table), FormatError);
    const { message, archive } = error;
    assert(message.startsWith(`Cannot read cell list: ${why}`), message);
    assertEquals(archive, PLACE.archive);
  });
}

Deno.test("cell_list: yields the rows before a damaged one", async () => {
  const bytes = new TextEncoder().encode(damagedAt("sw", "?"));
  const rows = readCellList(new Source(bytes, 10).stream, PLACE);
  assertEquals((await rows.next()).value?.cellId, "PRN001a-99-1");
  await assertRejects(() => rows.next(), FormatError, "record 3");
});

Deno.test("cell_list: leaving early cancels the stream and leaves the rest unread", async () => {
  const source = new Source(RELEASE, 1000);
  for await (const { cellId } of readCellList(source.stream, PLACE)) {
    assertEquals(cellId, itemAt(expectedCells("small.json"), 0).cell_id);
    break;
  }
  assert(source.isCancelled);
  assert(source.read < RELEASE.length / 2, `${source.read} bytes were read`);
});

Deno.test("cell_list: a fault cancels the stream", async () => {
  const text = `a,b\n${"1,2\n".repeat(10_000)}`;
  const source = new Source(new TextEncoder().encode(text), 100);
  const rows = readCellList(source.stream, PLACE);
  await assertRejects(() => rows.next(), FormatError, "column cellid");
  assert(source.isCancelled);
});

Deno.test("cell_list: a failure of the stream is thrown as it is", async () => {
  const failure = new DataNotFoundError("Cannot read file: gone");
  const source = new Source(RELEASE.subarray(0, 50_000), 1000, failure);
  const error = await assertRejects(() =>
    Array.fromAsync(readCellList(source.stream, PLACE))
  );
  assert(error === failure);
});

Deno.test("cell_list: damaged bytes give rows or a data error", async () => {
  // The last records: the header's names of a hundred models matter little.
  const text = new TextDecoder().decode(RELEASE);
  const lines = text.split("\n");
  const table = [lines[0], ...lines.slice(-20)].join("\n");
  let refused = 0;
  for (const { name, bytes } of damaged(new TextEncoder().encode(table))) {
    try {
      await rowsOf(bytes);
    } catch (error) {
      assert(error instanceof DataError, `${name}: ${error}`);
      refused++;
    }
  }
  assert(refused > 100, `${refused} refused`);
});

Deno.test("cell_list: a number of 300,000 digits is refused at once", async () => {
  const depth = `${"1".repeat(300_000)}x`;
  const row = `PRN001a-01-1,PRN001a,A1,56,${depth},True,RS,0.25,True\n`;
  const start = performance.now();
  await assertRejects(() => rowsOf(`${COLUMNS}\n${row}`), FormatError, "depth");
  const ms = performance.now() - start;
  assert(ms < 5000, `${ms} ms`);
});
