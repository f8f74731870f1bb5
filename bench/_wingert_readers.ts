import { fileOf } from "./_files.ts";
import { watchedRun } from "./_watched_run.ts";
import { PEER, type Reader } from "./_wehr_readers.ts";
import type { WingertFigures, WingertResult } from "./_wingert_run.ts";
import { itemAt } from "../tests/support/item_at.ts";

/** Bound for sums of float32 values that two programs normalized, relative. */
const SUM_TOLERANCE = 1e-6;

/** Readers of a Wingert release to a dataset, the peer last. */
export function wingertReaders(
  release: string,
  python: string | undefined,
): Record<string, Reader> {
  const own = (...flags: string[]): Reader => (...more) =>
    watchedRun(Deno.execPath(), [
      ...["run", "-A", fileOf("./_wingert_run.ts"), release, "dataset"],
      ...flags,
      ...more,
    ]);
  const script = fileOf("./peers/wingert_deepstrf.py");
  return {
    "default, one core": own("--normalize"),
    "default, all cores": own("--normalize", "--parallel"),
    "not normalized, one core": own(),
    "not normalized, all cores": own("--parallel"),
    ...(python !== undefined && {
      [PEER]: (...more: string[]) =>
        watchedRun(python, [script, release, "dataset", ...more]),
    }),
  };
}

/**
 * Compares the counts and sums of readers whose chain is the same.
 *
 * @throws {Error} If they differ.
 */
export async function checkWingert(
  readers: Readonly<Record<string, Reader>>,
): Promise<void> {
  const results = new Map<string, WingertResult>();
  for (const [name, reader] of Object.entries(readers)) {
    const { figures } = await reader("--check");
    results.set(name, (figures as unknown as WingertFigures).result);
  }
  const names = [...results.keys()];
  for (
    const [one, other, tolerance] of [
      ["default, one core", "default, all cores", 0],
      ["not normalized, one core", "not normalized, all cores", 0],
      ["default, one core", PEER, SUM_TOLERANCE],
    ] as const
  ) {
    if (!names.includes(other)) continue;
    const [a, b] = [one, other].map((name) =>
      itemAt(Object.fromEntries(results), name)
    ) as [WingertResult, WingertResult];
    for (const [field, value] of Object.entries(a)) {
      const there = b[field as keyof WingertResult] ?? NaN;
      const isClose = Math.abs(value - there) <= tolerance * Math.abs(value);
      if (!isClose) {
        throw new Error(`${field} of ${one} is ${value}, of ${other} ${there}`);
      }
    }
  }
}
