import { itemAt } from "../tests/support/item_at.ts";
import { pathExists } from "./_files.ts";
import type { Spread } from "./_statistics.ts";

/** Machine and programs that figures come from. */
export interface BenchMachine {
  readonly cpu: string;
  readonly cores: number;
  readonly os: string;
  readonly deno: string;
}

/** Runs of one reader of one release. */
export interface BenchRow {
  /** Name of the release, such as `long`. */
  readonly release: string;
  readonly reader: string;
  readonly runs: number;
  /** Time from the call to the result. */
  readonly seconds: Spread;
  readonly firstSessionSeconds?: number;
  readonly cpuSeconds: number;
  readonly peakRssBytes: number;
  /** Ratio of its time to that of the floor, by pairs of runs. */
  readonly overFloor?: Spread;
  /** Ratio of the peer's time to its own. */
  readonly timesAsFast?: number;
  /** Ratio of the peer's time, which returns all at once, to its first session. */
  readonly timesSooner?: number;
  /** Ratio of its peak memory to the peer's. */
  readonly memoryShare?: number;
}

/** A file of `bench/results`. */
export interface BenchHistory {
  readonly version: 1;
  readonly machine: BenchMachine;
  /** Commit that was measured, with `+` if files differed from it. */
  readonly commit: string;
  /** Day of the last row, `2026-11-21`. */
  readonly date: string;
  /** Versions of the peer's packages. */
  readonly peer: Readonly<Record<string, string>>;
  readonly rows: readonly BenchRow[];
}

/**
 * Replaces the rows of the releases that were measured again.
 *
 * @throws {RangeError} If the older figures come from another machine or commit.
 */
export function mergedHistory(
  older: BenchHistory,
  newer: BenchHistory,
): BenchHistory {
  for (const field of ["machine", "commit"] as const) {
    const [was, is] = [older[field], newer[field]].map((value) =>
      JSON.stringify(value)
    );
    if (was === is) continue;
    throw new RangeError(
      `Cannot add figures: ${field} is ${is}, expected ${was} as in the file`,
    );
  }
  const measured = new Set(newer.rows.map(({ release }) => release));
  return {
    ...newer,
    peer: { ...older.peer, ...newer.peer },
    rows: [
      ...older.rows.filter(({ release }) => !measured.has(release)),
      ...newer.rows,
    ],
  };
}

/**
 * Parses a file of figures.
 *
 * @throws {TypeError} If it is of another layout.
 */
export function parseHistory(text: string): BenchHistory {
  const value: Partial<BenchHistory> = JSON.parse(text);
  const isHistory = value?.version === 1 && Array.isArray(value.rows) &&
    typeof value.commit === "string" && typeof value.machine === "object";
  if (isHistory) return value as BenchHistory;
  throw new TypeError(
    `Cannot read figures: version is ${value?.version}, expected 1`,
  );
}

/** Adds figures to a file, which is created if missing. */
export async function saveHistory(
  path: string,
  history: BenchHistory,
): Promise<void> {
  const whole = await pathExists(path)
    ? mergedHistory(parseHistory(await Deno.readTextFile(path)), history)
    : history;
  const text = JSON.stringify(
    whole,
    (_, value) => typeof value === "number" ? short(value) : value,
    2,
  );
  await Deno.writeTextFile(path, text + "\n");
}

/** Rounds a figure to the four digits that a file holds. */
function short(value: number): number {
  return Number(value.toPrecision(4));
}

/** This machine. */
export async function thisMachine(): Promise<BenchMachine> {
  const info = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  return {
    cpu: /model name\s*: (.*)/.exec(info)?.[1] ?? Deno.build.arch,
    cores: navigator.hardwareConcurrency,
    os: Deno.build.os,
    deno: Deno.version.deno,
  };
}

/** Commit of this tree, with `+` if its files differ from it. */
export async function thisCommit(): Promise<string> {
  const commit = await git("rev-parse", "--short", "HEAD");
  const changes = await git("status", "--porcelain", "--untracked-files=no");
  return changes === "" ? commit : `${commit}+`;
}

/**
 * Output of git in this repository.
 *
 * @throws {Error} If git fails.
 */
export async function git(...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args,
    cwd: import.meta.dirname ?? ".",
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout).trim();
  throw new Error(`git ${itemAt(args, 0)}: ${decoder.decode(stderr)}`);
}
