/**
 * Fits a linear STRF to each cell of the Wehr half of CRCNS AC1 by ridge regression
 * on batches, and scores it by the normalized correlation (Schoppe et al. 2016) on
 * stimuli that the fit never saw.
 *
 * Run: `deno run -A examples/linear_strf.ts --help`
 */
import {
  crcnsAc1Pipeline,
  type NeuralDataset,
  normalizedCorrcoef,
  toDataset,
  wehr,
  WEHR_VALID_NEURONS,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { findAc1 } from "./_find_ac1.ts";
import { parseFlags } from "./_flags.ts";
import { showProgress } from "./_progress.ts";
import type { LinearField } from "./models/ridge.ts";
import { type CellSplit, splitOf } from "./models/split_of.ts";
import {
  batchesOf,
  fitStrf,
  predictions,
  type StrfFit,
} from "./models/strf.ts";
import {
  type CellStrf,
  meanCcNorm,
  STRF_HEADER,
  strfLine,
  writeStrfs,
} from "./models/strf_report.ts";
import { type Peak, truePeaks } from "./models/true_peaks.ts";

const flags = parseFlags({
  usage: "deno run -A examples/linear_strf.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with the AC1 zips, or extracted" },
    download: { about: "fetch crcns-ac1.zip first" },
    out: { value: "DIR", about: "write strf.svg and strf.json there" },
    history: { value: "MS", about: "history of the fields", number: 100 },
    seed: {
      value: "N",
      about: "seed of the splits that are not published",
      count: 1,
    },
  },
}, Deno.args);

exitOnError();
const axes = { dtMs: 5, fminHz: 100, bandsPerOctave: 6 };
const lags = Math.max(1, Math.round(flags.history / axes.dtMs));
const ridges = [0.03, 0.1, 0.3, 1, 3];

// Before the work, so that a bad folder fails at once.
if (flags.out !== undefined) await Deno.mkdir(flags.out, { recursive: true });
const data = await findAc1(flags.data, {
  download: flags.download,
  files: ["crcns-ac1.zip"],
});
const progress = showProgress("sessions");
const dataset = await lastValueFrom(
  wehr(data).pipe(
    crcnsAc1Pipeline(axes),
    toDataset({ onProgress: progress.update }),
  ),
);
progress.done();
const qualities = dataset.computeNeuronQuality();
const peaks = await truePeaks(data);

console.log(STRF_HEADER);
const cells: CellStrf[] = [];
for (const [cell, { snr }] of qualities.entries()) {
  const meta = dataset.nrnMeta[cell];
  const [session, wehrCellIdx] = [
    String(meta?.session),
    Number(meta?.wehrCellIdx),
  ];
  const split = await splitOf(dataset, cell, flags.seed);
  if (split === undefined) {
    console.log(`${session} heard too few stimuli to split them`);
    continue;
  }
  const fit = await fitStrf(dataset, cell, split, { lags, ridges });
  const ccNorm = await testCcNorm(dataset, cell, split, fit);
  const peak = peakOf(fit.field);
  const truePeak = peaks?.[session];
  const known = {
    session,
    wehrCellIdx,
    snr,
    split,
    ...(truePeak && { truePeak }),
  };
  const found: CellStrf = { ...known, ...fit, ccNorm, peak };
  cells.push(found);
  console.log(strfLine(found, axes));
}
console.log(`mean test cc_norm: ${meanCcNorm(cells).toFixed(3)}`);
if (peaks === undefined) {
  const cohort = cells.filter(({ wehrCellIdx }) =>
    WEHR_VALID_NEURONS.includes(wehrCellIdx)
  );
  const mean = meanCcNorm(cohort).toFixed(3);
  console.log(`of the ${cohort.length} in the published cohort: ${mean}`);
}
if (flags.out !== undefined) {
  await writeStrfs(flags.out, cells, axes);
  console.log(`Wrote ${flags.out}/strf.svg and ${flags.out}/strf.json`);
}

/** Normalized correlation with the responses to the test stimuli. */
async function testCcNorm(
  dataset: NeuralDataset,
  cell: number,
  { test }: CellSplit,
  fit: StrfFit,
): Promise<number> {
  const batches = batchesOf(dataset, cell, test, test.length);
  const [batch] = await Array.fromAsync(batches);
  if (batch === undefined) return NaN;
  const [score = NaN] = normalizedCorrcoef(
    predictions(fit, batch),
    batch.responses,
    { method: "schoppe", validMask: batch.validMask },
  );
  return score;
}

/** Band and lag of the greatest weight. */
function peakOf({ weights, lags }: LinearField): Peak {
  const at = weights.indexOf(weights.reduce((a, b) => Math.max(a, b)));
  return [Math.floor(at / lags), at % lags];
}
