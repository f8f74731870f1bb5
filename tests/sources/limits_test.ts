import {
  asari,
  crcnsAc1,
  parallel,
  type Session,
  wehr,
  wingert2026,
} from "rxephys";
import { concatMap, lastValueFrom, type Observable } from "rxjs";
import { FormatError, LimitError } from "../../src/errors.ts";
import { openFolder } from "../../src/archive/folder.ts";
import { tgzMembers } from "../../src/archive/tar/tgz.ts";
import { readCellList } from "../../src/sources/wingert2026/_cell_list.ts";
import {
  DEFAULT_LIMITS,
  type Limits,
  sessionBounds,
} from "../../src/base/limits.ts";
import { readChannels } from "../../src/sources/wingert2026/_channels.ts";
import { readEpochs } from "../../src/sources/wingert2026/_epochs.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  editedTar,
  packed,
  Source,
  tarOf,
} from "../support/archives/tgz_edit.ts";

const FIXTURES = new URL("../fixtures/", import.meta.url);
const AC1 = new URL("ac1-tiny/", FIXTURES);
const WINGERT = new URL("wingert-small/", FIXTURES);
const PLACE = { archive: "a.zip", member: "m" };
const SOURCES = { wehr, asari, crcnsAc1, wingert2026 };

type Lowered = Partial<Limits>;

const BAD: readonly [string, unknown, typeof RangeError, string][] = [
  ["a negative limit", { arrays: -1 }, RangeError, "limits.arrays is -1"],
  ["a limit of nothing", { members: 0 }, RangeError, "limits.members is 0"],
  ["half a byte", { memberBytes: 0.5 }, RangeError, "memberBytes is 0.5"],
  ["NaN", { nesting: NaN }, RangeError, "limits.nesting is NaN"],
  [
    "more than a buffer holds",
    { memberBytes: 2 ** 31 },
    RangeError,
    "limits.memberBytes is 2147483648, expected 1 to 2147483647",
  ],
  [
    "more than deflate packs",
    { compressionRatio: 1033 },
    RangeError,
    "limits.compressionRatio is 1033, expected 1 to 1032",
  ],
  ["an unknown name", { size: 1 }, RangeError, "limits.size is no limit"],
  ["a name of Object's", { toString: 1 }, RangeError, "is no limit"],
  ["a text", { arrays: "7" }, TypeError, 'limits.arrays is "7"'],
  ["null", null, TypeError, "limits is null, expected an object"],
  ["a list", [1], TypeError, "limits is 1, expected an object"],
];

for (const [name, source] of Object.entries(SOURCES)) {
  for (const [what, limits, ErrorClass, why] of BAD) {
    Deno.test(`limits: ${name} throws at the call for ${what}`, () => {
      const options = { limits: limits as Lowered };
      assertThrows(() => source("nowhere", options), ErrorClass, why);
    });
  }
}

/** Everything that a stream's sessions hold. */
function readAll(sessions: Observable<Session>): Promise<unknown> {
  return lastValueFrom(sessions.pipe(concatMap(async (session) => {
    for (const { stimulus, read } of await session.presentations()) {
      await stimulus.read();
      await read();
    }
  })));
}

/** Source, limit, and the archive that exceeds it. */
const LOWERED: readonly (readonly [
  source: "wehr" | "asari" | "wingert2026",
  name: keyof Limits,
  limit: number,
  archive: string,
])[] = [
  ["wehr", "directoryBytes", 1000, "crcns-ac1.zip"],
  ["wehr", "members", 2, "crcns-ac1.zip"],
  ["wehr", "pathLength", 5, "crcns-ac1.zip"],
  ["wehr", "memberBytes", 500, "crcns-ac1.zip"],
  ["wehr", "compressionRatio", 1, "crcns-ac1.zip"],
  ["wehr", "nesting", 1, "crcns-ac1.zip"],
  ["wehr", "textLength", 3, "crcns-ac1.zip"],
  ["wehr", "arrays", 1, "crcns-ac1.zip"],
  ["wehr", "arrayElements", 100, "crcns-ac1.zip"],
  ["wehr", "arrayBytes", 400, "crcns-ac1.zip"],
  ["asari", "arrays", 1, "crcns-ac1-asari-results-1.zip"],
  ["asari", "textLength", 1, "crcns-ac1-asari-results-1.zip"],
  ["asari", "arrayElements", 1, "crcns-ac1-asari-results-1.zip"],
  ["wingert2026", "recordLength", 10, "cell_list.csv"],
  ["wingert2026", "members", 8, "cell_list.csv"],
  ["wingert2026", "tarballBytes", 1000, "recordings.zip"],
  ["wingert2026", "memberBytes", 1000, "recordings.zip"],
  ["wingert2026", "jsonBytes", 100, "recordings.zip"],
  ["wingert2026", "arrayBytes", 1000, "recordings.zip"],
  ["wingert2026", "compressionRatio", 1, "recordings.zip"],
  ["wingert2026", "textLength", 3, "recordings.zip"],
];

for (const [source, name, limit, archive] of LOWERED) {
  Deno.test(`limits: ${source} refuses what exceeds ${name}`, async () => {
    const indexFolder = await Deno.makeTempDir();
    const limits = { [name]: limit };
    const sessions = source === "wingert2026"
      ? wingert2026(WINGERT, { limits, indexFolder })
      : SOURCES[source](AC1, { limits });
    const error = await assertRejects(() => readAll(sessions), LimitError);
    const { message } = error;
    const rule = `limits.${name} is ${limit} and can be raised`;
    assert(message.includes(rule), message);
    assert(error.archive?.endsWith(archive), message);
    await Deno.remove(indexFolder, { recursive: true });
  });
}

