import { ArchiveError, DataNotFoundError, wingert2026 } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import {
  countFiles,
  type FileCounts,
} from "../../support/archives/file_counts.ts";
import { WINGERT_SMALL } from "../../support/golden/golden_wingert.ts";
import { tarball } from "./_tarball.ts";
import {
  bytesOf,
  cellList,
  CELLS,
  RECORDING,
  recordingTarball,
  respJson,
  wingertSessions,
  withFolder,
} from "./_wingert_release.ts";
import { itemAt } from "../../support/item_at.ts";

/** A release of two recordings in a folder. */
const TWO: Readonly<Record<string, string | Uint8Array>> = {
  "cell_list.csv": cellList([
    [itemAt(CELLS, 0), "TST001a", "A1"],
    ["TST002a-001-1", "TST002a", "A1"],
  ]),
  "recordings/a.tgz": recordingTarball(RECORDING),
  "recordings/b.tgz": recordingTarball({
    "resp.json": respJson({ chans: ["TST002a-001-1"] }),
  }),
};

/** Runs a test in a release; `start` says how many tarballs a start opens. */
function withStarts(
  run: (folder: string, start: () => Promise<number>) => Promise<void>,
): Promise<void> {
  return withFolder(
    TWO,
    (folder) =>
      countFiles((counts: FileCounts) =>
        run(folder, async () => {
          counts.opened = 0;
          const { sessions } = await wingertSessions(folder);
          assertEquals(sessions.map(({ id }) => id), ["TST001a", "TST002a"]);
          return counts.opened - 1; // the cell list
        })
      ),
  );
}

async function indexFile(folder: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(`${folder}/index`));
  assertEquals(names.length, 1);
  assert(/^sessions-[0-9a-f]{16}\.json$/.test(itemAt(names, 0).name));
  return `${folder}/index/${itemAt(names, 0).name}`;
}

Deno.test("index: the second start opens no recording", () =>
  withStarts(async (_folder, start) => {
    assertEquals(await start(), 2);
    assertEquals(await start(), 0);
  }));

Deno.test("index: reads only a changed recording again", () =>
  withStarts(async (folder, start) => {
    await start();
    const { size, mtime } = await Deno.stat(`${folder}/recordings/b.tgz`);
    const later = new Date(Number(mtime) + 1000);
    await Deno.utime(`${folder}/recordings/b.tgz`, later, later);
    assertEquals(await start(), 1);
    assertEquals(await start(), 0);
    const longer = recordingTarball({
      "resp.json": respJson({ chans: ["TST002a-001-1"] }),
      "notes.txt": "part:resp",
    });
    assert(longer.length !== size);
    await Deno.writeFile(`${folder}/recordings/b.tgz`, longer);
    await Deno.utime(`${folder}/recordings/b.tgz`, later, later);
    assertEquals(await start(), 1);
  }));

Deno.test("index: reads a new recording, and forgets a removed one", () =>
  withStarts(async (folder, start) => {
    await start();
    await Deno.writeFile(
      `${folder}/recordings/c.tgz`,
      recordingTarball({ "resp.json": respJson({ chans: ["TST003a-1-1"] }) }),
    );
    assertEquals(await start(), 1);
    await Deno.remove(`${folder}/recordings/c.tgz`);
    assertEquals(await start(), 0);
  }));

Deno.test("index: a recording replaced by one of its size and time is refused, once", () =>
  withFolder(TWO, async (folder) => {
    const path = `${folder}/recordings/b.tgz`;
    await wingertSessions(folder);
    const { size, mtime } = await Deno.stat(path);
    const other = recordingTarball({
      ...RECORDING,
      "resp.json": respJson({ chans: ["TST001a-001-1"] }),
      "notes.txt": "",
    });
    // Zeros behind a gzip member are skipped.
    const long = new Uint8Array(Math.max(size ?? 0, other.length));
    long.set(other);
    const whole = await Deno.readFile(path);
    for (const bytes of [whole, long]) {
      const padded = new Uint8Array(long.length);
      padded.set(bytes);
      await Deno.writeFile(path, padded);
      await Deno.utime(path, mtime ?? 0, mtime ?? 0);
      if (bytes === whole) await wingertSessions(folder);
    }
    const { sessions } = await wingertSessions(folder);
    assertEquals(sessions.map(({ id }) => id), ["TST001a", "TST002a"]);
    const error = await assertRejects(
      async () => await sessions[1]?.presentations(),
      ArchiveError,
      "Cannot read session TST002a: the recording lists other cells than " +
        "before, so it was replaced; subscribe again",
    );
    assertEquals(error.member, "b.tgz!TST001a/TST001a.resp.json");
    // The next start reads every recording anew.
    await assertRejects(
      () => wingertSessions(folder),
      DataNotFoundError,
      "Cannot find the recordings of sessions TST002a",
    );
  }));

