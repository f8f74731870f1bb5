/**
 * Reads the Wehr half of CRCNS AC1 from its zip into tensors, or writes a file.
 *
 * Run: `deno run -A examples/wehr.ts --help`
 */
import {
  bin,
  detrend,
  gate,
  mask,
  type NeuralDataset,
  signal,
  spectrogram,
  toDataset,
  wehr,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { exitOnError } from "./_exit_on_error.ts";
import { fileSink } from "./_file_sink.ts";
import { findAc1 } from "./_find_ac1.ts";
import { parseFlags } from "./_flags.ts";
import { showProgress } from "./_progress.ts";

const flags = parseFlags({
  usage: "deno run -A examples/wehr.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with the AC1 zips, or extracted" },
    download: { about: "fetch crcns-ac1.zip first" },
    out: {
      value: "FILE",
      about: "write .ndjson, .npz, .safetensors or .zarr, make no dataset",
    },
    overwrite: { about: "replace FILE if it exists" },
    resume: { about: "continue an interrupted run" },
    dt: { value: "MS", about: "bin width in ms", number: 5 },
    fmax: { value: "HZ", about: "highest band in Hz", number: 45_000 },
    "median-ms": { value: "MS", about: "detrending window in ms", number: 100 },
  },
}, Deno.args);

exitOnError();
const progress = showProgress("sessions");
const sink = flags.out === undefined ? null : fileSink(flags.out, {
  overwrite: flags.overwrite,
  resume: flags.resume,
  onProgress: progress.update,
});
const data = await findAc1(flags.data, {
  download: flags.download,
  files: ["crcns-ac1.zip"],
});
const warnings: Record<string, number> = {};

const stream = wehr(data, {
  onWarning: ({ kind, count }) => warnings[kind] = count,
}).pipe(
  detrend({ medianMs: flags["median-ms"], gaussMs: 10 }),
  gate(),
  signal(),
  bin({ dtMs: flags.dt }),
  spectrogram({ dtMs: flags.dt, fmaxHz: flags.fmax }),
  mask(),
);

if (sink) {
  const file = await lastValueFrom(stream.pipe(sink));
  progress.done();
  console.log(
    `Wrote ${file.path}: ${file.stimuli} stimuli, ${file.responses} responses ` +
      `of ${file.cells} cells, ${(file.bytes / 1e6).toFixed(1)} MB`,
  );
  console.log("repeats:", file.tally);
} else {
  const dataset = await lastValueFrom(
    stream.pipe(toDataset({ onProgress: progress.update })),
  );
  progress.done();
  dataset.computeNeuronQuality();
  summarize(dataset);
}
if (Object.keys(warnings).length > 0) console.log("skipped:", warnings);

function summarize(dataset: NeuralDataset): void {
  console.log(String(dataset));
  console.log("repeats:", dataset.tally);
  console.log("first cells:");
  for (
    const { session, wehrCellIdx, snr, ccmax } of dataset.nrnMeta.slice(0, 5)
  ) {
    const quality = [snr, ccmax].map((value) => Number(value).toFixed(3));
    console.log(
      `  ${session} (cell ${wehrCellIdx}): SNR ${quality[0]}, CCmax ${
        quality[1]
      }`,
    );
  }
}
