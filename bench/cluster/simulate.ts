/**
 * Simulates runs of many sizes on many workers, from costs that were measured on one
 * machine, and prints what bounds each: see docs/scaling.md.
 *
 * Run: `deno run bench/cluster/simulate.ts --help`.
 */
import { markdownTable } from "../_bench_rows.ts";
import { parseFlags } from "../_flags.ts";
import { boundsOf, type ClusterRun } from "./_bounds.ts";
import { MEASURED } from "./_costs.ts";
import { simulate } from "./_simulate.ts";

const FLAGS = parseFlags({
  usage: "deno run bench/cluster/simulate.ts [flags]",
  flags: {
    sessions: {
      value: "LIST",
      about: "sessions of the data set (default 1000,100000,10000000)",
    },
    workers: { value: "LIST", about: "workers (default 10,100,1000)" },
    engine: { value: "NAME", about: "queue, array or both (default both)" },
    store: {
      value: "MB/S",
      about: "of the store that all share, together",
      number: 1000,
    },
    "kill-hours": {
      value: "HOURS",
      about: "a worker is killed once in, on average",
      number: 1000,
    },
    lock: { value: "S", about: "until a lost session is free", number: 30 },
    "session-s": {
      value: "S",
      about: "one core computes a session",
      number: MEASURED.sessionS,
    },
    "session-mb": {
      value: "MB",
      about: "of the archive, a session",
      number: MEASURED.readBytes / 1e6,
    },
    seed: { value: "N", about: "of the random numbers", count: 1 },
  },
}, Deno.args);

const ENGINES = {
  queue: ["queue"],
  array: ["array"],
  both: ["queue", "array"],
};

function numbers(name: string, text: string): number[] {
  return text.split(",").map((part) => {
    const value = Number(part);
    if (part.trim() !== "" && Number.isSafeInteger(value) && value > 0) {
      return value;
    }
    return fail(`--${name} has "${part}", expected whole numbers above 0`);
  });
}

function fail(message: string): never {
  console.error(`error: ${message}`);
  Deno.exit(2);
}

/** Seconds in the largest unit that has three digits at most. */
function timeText(seconds: number): string {
  const units = [[86_400, "d"], [3600, "h"], [60, "min"], [1, "s"]] as const;
  const [size, unit] = units.find(([size]) => seconds >= 2 * size) ?? [1, "s"];
  return `${Number((seconds / size).toPrecision(2))} ${unit}`;
}

function bytesText(bytes: number): string {
  const [size, unit] = bytes >= 1e9 ? [1e9, "GB"] : [1e6, "MB"];
  return `${Number((bytes / size).toPrecision(2))} ${unit}`;
}

const costs = {
  ...MEASURED,
  sessionS: FLAGS["session-s"],
  readBytes: FLAGS["session-mb"] * 1e6,
};
const faults = {
  killEveryS: FLAGS["kill-hours"] * 3600,
  lockS: FLAGS.lock,
  seed: FLAGS.seed,
};
const engines = ENGINES[FLAGS.engine as keyof typeof ENGINES ?? "both"] ??
  fail(`--engine is "${FLAGS.engine}", expected queue, array or both`);
const rows: string[][] = [];
for (
  const sessions of numbers(
    "sessions",
    FLAGS.sessions ?? "1000,100000,10000000",
  )
) {
  for (const workers of numbers("workers", FLAGS.workers ?? "10,100,1000")) {
    for (const engine of engines as ClusterRun["engine"][]) {
      const run = { sessions, workers, engine, storeRate: FLAGS.store * 1e6 };
      const bounds = boundsOf(run, costs);
      const { shardsS, totalS, kills, busy } = simulate(run, costs, faults);
      const { merge, start: _, ...parts } = bounds;
      const [bound = ""] = Object.entries(parts)
        .reduce((a, b) => b[1] > a[1] ? b : a);
      rows.push([
        ...[String(sessions), String(workers), engine, timeText(shardsS)],
        ...[timeText(merge), timeText(totalS), bound],
        ...[`${Math.round(100 * busy)} %`, String(kills)],
        bytesText(sessions * costs.listBytes),
      ]);
    }
  }
}
console.log(markdownTable(
  [
    ...["sessions", "workers", "engine", "shards", "merge", "together"],
    ...["bound by", "busy", "kills", "a worker's list"],
  ],
  rows,
));
