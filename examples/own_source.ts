/**
 * Makes a source of a lab's own files: WAV files and a table of spike times,
 * `cell,sound,trial,times_s` with blanks between the times. Turns them into a
 * dataset and fits a linear STRF to each cell.
 *
 * Run: `deno run -A examples/own_source.ts --help`
 */
import { mask, sessionsFrom, spectrogram, toDataset } from "rxephys";
import { readWav } from "rxephys/wav";
import { lastValueFrom } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { parseFlags } from "./_flags.ts";
import { writeOwnRecordings } from "./models/own_recordings.ts";
import { splitOf } from "./models/split_of.ts";
import { fitStrf } from "./models/strf.ts";

const flags = parseFlags({
  usage: "deno run -A examples/own_source.ts [flags]",
  flags: {
    data: { value: "DIR", about: "WAV files and spikes.csv; else made up" },
    seed: { value: "N", about: "seed of the random splits", count: 1 },
  },
}, Deno.args);

exitOnError();
const folder = flags.data ?? await writeOwnRecordings();
if (flags.data === undefined) console.error(`Wrote ${folder}`);

// The source: 28 lines.
const table = await Deno.readTextFile(`${folder}/spikes.csv`);
const rows = table.trimEnd().split(/\r?\n/).slice(1).map((line) => {
  const [cell = "", sound = "", , times = ""] = line.split(",");
  return {
    cell,
    sound,
    timesS: times.split(" ").filter((time) => time !== ""),
  };
});
const cells = [...new Set(rows.map(({ cell }) => cell))];
const sounds = [...new Set(rows.map(({ sound }) => sound))];
const presentations = sounds.map(async (sound) => ({
  stimulus: { key: sound, waveform: await readWav(`${folder}/${sound}`) },
  spikes: {
    dtMs: 5,
    timesMs: cells.map((cell) => {
      const trials = rows.filter((row) =>
        row.cell === cell && row.sound === sound
      ).map(({ timesS }) => timesS.map((time) => 1000 * Number(time)));
      return trials.length > 0 ? trials : null;
    }),
  },
}));
const sessions = sessionsFrom([{
  id: folder,
  cells: cells.map((cellId) => ({ cellId })),
  presentations: await Promise.all(presentations),
}]);

const axes = { dtMs: 5, fminHz: 250, fmaxHz: 8000, bandsPerOctave: 4 };
const dataset = await lastValueFrom(
  sessions.pipe(spectrogram(axes), mask(), toDataset()),
);
console.log(String(dataset));

for (const [cell, { cellId }] of dataset.nrnMeta.entries()) {
  const split = await splitOf(dataset, cell, flags.seed);
  if (split === undefined) {
    console.log(`${cellId} heard too few sounds to split them`);
    continue;
  }
  const options = { lags: 20, ridges: [0.03, 0.1, 0.3, 1, 3] };
  const { field } = await fitStrf(dataset, cell, split, options);
  const weights = [...field.weights];
  const at = weights.indexOf(Math.max(...weights));
  const hz = axes.fminHz *
    2 ** (Math.floor(at / field.lags) / axes.bandsPerOctave);
  const ms = at % field.lags * axes.dtMs;
  console.log(`${cellId}: STRF peak at ${Math.round(hz)} Hz, ${ms} ms`);
}
