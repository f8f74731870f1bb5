import type { BenchRow } from "./_history.ts";
import { itemAt } from "../tests/support/item_at.ts";
import { median, pairedRatio, spreadOf, spreadText } from "./_statistics.ts";
import { FLOOR, PEER, type ReaderRun } from "./_wehr_readers.ts";

/**
 * Figures of each reader of a release.
 *
 * @param runs Runs of each reader; the runs of one index were made in turn.
 */
export function rowsOf(
  release: string,
  runs: ReadonlyMap<string, readonly ReaderRun[]>,
): BenchRow[] {
  const floor = runs.get(FLOOR)?.map(secondsOf);
  const peer = runs.get(PEER);
  return [...runs].map(([reader, all]) => {
    const seconds = all.map(secondsOf);
    const peakRssBytes = median(all.map(({ peakRss }) => peakRss));
    const firsts = all.flatMap(({ figures: { firstSession } }) =>
      firstSession === undefined ? [] : [firstSession]
    );
    const isOwn = reader !== FLOOR && reader !== PEER;
    return {
      release,
      reader,
      runs: all.length,
      seconds: spreadOf(seconds),
      ...(firsts.length > 0 && { firstSessionSeconds: median(firsts) }),
      cpuSeconds: median(all.map(({ figures }) => figures.cpuSeconds)),
      peakRssBytes,
      ...(floor && isOwn && { overFloor: pairedRatio(seconds, floor) }),
      ...(peer && isOwn && {
        timesAsFast: median(peer.map(secondsOf)) / median(seconds),
        ...(firsts.length > 0 && {
          timesSooner: median(peer.map(secondsOf)) / median(firsts),
        }),
        memoryShare: peakRssBytes /
          median(peer.map(({ peakRss }) => peakRss)),
      }),
    };
  });
}

/** Time to the result. The peer's includes unpacking. */
function secondsOf({ figures }: ReaderRun): number {
  return figures.seconds + (figures.unpackSeconds ?? 0);
}

/** Table of the readers of a release, in Markdown. */
export function tableOf(rows: readonly BenchRow[]): string {
  const lines = rows.map((row) => [
    row.reader,
    row.seconds.median.toFixed(2),
    row.firstSessionSeconds?.toFixed(2) ?? "",
    row.cpuSeconds.toFixed(2),
    (row.peakRssBytes / 1e6).toFixed(0),
    row.overFloor ? spreadText(row.overFloor) : "",
    row.timesAsFast?.toFixed(1) ?? "",
    row.timesSooner?.toFixed(0) ?? "",
    row.memoryShare?.toFixed(2) ?? "",
  ]);
  const head = [
    "reader",
    "wall s",
    "first session s",
    "CPU s",
    "peak RSS MB",
    "over the floor",
    "times as fast as the peer",
    "first session times sooner",
    "share of its memory",
  ];
  return markdownTable(head, lines);
}

/** A table in Markdown. */
export function markdownTable(
  head: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  return [head, head.map(() => "---"), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/**
 * Best and worst release for each reader, next to the floor and to the peer; empty
 * without rows.
 */
export function extremesOf(rows: readonly BenchRow[]): string[] {
  return [...Map.groupBy(rows, ({ reader }) => reader)].flatMap(
    ([reader, all]) => [
      ...extremes(
        `${reader}, over the floor`,
        all,
        ({ overFloor }) => overFloor && -overFloor.median,
      ),
      ...extremes(
        `${reader}, times as fast as the peer`,
        all,
        (row) => row.timesAsFast,
      ),
    ],
  );
}

/** @param score The greater, the better. */
function extremes(
  name: string,
  rows: readonly BenchRow[],
  score: (row: BenchRow) => number | undefined,
): string[] {
  const scored = rows
    .flatMap((row) => {
      const value = score(row);
      return value === undefined ? [] : [{ row, value }];
    })
    .sort((a, b) => a.value - b.value);
  if (scored.length === 0) return [];
  const [worst, best] = [itemAt(scored, 0), itemAt(scored, scored.length - 1)];
  const text = ({ row, value }: typeof worst): string =>
    `${Math.abs(value).toFixed(2)} (${row.release})`;
  return [`${name}: worst ${text(worst)}, best ${text(best)}`];
}
