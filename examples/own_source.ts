/**
 * Makes a source of a lab's own files: WAV files and a table of spike times,
 * `cell,sound,trial,times_s` with blanks between the times. Turns them into a
 * dataset and fits a linear STRF to each cell.
 *
 * Run: `deno run -A examples/own_source.ts [DATA]`; without DATA, made-up files.
 */
import {
  mask,
  randomSplit,
  sessionsFrom,
  spectrogram,
  toDataset,
} from "rxephys";
import { fitStrf } from "rxephys/models";
import { exampleData } from "rxephys/synthetic";
import { readWav } from "rxephys/wav";
import { lastValueFrom } from "rxjs";

const folder = await exampleData("lab", Deno.args[0]);

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
const split = randomSplit(dataset, [...dataset.nrnMeta.keys()]);
for (const { label, peak } of fitStrf(dataset, { split }).cells) {
  console.log(`${label}: STRF peak at ${peak.hz} Hz, ${peak.ms} ms`);
}
