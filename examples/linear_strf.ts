/**
 * Fits a linear STRF to each cell of the Wehr half of CRCNS AC1, and scores it by
 * the normalized correlation (Schoppe et al. 2016) on stimuli that the fit never
 * saw.
 *
 * Run: `deno run -A examples/linear_strf.ts [DATA [OUT]]`
 *
 * OUT is a folder for `strf.svg` and `strf.json`.
 */
import {
  crcnsAc1Pipeline,
  toDataset,
  wehr,
  WEHR_VALID_NEURONS,
  wehrSplit,
} from "rxephys";
import { plotStrfGrid } from "rxephys/figures";
import { fitStrf } from "rxephys/models";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const [given, out] = Deno.args;
const data = await exampleData("crcns-ac1", given);
const dataset = await lastValueFrom(
  wehr(data).pipe(crcnsAc1Pipeline({ dtMs: 5 }), toDataset()),
);

// Cells heard different stimuli: each has its split, published where it fits.
dataset.selectNeuronsWhere(({ wehrCellIdx }) =>
  WEHR_VALID_NEURONS.includes(Number(wehrCellIdx))
);
const cells = dataset.selectedNeurons.filter((cell) =>
  dataset.nrnMasks.filter((row) => row[cell]).length >= 3
);
const split = cells.map((cell) => wehrSplit(dataset, cell, { seed: 1 }));
const fit = fitStrf(dataset, { split, cells, historyMs: 100 });
const scores = fit.score(dataset, split);
console.table(scores.map((score, i) => {
  const { ridge, peak } = fit.cells[i] ?? {};
  const kHz = ((peak?.hz ?? NaN) / 1000).toFixed(1);
  return {
    ...score,
    ...{ split: split[i]?.origin, ridge },
    peak: `${kHz} kHz, ${peak?.ms} ms`,
  };
}));
const ccNorms = scores.map(({ ccNorm }) => ccNorm).filter(Number.isFinite);
const mean = ccNorms.reduce((a, b) => a + b, 0) / ccNorms.length;
console.log(`mean test cc_norm of ${ccNorms.length}: ${mean.toFixed(3)}`);

if (out !== undefined) {
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(`${out}/strf.svg`, plotStrfGrid(fit.cells).svg);
  await Deno.writeTextFile(`${out}/strf.json`, JSON.stringify(fit));
  console.log(`Wrote ${out}/strf.svg and ${out}/strf.json`);
}
