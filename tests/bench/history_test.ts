import { extremesOf, rowsOf } from "../../bench/_bench_rows.ts";
import {
  type BenchHistory,
  type BenchRow,
  mergedHistory,
  parseHistory,
  saveHistory,
} from "../../bench/_history.ts";
import { FLOOR, PEER, type ReaderRun } from "../../bench/_wehr_readers.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";

const MACHINE = { cpu: "a CPU", cores: 2, os: "linux", deno: "2.9.6" };

function history(...rows: readonly BenchRow[]): BenchHistory {
  const head = { version: 1, machine: MACHINE, commit: "abc1234" } as const;
  return { ...head, date: "2026-11-21", peer: {}, rows };
}

function row(release: string, reader: string, seconds: number): BenchRow {
  const spread = { median: seconds, min: seconds, max: seconds };
  const figures = { cpuSeconds: seconds, peakRssBytes: 1e8 };
  return { release, reader, runs: 1, seconds: spread, ...figures };
}

function run(seconds: number, peakRss: number): ReaderRun {
  return {
    figures: { seconds, cpuSeconds: seconds, firstSession: seconds / 4 },
    wallSeconds: seconds + 1,
    peakRss,
  };
}

Deno.test("rowsOf: ratios to the floor by pairs, to the peer by medians", () => {
  const rows = rowsOf(
    "long",
    new Map([
      [FLOOR, [run(1, 10), run(2, 10)]],
      ["one", [run(2, 20), run(3, 20)]],
      [PEER, [{
        ...run(8, 100),
        figures: { seconds: 8, cpuSeconds: 8, unpackSeconds: 2 },
      }]],
    ]),
  );
  const one = rows.find(({ reader }) => reader === "one");
  assertEquals(one, {
    release: "long",
    reader: "one",
    runs: 2,
    seconds: { median: 2.5, min: 2, max: 3 },
    firstSessionSeconds: 0.625,
    cpuSeconds: 2.5,
    peakRssBytes: 20,
    overFloor: { median: 1.75, min: 1.5, max: 2 },
    timesAsFast: 4,
    timesSooner: 16,
    memoryShare: 0.2,
  });
  const peer = rows.find(({ reader }) => reader === PEER);
  assertEquals(peer?.overFloor, undefined);
  assertEquals(peer?.seconds.median, 10);
});

Deno.test("extremesOf: names the worst and the best release", () => {
  const rows = [
    { ...row("long", "one", 2), timesAsFast: 3 },
    { ...row("short", "one", 1), timesAsFast: 5 },
    row("short", FLOOR, 1),
  ];
  assertEquals(extremesOf(rows), [
    "one, times as fast as the peer: worst 3.00 (long), best 5.00 (short)",
  ]);
});

Deno.test("mergedHistory: replaces the releases that were measured again", () => {
  const older = history(row("long", "one", 3), row("short", "one", 1));
  const newer = history(row("long", "two", 2));
  const { rows } = mergedHistory(older, newer);
  assertEquals(rows.map(({ release, reader }) => [release, reader]), [
    ["short", "one"],
    ["long", "two"],
  ]);
});

Deno.test("mergedHistory: refuses figures of another machine or commit", () => {
  const older = history();
  assertThrows(
    () => mergedHistory(older, { ...older, commit: "fff0000" }),
    RangeError,
    'Cannot add figures: commit is "fff0000", expected "abc1234" as in the file',
  );
  assertThrows(
    () =>
      mergedHistory(older, { ...older, machine: { ...MACHINE, cores: 64 } }),
    RangeError,
    "Cannot add figures: machine is",
  );
});

Deno.test("saveHistory: a file holds four digits and is read back", async () => {
  const path = await Deno.makeTempFile();
  await Deno.remove(path);
  try {
    await saveHistory(path, history(row("long", "one", 1.23456)));
    await saveHistory(path, history(row("short", "one", 2)));
    const { rows } = parseHistory(await Deno.readTextFile(path));
    assertEquals(rows.map(({ seconds }) => seconds.median), [1.235, 2]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("parseHistory: refuses another layout", () => {
  assertThrows(
    () => parseHistory('{"version":2}'),
    TypeError,
    "Cannot read figures: version is 2, expected 1",
  );
});

Deno.test("bench/results: every file is of the layout", async () => {
  const folder = new URL("../../bench/results/", import.meta.url);
  let files = 0;
  for await (const { name } of Deno.readDir(folder)) {
    const text = await Deno.readTextFile(new URL(name, folder));
    const { machine, rows } = parseHistory(text);
    assertEquals(typeof machine.cpu, "string");
    assertEquals(rows.every(({ seconds }) => seconds.median > 0), true);
    files++;
  }
  assertEquals(files > 0, true);
});
