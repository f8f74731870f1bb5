/**
 * Shows the Asari half of CRCNS AC1: spike rates of the thalamus (MGB) next to the
 * membrane potentials of Wehr's cortex, and the sequences of sounds.
 *
 * Run: `deno run -A examples/asari.ts --help`
 */
import {
  asari,
  concatDatasets,
  crcnsAc1Pipeline,
  type NeuralDataset,
  type Session,
  toDataset,
  wehr,
} from "rxephys";
import { lastValueFrom, type Observable } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { findAc1 } from "./_find_ac1.ts";
import { parseFlags } from "./_flags.ts";
import { showProgress } from "./_progress.ts";
import { sparkline } from "./_sparkline.ts";

const flags = parseFlags({
  usage: "deno run -A examples/asari.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with the AC1 zips, or extracted" },
    download: { about: "fetch the three zips first" },
    dt: { value: "MS", about: "bin width in ms", number: 5 },
  },
}, Deno.args);

exitOnError();
const data = await findAc1(flags.data, flags);
const thalamus = await load(asari(data, { sites: "MGB" }));
const cortex = await load(wehr(data));

console.log("MGB, cell attached:", String(thalamus));
console.log("A1, whole cell:    ", String(cortex));
showFirstResponse(thalamus, "spike rate");
showFirstResponse(cortex, "membrane potential, mV");

console.log("\nSequences and their segments:");
for (const { sequence, segmentFiles } of thalamus.stimMeta.slice(0, 5)) {
  console.log(`  ${sequence}  =  ${(segmentFiles as string[]).join(" + ")}`);
}

// Their units differ: select from both, but do not fit one model to both.
const both = concatDatasets([thalamus, cortex]);
console.log(`\nBoth: ${both}`);
both.selectNeuronsBy("site", "MGB");
console.log(`${both.length} of these stimuli were played to MGB`);

async function load(sessions: Observable<Session>): Promise<NeuralDataset> {
  const progress = showProgress("sessions");
  const dataset = await lastValueFrom(
    sessions.pipe(
      crcnsAc1Pipeline({ dtMs: flags.dt }),
      toDataset({ onProgress: progress.update }),
    ),
  );
  progress.done();
  return dataset;
}

function showFirstResponse(dataset: NeuralDataset, what: string): void {
  dataset.selectNeurons(0);
  const [response] = dataset.at(0).responses;
  if (response === undefined) return;
  const { data, shape: [repeats = 0, bins = 0] } = response;
  dataset.resetSelection();
  const mean = Float64Array.from({ length: bins }, (_, t) => {
    let sum = 0;
    for (let r = 0; r < repeats; r++) sum += data[r * bins + t] as number;
    return sum / repeats;
  });
  const [low, high] = [Math.min(...mean), Math.max(...mean)];
  console.log(
    `\n${dataset.nrnMeta[0]?.session}, ${what}, mean of ${repeats} repeats, ` +
      `${low.toFixed(2)} to ${high.toFixed(2)}:\n${sparkline(mean, 72)}`,
  );
}
