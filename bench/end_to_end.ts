/**
 * Reads synthetic releases of unlike shapes to a dataset and to NDJSON, on one core
 * and on all, next to the lower bound for any reader and to deepSTRF on the same
 * files. Results are compared before any time is printed. Each run is a separate
 * process, readers take turns.
 *
 * Run: `deno run -A bench/end_to_end.ts --help`.
 */
import { parseFlags } from "./_flags.ts";
import { dataFolder } from "rxephys";
import { extremesOf, rowsOf, tableOf } from "./_bench_rows.ts";
import {
  type BenchRow,
  saveHistory,
  thisCommit,
  thisMachine,
} from "./_history.ts";
import { releaseOf, SHAPES } from "./_releases.ts";
import { checkSameArrays, checkSameLines } from "./_same_arrays.ts";
import { stageShares } from "./_stage_shares.ts";
import { watchedRun } from "./_watched_run.ts";
import {
  FLOOR,
  ownReader,
  PEER,
  type Reader,
  type ReaderRun,
  wehrReaders,
} from "./_wehr_readers.ts";
import { checkWingert, wingertReaders } from "./_wingert_readers.ts";
import { fileOf } from "./_files.ts";
import { itemAt } from "../tests/support/item_at.ts";

const USUAL = [...Object.keys(SHAPES), "ac1-200", "ac1-1000", "wingert-100"];
const FLAGS = parseFlags({
  usage: "deno run -A bench/end_to_end.ts [flags]",
  flags: {
    releases: {
      value: "NAMES",
      about: `of ${USUAL.join(",")} (default: all of these)`,
    },
    readers: { value: "REGEXP", about: "readers to run besides the floor" },
    runs: { value: "N", about: "runs of every reader", count: 5 },
    "peer-runs": { value: "N", about: "runs of the peer", count: 3 },
    peer: {
      value: "PYTHON",
      about: "a Python with deepSTRF (default PEER_PYTHON, else no peer)",
    },
    data: { value: "FOLDER", about: "folder for the releases" },
    save: { value: "FILE", about: "file of bench/results to add figures to" },
    unchecked: { about: "skip the comparison of results" },
    mode: { value: "NAME", about: "compare (default), slow or profile" },
  },
}, Deno.args);
const PYTHON = FLAGS.peer ?? Deno.env.get("PEER_PYTHON");
const MODES = { compare, slow, profile };

interface Release {
  readonly name: string;
  readonly folder: string;
}

const scratch = await Deno.makeTempDir();
try {
  const mode = FLAGS.mode ?? "compare";
  if (!Object.hasOwn(MODES, mode)) {
    throw new RangeError(
      `--mode is "${mode}", expected ${Object.keys(MODES).join(", ")}`,
    );
  }
  const { cpu, cores, os, deno } = await thisMachine();
  const load = Deno.loadavg()[0]?.toFixed(1);
  console.log(`${cpu}, ${cores} cores, ${os}, Deno ${deno}, load ${load}`);
  const releases: Release[] = [];
  for (const name of FLAGS.releases?.split(",") ?? USUAL) {
    const folder = await releaseOf(FLAGS.data ?? dataFolder("bench"), name);
    releases.push({ name, folder });
  }
  await MODES[mode as keyof typeof MODES](releases);
} finally {
  await Deno.remove(scratch, { recursive: true });
}

async function compare(releases: readonly Release[]): Promise<void> {
  const rows: BenchRow[] = [];
  let versions = {};
  for (const { name, folder } of releases) {
    const isWingert = name.startsWith("wingert");
    const readers = isWingert
      ? wingertReaders(folder, PYTHON)
      : wehrReaders(folder, `${scratch}/${name}`, PYTHON);
    const state = FLAGS.unchecked ? "results not compared" : "results equal";
    if (!FLAGS.unchecked) {
      await (isWingert ? checkWingert(readers) : checkWehr(readers));
    }
    const runs = await measured(readers);
    const here = rowsOf(name, runs);
    rows.push(...here);
    versions = { ...versions, ...runs.get(PEER)?.[0]?.figures.versions };
    console.log(`\n${name}, ${state}\n\n${tableOf(here)}`);
  }
  console.log(`\n${extremesOf(rows).join("\n")}`);
  if (FLAGS.save === undefined) return;
  await saveHistory(FLAGS.save, {
    version: 1,
    machine: await thisMachine(),
    commit: await thisCommit(),
    date: Temporal.Now.plainDateISO().toString(),
    peer: versions,
    rows,
  });
}

/** Compares the results of all readers with those of one core. */
async function checkWehr(readers: Record<string, Reader>): Promise<void> {
  const prefix = `${scratch}/own`;
  await itemAt(readers, "dataset, one core")("--out", prefix);
  for (const name of ["dataset, second start", "dataset, all cores"]) {
    await itemAt(readers, name)("--out", `${scratch}/other`);
    await checkSameArrays(prefix, `${scratch}/other`, "bits");
  }
  for (const name of ["NDJSON, one core", "NDJSON, all cores"]) {
    const path = `${scratch}/lines.ndjson`;
    await itemAt(readers, name)("--out", path);
    await checkSameLines(path, prefix);
    await Deno.remove(path);
  }
  if (!readers[PEER]) return;
  await readers[PEER](`${scratch}/peer`);
  await checkSameArrays(prefix, `${scratch}/peer`, "bounds");
}

/** Runs the readers in turn. The peer may have fewer turns. */
async function measured(
  readers: Record<string, Reader>,
): Promise<Map<string, ReaderRun[]>> {
  const wanted = new RegExp(FLAGS.readers ?? "");
  const runs = new Map<string, ReaderRun[]>();
  for (let i = 0; i < FLAGS.runs; i++) {
    for (const [name, reader] of Object.entries(readers)) {
      if (name !== FLOOR && !wanted.test(name)) continue;
      if (name === PEER && i >= FLAGS["peer-runs"]) continue;
      runs.set(name, [...runs.get(name) ?? [], await reader()]);
    }
  }
  return runs;
}

/** Peak memory behind a slow consumer, and behind slow operators. */
async function slow(releases: readonly Release[]): Promise<void> {
  for (const what of ["consumer", "operators"]) {
    const peaks: number[] = [];
    for (const { name, folder } of releases) {
      const reader = ownReader(folder, ["ndjson", "--slow", what]);
      const { peakRss } = await reader();
      peaks.push(peakRss);
      console.log(
        `${name}, slow ${what}: peak RSS ${(peakRss / 1e6).toFixed(0)} MB`,
      );
    }
    const ratio = Math.max(...peaks) / Math.min(...peaks);
    console.log(`Largest over smallest: ${ratio.toFixed(2)}`);
  }
}

/** Share of each stage on one core. */
async function profile(releases: readonly Release[]): Promise<void> {
  for (const { name, folder } of releases) {
    const prof = await Deno.makeTempDir({ dir: scratch });
    const run = fileOf("./_wehr_run.ts");
    await watchedRun(Deno.execPath(), [
      ...["run", "-A", "--cpu-prof", `--cpu-prof-dir=${prof}`],
      ...[run, folder, "dataset"],
    ], { RXEPHYS_DATA_DIR: prof });
    const files = await Array.fromAsync(Deno.readDir(prof));
    const file = files.find((entry) => entry.name.endsWith(".cpuprofile"));
    const text = await Deno.readTextFile(`${prof}/${file?.name}`);
    console.log(`\n${name} to a dataset, one core`);
    for (const [stage, share] of stageShares(JSON.parse(text))) {
      console.log(`| ${stage} | ${(100 * share).toFixed(1)} % |`);
    }
  }
}
