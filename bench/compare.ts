/**
 * Compares two commits on the releases of the end-to-end bench. A pair is a run of
 * each, which take turns in being first: a change of the machine's speed cancels.
 * Both commits run the programs of this tree's `bench`, in work trees that are
 * removed at the end.
 *
 * Run: `deno task bench:compare A B [--pairs N]`; see {@linkcode USAGE}.
 */
import { parseArgs } from "node:util";
import { dataFolder } from "rxephys";
import { git, thisMachine } from "./_history.ts";
import { releaseOf } from "./_releases.ts";
import { pairedRatio, spreadOf, spreadText } from "./_statistics.ts";
import { type WatchedRun, watchedRun } from "./_watched_run.ts";
import { fileOf } from "./_files.ts";
import { itemAt } from "../tests/support/item_at.ts";

const USAGE = `Usage: deno task bench:compare A B [flags]

  A, B               commits, branches or tags
  --pairs N          pairs of runs (default 5)
  --releases NAMES   releases of bench/_releases.ts (default long,float)
  --chain FLAGS      arguments of bench/_wehr_run.ts, or bench/_wingert_run.ts
                     for Wingert (default "dataset"; "ndjson --parallel")
  --data FOLDER      folder for the releases`;

/** Programs that a run needs, besides the library that it measures. */
const PROGRAMS = [
  "_arrays_file.ts",
  "_files.ts",
  "_wehr_run.ts",
  "_wingert_run.ts",
];

interface Figures {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: "string", default: "5" },
    releases: { type: "string", default: "long,float" },
    chain: { type: "string", default: "dataset" },
    data: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
const pairs = Number(values.pairs);
if (values.help || positionals.length !== 2 || !(pairs >= 1)) {
  console.log(USAGE);
  Deno.exit(values.help ? 0 : 2);
}

const scratch = await Deno.makeTempDir();
const trees: string[] = [];
try {
  for (const [i, name] of positionals.entries()) {
    const commit = await git("rev-parse", "--short", `${name}^{commit}`);
    const tree = `${scratch}/${i}-${commit}`;
    await git("worktree", "add", "--detach", "--quiet", tree, commit);
    trees.push(tree);
    for (const program of PROGRAMS) {
      await Deno.copyFile(fileOf(`./${program}`), `${tree}/bench/${program}`);
    }
  }
  const { cpu, cores, os, deno } = await thisMachine();
  console.log(`${cpu}, ${cores} cores, ${os}, Deno ${deno}; B over A`);
  for (const name of values.releases.split(",")) await compareOn(name);
} finally {
  for (const tree of trees) await git("worktree", "remove", "--force", tree);
  await Deno.remove(scratch, { recursive: true });
}

async function compareOn(name: string): Promise<void> {
  const release = await releaseOf(values.data ?? dataFolder("bench"), name);
  const [a, b] = [itemAt(trees, 0), itemAt(trees, 1)];
  const program = name.startsWith("wingert") ? "_wingert_run" : "_wehr_run";
  // The first run of a tree compiles it.
  for (const tree of trees) await run(tree, program, release);
  const runs = {
    a: [] as WatchedRun<Figures>[],
    b: [] as WatchedRun<Figures>[],
  };
  for (let i = 0; i < pairs; i++) {
    const isOdd = i % 2 === 1;
    if (isOdd) runs.b.push(await run(b, program, release));
    runs.a.push(await run(a, program, release));
    if (!isOdd) runs.b.push(await run(b, program, release));
  }
  console.log(`\n${name} (${values.chain}), ${pairs} pairs`);
  const figures = {
    "wall": ({ figures }: WatchedRun<Figures>) => figures.seconds,
    "whole process": ({ wallSeconds }: WatchedRun<Figures>) => wallSeconds,
    "CPU": ({ figures }: WatchedRun<Figures>) => figures.cpuSeconds,
    "peak RSS": ({ peakRss }: WatchedRun<Figures>) => peakRss,
  };
  for (const [figure, of] of Object.entries(figures)) {
    const [before, after] = [runs.a.map(of), runs.b.map(of)];
    const unit = figure === "peak RSS" ? 1e6 : 1;
    const medians = [before, after].map((all) =>
      (spreadOf(all).median / unit).toPrecision(3)
    );
    console.log(
      `${figure}: ${spreadText(pairedRatio(after, before))}, ` +
        `A ${medians[0]}, B ${medians[1]} ${unit === 1 ? "s" : "MB"}`,
    );
  }
}

/** Runs a program in a tree, without the index of an earlier run. */
async function run(
  tree: string,
  program: string,
  release: string,
): Promise<WatchedRun<Figures>> {
  const folder = await Deno.makeTempDir({ dir: scratch });
  return await watchedRun<Figures>(Deno.execPath(), [
    ...["run", "-A", `--config=${tree}/deno.json`],
    ...[`${tree}/bench/${program}.ts`, release],
    ...values.chain.split(" "),
  ], { RXEPHYS_DATA_DIR: folder });
}
