/**
 * Reads the Wehr half of CRCNS AC1 into a dataset, and rates its cells.
 *
 * Run: `deno run -A examples/wehr.ts [DATA]`
 *
 * DATA is a folder with the zips, or extracted. Without it and without the data, a
 * small synthetic release is made. `rxephys convert` writes files.
 */
import {
  bin,
  detrend,
  gate,
  mask,
  signal,
  spectrogram,
  toDataset,
  wehr,
} from "rxephys";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const data = await exampleData("crcns-ac1", Deno.args[0]);
const warnings: Record<string, number> = {};
const dataset = await lastValueFrom(
  wehr(data, {
    // A trial that cannot be read is left out, and counted.
    onWarning: ({ kind, count }) => warnings[kind] = count,
  }).pipe(
    detrend({ medianMs: 100, gaussMs: 10 }),
    gate(),
    signal(),
    bin({ dtMs: 5 }),
    spectrogram({ dtMs: 5 }),
    mask(),
    toDataset(),
  ),
);
console.log(data);
console.log(String(dataset));
console.log("repeats:", dataset.tally);
console.log("left out:", warnings);

// SNR and noise ceiling, the best first.
dataset.computeNeuronQuality();
const cells = dataset.cells().toSorted((a, b) => Number(b.snr) - Number(a.snr));
console.table(cells.slice(0, 5), [
  ...["session", "wehrCellIdx", "heard", "repeats", "snr", "ccmax"],
]);