Deno.test("limits: apply in workers, too", async () => {
  const sessions = wehr(AC1, { limits: { arrayElements: 5000 } });
  const error = await assertRejects(
    () => readAll(sessions.pipe(parallel({ workers: 1 }))),
    LimitError,
  );
  assert(error.message.includes("limits.arrayElements is 5000"), error.message);
});

Deno.test("limits: a CSV file whose field never ends is not read to its end", async () => {
  const head = new TextEncoder().encode(
    'cellid,siteid,area,layer,depth,narrow,celltype,sw,goodpred\n"',
  );
  const piece = new TextEncoder().encode("x".repeat(2 ** 16));
  let pieces = 0;
  let isLeft = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(pieces++ === 0 ? head : piece),
    cancel: () => void (isLeft = true),
  }, { highWaterMark: 0 });
  const error = await assertRejects(
    () => Array.fromAsync(readCellList(endless, PLACE)),
    LimitError,
    "record 2 has 1048577 characters at least: limits.recordLength is 1048576",
  );
  assertEquals(pieces, 17);
  assertEquals(error.offset, head.length + 16 * piece.length);
  assert(isLeft);
});

Deno.test("limits: a tarball's entries and paths are counted", async () => {
  const read = (limits: Lowered): Promise<unknown> => {
    const { stream } = new Source(packed(tarOf("pax.tgz")));
    const options = { ...PLACE, limits: { ...DEFAULT_LIMITS, ...limits } };
    return Array.fromAsync(tgzMembers(stream, () => true, options));
  };
  await read({ members: 4, directoryBytes: 400, pathLength: 300, nesting: 31 });
  for (
    const [limits, why] of [
      [{ members: 3 }, "it has more entries: limits.members is 3"],
      [{ directoryBytes: 30 }, "its paths have 37 characters"],
      [{ pathLength: 200 }, "a path has 228 characters"],
      [{ nesting: 30 }, "a path has 31 folders"],
      [{ textLength: 10 }, "an extended header has"],
      [{ tarballBytes: 4096 }, '"P/P.resp.h5" ends at byte'],
    ] as const
  ) {
    const error = await assertRejects(() => read(limits), LimitError, why);
    assert(Number.isInteger(error.offset), error.message);
  }
});

Deno.test("limits: an extended header of gigabytes is refused unread", async () => {
  const tar = editedTar(tarOf("pax.tgz"), 0, [124, "17777777777"]);
  const source = new Source(packed(tar), 100);
  await assertRejects(
    () => Array.fromAsync(tgzMembers(source.stream, () => true, PLACE)),
    LimitError,
    "an extended header has 2147483647 bytes: limits.textLength is 1048576",
  );
});

Deno.test("limits: a folder's files, sizes and depth", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/a/b/c`, { recursive: true });
  await Deno.writeTextFile(`${folder}/a/b/c/d`, "12345");
  await Deno.writeTextFile(`${folder}/a/e`, "12345");
  const open = async (limits: Lowered): Promise<Uint8Array> => {
    const all = { ...DEFAULT_LIMITS, ...limits };
    return await (await openFolder(folder, { limits: all })).read("a/e");
  };
  assertEquals(
    (await open({ members: 2, nesting: 3, memberBytes: 5 })).length,
    5,
  );
  for (
    const [limits, why] of [
      [{ members: 1 }, "Cannot open folder: it holds more files"],
      [{ nesting: 2 }, "Cannot open folder: folders are nested deeper"],
      [{ memberBytes: 4 }, "Cannot read file: it has 5 bytes"],
    ] as const
  ) {
    const error = await assertRejects(() => open(limits), LimitError, why);
    assertEquals(error.archive, folder);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("limits: a table of epochs has rows, a JSON file bytes", async () => {
  const bytes = new TextEncoder().encode("name,start,end\na,0,1\nb,1,2\n");
  const limits = { ...DEFAULT_LIMITS, members: 1, jsonBytes: 10 };
  await assertRejects(
    () => readEpochs(bytes, PLACE, sessionBounds("read recording", limits)),
    LimitError,
    "it has more rows: limits.members is 1",
  );
  assertThrows(
    () => readChannels(bytes, PLACE, limits),
    LimitError,
    "it has 27 bytes: limits.jsonBytes is 10",
  );
});

Deno.test("limits: a quoted field of 30 MB is read, or refused by class", async () => {
  const field = "x".repeat(3e7);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const whole = encode(`name,start,end\n"${field}",0,1`);
  const bounds = sessionBounds("read recording", {
    ...DEFAULT_LIMITS,
    recordLength: 2 ** 25,
  });
  const [name] = (await readEpochs(whole, PLACE, bounds)).keys();
  assertEquals(name?.length, field.length);
  await assertRejects(
    () => readEpochs(whole, PLACE),
    LimitError,
    "Cannot read epochs: record 2 has 30000006 characters at least: " +
      "limits.recordLength is 1048576 and can be raised",
  );
  await assertRejects(
    () => readEpochs(encode(`name,start,end\n"${field}`), PLACE, bounds),
    FormatError,
    "Cannot read epochs: record 2: a quote is out of place, or not closed",
  );
});

Deno.test("limits: an error shows the start of a long value, not all of it", () => {
  const json = JSON.stringify({ chans: "x".repeat(1_000_000) });
  assertThrows(
    () => readChannels(new TextEncoder().encode(json), PLACE),
    FormatError,
    `Cannot read JSON: chans is "${"x".repeat(99)}..., expected distinct cell`,
  );
});
