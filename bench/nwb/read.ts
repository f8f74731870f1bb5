/**
 * Time and memory of `nwb()` next to h5py, both reading all traces of a file that
 * `toNwb` wrote: 250 MB and 1 GB of int16, 10 repeats of 10 s for each sound. Each
 * run is a process of its own; the sums of all traces must be equal. Times are
 * without the start of the process and its imports.
 *
 * Run: `NWB_PYTHON=~/peer/bin/python deno run -A bench/nwb/read.ts [folder]`
 */
import { assertEquals } from "../../tests/support/assert.ts";
import {
  readTraces,
  writeTraces,
} from "../../tests/support/sessions/run_traces.ts";
import type { TracesFigures } from "../../tests/support/sessions/traces_process.ts";

const RUNS = 2;
const PEER = new URL("_read_h5py.py", import.meta.url).pathname;

async function readByH5py(folder: string): Promise<TracesFigures> {
  const python = Deno.env.get("NWB_PYTHON") ?? "python3";
  const { success, stdout } = await new Deno.Command(python, {
    args: ["-B", PEER, `${folder}/long.nwb`],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("h5py failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

function show(reader: string, megabytes: number, runs: TracesFigures[]): void {
  const seconds = Math.min(...runs.map(({ seconds }) => seconds));
  const peak = Math.max(...runs.map(({ peakRss }) => peakRss));
  const figures = [
    `${seconds.toFixed(2)} s, ${(megabytes / seconds).toFixed(0)} MB/s`,
    `peak RSS ${(peak / 1e6).toFixed(0)} MB`,
  ];
  console.log(`${reader.padEnd(6)} ${megabytes} MB: ${figures.join(", ")}`);
}

const [parent] = Deno.args;
const folder = await Deno.makeTempDir(
  parent === undefined ? {} : { dir: parent },
);
try {
  for (const megabytes of [250, 1000]) {
    const path = `${folder}/${megabytes}`;
    await writeTraces(path, megabytes);
    const [own, peer]: [TracesFigures[], TracesFigures[]] = [[], []];
    for (let run = 0; run < RUNS; run++) {
      const ours = await readTraces(path);
      const theirs = await readByH5py(path);
      assertEquals(ours.sums, theirs.sums);
      own.push(ours);
      peer.push(theirs);
    }
    show("nwb()", megabytes, own);
    show("h5py", megabytes, peer);
    await Deno.remove(path, { recursive: true });
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
