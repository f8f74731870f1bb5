/**
 * Shows the Asari half of CRCNS AC1: spike rates of the thalamus (MGB) next to the
 * membrane potentials of Wehr's cortex, and the sequences of sounds.
 *
 * Run: `deno run -A examples/asari.ts [DATA [OUT.svg]]`
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
import { plotTrials, stackFigures } from "rxephys/figures";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom, type Observable } from "rxjs";

const [given, out] = Deno.args;
const data = await exampleData("crcns-ac1", given);
const load = (sessions: Observable<Session>): Promise<NeuralDataset> =>
  lastValueFrom(sessions.pipe(crcnsAc1Pipeline({ dtMs: 5 }), toDataset()));
const thalamus = await load(asari(data, { sites: "MGB" }));
const cortex = await load(wehr(data));
console.log("MGB, cell attached:", String(thalamus));
console.log("A1, whole cell:    ", String(cortex));

console.log("\nSequences and their segments:");
for (const { sequence, segmentFiles } of thalamus.stimMeta.slice(0, 5)) {
  console.log(`  ${sequence}  =  ${segmentFiles?.join(" + ")}`);
}

// Their units differ: select from both, but do not fit one model to both.
const both = concatDatasets([thalamus, cortex]);
console.log(`\nBoth: ${both}`);
both.selectNeuronsBy("site", "MGB");
console.log(`${both.length} of these stimuli were played to MGB`);

if (out !== undefined) {
  // The first stimulus of the first cell of each: repeats and their mean.
  const figures = [thalamus, cortex].map((dataset) => {
    dataset.selectNeurons(0);
    const { responses: [response], stimMeta: stim } = dataset.at(0);
    const [cell] = dataset.nrnMeta;
    if (!response || !cell) throw new RangeError("Nothing was recorded");
    return plotTrials(response, { cell, stim });
  });
  await Deno.writeTextFile(out, stackFigures(figures).svg);
  console.log(`Wrote ${out}`);
}
