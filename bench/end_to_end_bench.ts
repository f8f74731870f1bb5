/**
 * The Wehr half of a synthetic release of 100 MB, from its zip to a sink, each
 * run in a process of its own: sessions/s, MB/s, peak RSS. The release is kept
 * in the data folder for the next time.
 */
import { isThere } from "./_is_there.ts";
import { dataFolder, writeSyntheticAc1 } from "rxephys";
import type { RunFigures, RunSink } from "./_wehr_run.ts";

const MEGABYTES = 100;
const SINKS: readonly RunSink[] = ["dataset", "ndjson"];

const release = dataFolder(`crcns-ac1-bench-${MEGABYTES}`);
if (!await isThere(`${release}/truth.json`)) {
  console.log(`Writing ${MEGABYTES} MB to ${release}`);
  await writeSyntheticAc1(release, { seed: 1, scale: MEGABYTES });
}
const { size } = await Deno.stat(`${release}/crcns-ac1.zip`);

const [dataset, ndjson] = [await run("dataset"), await run("ndjson")];
if (dataset.result !== ndjson.result) {
  throw new Error(`Sinks differ: ${dataset.result}, ${ndjson.result}`);
}
console.log(`Both sinks: ${dataset.result}`);

for (const sink of SINKS) {
  Deno.bench({
    name: `wehr to ${sink}, ${(size / 1e6).toFixed(0)} MB zip`,
    group: "end to end",
    n: 3,
    warmup: 0,
    fn: async () => {
      const { sessions, seconds, firstSeconds, peakRss } = await run(sink);
      console.log(
        `${sink}: ${(sessions / seconds).toFixed(2)} sessions/s, ` +
          `${
            (size / 1e6 / seconds).toFixed(1)
          } MB/s, first presentation after ` +
          `${firstSeconds.toFixed(2)} s, peak RSS ${
            (peakRss / 1e6).toFixed(0)
          } MB`,
      );
    },
  });
}

async function run(sink: RunSink): Promise<RunFigures> {
  const script = new URL("./_wehr_run.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", script, release, sink],
  }).output();
  if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
