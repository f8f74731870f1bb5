/**
 * Throughput and memory of `mergeShards`, next to the same sink on the same
 * sessions without shards. Each run is a process of its own; the files must be
 * equal. The direct run makes its samples in memory: its time is that of the sink
 * alone. A merge also reads every shard twice, for its SHA-256 and its arrays.
 *
 * Run: `deno run -A bench/shards/merge.ts [--mb 400] [--runs 3] [--sink NPZ]`
 */
import { mergeShards, type ShardFormat, toShards } from "rxephys/shards";
import { lastValueFrom } from "rxjs";
import { peakRss } from "../../tests/support/peak_rss.ts";
import { FILE_SINKS } from "../../tests/support/sessions/file_sinks.ts";
import { itemAt } from "../../tests/support/item_at.ts";
import {
  noiseSessions,
  type NoiseSize,
} from "../../tests/support/sessions/noise_sessions.ts";
import { treeOf } from "../../tests/support/tree.ts";
import { parseFlags } from "../_flags.ts";

/** What a process is to do. */
interface Task {
  readonly act: "shards" | "direct" | "merge";
  readonly size: NoiseSize;
  readonly format: ShardFormat;
  readonly sink: string;
  readonly place: string;
  readonly path: string;
}

interface Figures {
  readonly seconds: number;
  readonly peakRss: number;
}

/** Sizes of one session of 20 MB. */
const SHAPES = {
  // 5 presentations of a stimulus of 2 MB and 10 responses of 200 kB.
  large: { presentations: 5, cells: 10, repeats: 5, bands: 50, bins: 10_000 },
  // 200 presentations of a stimulus of 20 kB and 100 responses of 800 bytes.
  small: { presentations: 200, cells: 100, repeats: 1, bands: 25, bins: 200 },
} as const;
const SESSION_MB = 20;
const FORMATS: readonly ShardFormat[] = ["npz", "ndjson", "safetensors"];

async function run(task: Task): Promise<void> {
  const sessions = noiseSessions(task.size);
  const { act, place, format } = task;
  const sink = itemAt(FILE_SINKS, task.sink)(task.path, { overwrite: true });
  const started = performance.now();
  if (act === "shards") {
    await lastValueFrom(sessions.pipe(toShards(place, { format })));
  } else if (act === "direct") await lastValueFrom(sessions.pipe(sink));
  else await lastValueFrom(mergeShards(place, sink));
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ seconds, peakRss: peakRss() }));
}

async function inProcess(task: Task): Promise<Figures> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.url, "--task", JSON.stringify(task)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${task.act} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** The fastest of some runs, as a line. */
function shown(name: string, mb: number, runs: readonly Figures[]): string {
  const seconds = Math.min(...runs.map(({ seconds }) => seconds));
  const peak = Math.max(...runs.map(({ peakRss }) => peakRss)) / 1e6;
  return `${name.padEnd(24)} ${seconds.toFixed(2)} s, ` +
    `${(mb / seconds).toFixed(0)} MB/s, peak RSS ${peak.toFixed(0)} MB`;
}

async function compare(
  shape: keyof typeof SHAPES,
  mb: number,
  runs: number,
  sink: string,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const sessions = Math.max(1, Math.round(mb / SESSION_MB));
  const size = { ...SHAPES[shape], sessions };
  console.log(
    `${shape}: ${sessions} sessions of ${SESSION_MB} MB into ${sink}`,
  );
  try {
    for (const format of FORMATS) {
      const place = `${folder}/${format}`;
      const [direct, path] = [`${folder}/direct`, `${folder}/merged`];
      const task = { size, format, sink, place };
      const times: Record<Task["act"], Figures[]> = {
        ...{ shards: [], direct: [], merge: [] },
      };
      for (let i = 0; i < runs; i++) {
        await Deno.remove(place, { recursive: true }).catch(() => {});
        times.shards.push(await inProcess({ ...task, act: "shards", path }));
        times.direct.push(
          await inProcess({ ...task, act: "direct", path: direct }),
        );
        times.merge.push(await inProcess({ ...task, act: "merge", path }));
      }
      const [expected, found] = [await treeOf(direct), await treeOf(path)];
      if (JSON.stringify(found) !== JSON.stringify(expected)) {
        throw new Error(`the merge of ${format} is not the direct file`);
      }
      for (const [act, figures] of Object.entries(times)) {
        console.log(shown(`  ${format}: ${act}`, mb, figures));
      }
      for (const left of [place, direct, path]) {
        await Deno.remove(left, { recursive: true });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const [first, task] = Deno.args;
  if (first === "--task") await run(JSON.parse(task as string));
  else {
    const { mb, runs, sink = "NPZ" } = parseFlags({
      usage: "deno run -A bench/shards/merge.ts [flags]",
      flags: {
        mb: { value: "<n>", count: 400, about: "megabytes of samples" },
        runs: { value: "<n>", count: 3, about: "runs of each kind" },
        sink: { value: "<name>", about: "name of the sink (NPZ)" },
      },
    }, Deno.args);
    for (const shape of Object.keys(SHAPES) as (keyof typeof SHAPES)[]) {
      await compare(shape, mb, runs, sink);
    }
  }
}