const DAMAGE: Readonly<Record<string, (text: string) => string>> = {
  "cut short": (text) => text.slice(0, -9),
  "empty": () => "",
  "no index": () => "[]",
  "of another layout": (text) => text.replace('"version":2', '"version":1'),
  "of another release": (text) => text.replace("/recordings", "/elsewhere"),
  "with cells that are no names": (text) =>
    text.replace(`"${CELLS[0]}"`, "null"),
  "without a stamp": (text) => text.replace('"stamp"', '"note"'),
};

for (const [what, damage] of Object.entries(DAMAGE)) {
  Deno.test(`index: one that is ${what} is written again`, () =>
    withStarts(async (folder, start) => {
      await start();
      const path = await indexFile(folder);
      const whole = await Deno.readTextFile(path);
      const damaged = damage(whole);
      assert(damaged !== whole);
      await Deno.writeTextFile(path, damaged);
      assertEquals(await start(), 2);
      assertEquals(await Deno.readTextFile(path), whole);
    }));
}

Deno.test("index: several written at once leave one whole file", () =>
  withStarts(async (folder, start) => {
    await Promise.all(
      Array.from({ length: 8 }, () => wingertSessions(folder)),
    );
    await indexFile(folder);
    assertEquals(await start(), 0);
  }));

Deno.test("index: a failed start writes none", () =>
  withFolder({
    ...TWO,
    "recordings/b.tgz": recordingTarball({ "resp.json": "{" }),
  }, async (folder) => {
    await assertRejects(() => wingertSessions(folder));
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.includes("index"), false);
  }));

Deno.test({
  name: "index: without permission to write, none is written",
  permissions: { read: true, write: false, env: false },
  fn: async () => {
    for (const options of [{}, { indexFolder: `${WINGERT_SMALL}/none` }]) {
      const stream = wingert2026(WINGERT_SMALL, options);
      const sessions = await lastValueFrom(stream.pipe(toArray()));
      assertEquals(sessions.length, 4);
    }
  },
});

Deno.test("index: a file in place of its folder is refused", () =>
  withFolder(TWO, async (folder) => {
    const error = await assertRejects(
      () => wingertSessions(folder, { indexFolder: `${folder}/cell_list.csv` }),
      DataNotFoundError,
      "Cannot keep the session index: ",
    );
    assertEquals(error.archive, `${folder}/recordings`);
  }));

Deno.test("index: reads a tarball only up to resp.json", () => {
  // Noise that gzip cannot pack: xorshift32.
  const noise = new Uint32Array(1 << 20);
  let state = 1;
  for (let at = 0; at < noise.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    noise[at] = state;
  }
  const bytes = tarball([
    ["P/P.resp.h5", bytesOf("part:resp")],
    ["P/P.resp.json", bytesOf(respJson())],
    ["P/P.stim.h5", new Uint8Array(noise.buffer)],
  ]);
  return withFolder({
    "cell_list.csv": cellList(),
    "recordings/a.tgz": bytes,
  }, (folder) =>
    countFiles(async (counts) => {
      await wingertSessions(folder);
      assert(bytes.length > 4 << 20);
      // Pieces of 256 KiB: one under way, one asked for ahead.
      assert(counts.bytes < 1 << 20, `${counts.bytes} bytes`);
      assertEquals(counts.opened, counts.closed);
    }));
});
