/**
 * Shows the Wingert et al. 2026 recordings: their cells, one site, two sites side
 * by side, two probes of one site, and the two lengths of stimuli.
 *
 * Run: `deno run -A examples/wingert2026.ts [DATA]`
 */
import {
  eachSession,
  type NeuralDataset,
  toDataset,
  wingert2026,
  wingert2026Cells,
  wingert2026Pipeline,
} from "rxephys";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const data = await exampleData("wingert2026", Deno.args[0]);
const load = (...site: string[]): Promise<NeuralDataset> =>
  lastValueFrom(
    wingert2026(data, { site }).pipe(wingert2026Pipeline(), toDataset()),
  );

const cells = await wingert2026Cells(data, { includeUnlabeled: true });
console.log(`${cells.length} cells, from the cell list alone; by area:`);
const byArea = Map.groupBy(cells, ({ area }) => area ?? "none");
console.table([...byArea].map(([area, own]) => ({
  area,
  cells: own.length,
  sites: new Set(own.map(({ site }) => site)).size,
  narrow: own.filter(({ narrow }) => narrow).length,
  goodpred: own.filter(({ goodpred }) => goodpred).length,
})));

const one = await load("CLT027c");
console.log(`One site: ${one}`);
one.computeNeuronQuality();
const best = one.cells().toSorted((a, b) => Number(b.snr) - Number(a.snr));
console.table(best.slice(0, 3), ["cellId", "area", "layer", "snr", "ccmax"]);

const two = await load("CLT027c", "PRN018a");
console.log(`Two sites, block-diagonal: ${two}`);
for (const session of new Set(two.stimMeta.map(({ session }) => session))) {
  two.selectStimsBy("session", session ?? null);
  const heard = two.selectedNeurons.length;
  console.log(`  ${session}: ${two.length} stimuli x ${heard} cells`);
}

const probes = await load("SLJ032a", "SLJ032a-B");
console.log(`Both probes of SLJ032a, one session: ${probes}`);

const sites: Record<string, number> = {};
for await (const session of eachSession(wingert2026(data))) {
  const presentations = await session.presentations();
  const seconds = presentations.map(({ stimulus }) =>
    stimulus.durationMs / 1000
  );
  for (const s of new Set(seconds)) sites[s] = (sites[s] ?? 0) + 1;
}
console.log("Sites by the length of their stimuli in s:", sites);
