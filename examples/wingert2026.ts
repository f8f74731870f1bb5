/**
 * Shows the Wingert et al. 2026 recordings: their cells, one site, two sites side
 * by side, two probes of one site, and the two lengths of stimuli.
 *
 * Run: `deno run -A examples/wingert2026.ts --help`
 */
import {
  type NeuralDataset,
  toDataset,
  wingert2026,
  wingert2026Cells,
  wingert2026Pipeline,
} from "rxephys";
import { concatMap, lastValueFrom, tap, toArray } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { findWingert2026 } from "./_find_wingert2026.ts";
import { parseFlags } from "./_flags.ts";
import { printCells } from "./_print_cells.ts";
import { showProgress } from "./_progress.ts";

const flags = parseFlags({
  usage: "deno run -A examples/wingert2026.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with cell_list.csv and recordings" },
    download: { about: "fetch the data first (4.4 GB)" },
    site: { value: "SITE", about: "the site to look at (default CLT027c)" },
    second: { value: "SITE", about: "a second site (default PRN018a)" },
  },
}, Deno.args);

exitOnError();
const data = await findWingert2026(flags.data, flags);
const { site = "CLT027c", second = "PRN018a" } = flags;
const warnings: Record<string, number> = {};
const onWarning = (
  { kind, count }: { readonly kind: string; readonly count: number },
): void => {
  warnings[kind] = count;
};

console.log("The cells, from the cell list alone:");
const cells = await wingert2026Cells(data, { includeUnlabeled: true });
printCells(cells);

console.log(`\nOne site, ${site}:`);
const one = await load(site);
console.log(`  ${one}`);
one.computeNeuronQuality();
const best = [...one.nrnMeta].sort((a, b) => Number(b.snr) - Number(a.snr));
for (const { cellId, area, layer, snr, ccmax } of best.slice(0, 3)) {
  const quality = [snr, ccmax].map((value) => Number(value).toFixed(3));
  console.log(
    `  ${cellId} (${area}, layer ${layer}): SNR ${quality[0]}, CCmax ${
      quality[1]
    }`,
  );
}

console.log(`\nTwo sites, ${site} and ${second}: block-diagonal`);
const two = await load(site, second);
console.log(`  ${two}`);
for (const session of new Set(two.stimMeta.map((meta) => meta.session))) {
  two.selectStimsBy("session", String(session));
  const heard = two.selectedNeurons.length;
  console.log(`  ${session}: ${two.length} stimuli x ${heard} cells`);
}
const pairs = two.nrnMasks.flat();
const real = pairs.filter(Boolean).length;
console.log(
  `  ${real} real responses, ${pairs.length - real} never presented`,
);

console.log("\nBoth probes of SLJ032a: one session, two sites");
const probes = await load("SLJ032a", "SLJ032a-B");
console.log(`  ${probes}`);
for (const probe of ["SLJ032a", "SLJ032a-B"]) {
  const own = probes.selectNeuronsBy("site", probe);
  console.log(`  ${probe}: ${own.length} cells, ${probes.length} stimuli`);
}

console.log("\nThe two lengths of stimuli, over all sites:");
const progress = showProgress("sites");
const sessionsTotal = new Set(
  cells.filter(({ area }) => area).map(({ session }) => session),
).size;
const done = { sessionsDone: 0, presentationsDone: 0 };
const lengths = await lastValueFrom(
  wingert2026(data, { onWarning }).pipe(
    concatMap(async (session) => {
      const presentations = await session.presentations();
      return { session, durations: presentations.map(durationOf) };
    }),
    tap(({ durations }) => {
      done.sessionsDone++;
      done.presentationsDone += durations.length;
      progress.update({ ...done, sessionsTotal });
    }),
    toArray(),
  ),
);
progress.done();
const cohorts = new Set(lengths.flatMap(({ durations }) => durations));
for (const ms of [...cohorts].sort((a, b) => a - b)) {
  const sites = lengths.filter(({ durations }) => durations.includes(ms));
  const count = sites.reduce(
    (sum, { session }) => sum + session.cells.length,
    0,
  );
  console.log(`  ${ms / 1000} s: ${sites.length} sites, ${count} cells`);
}
if (Object.keys(warnings).length > 0) console.log("\nwarnings:", warnings);

async function load(...site: string[]): Promise<NeuralDataset> {
  const progress = showProgress("sites");
  const dataset = await lastValueFrom(
    wingert2026(data, { site, onWarning }).pipe(
      wingert2026Pipeline(),
      toDataset({ onProgress: progress.update }),
    ),
  );
  progress.done();
  return dataset;
}

function durationOf(
  { stimulus }: { readonly stimulus: { readonly durationMs: number } },
): number {
  return stimulus.durationMs;
}
