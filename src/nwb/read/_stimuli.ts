import { Budget } from "../../base/limits.ts";
import { RecordingError, UnsupportedError } from "../../errors.ts";
import type { Waveform } from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { NwbContext } from "./_context.ts";
import { type NwbFile, plainPath } from "./_nwb_file.ts";
import {
  isSeries,
  openSeries,
  rowsBetween,
  type Series,
  type SeriesRange,
} from "./_series.ts";
import { asSamples } from "./_trace_response.ts";
import { readRange } from "./_traces.ts";
import type { Heard } from "./_trials.ts";

const PRESENTED = "stimulus/presentation";
const TEMPLATES = "stimulus/templates";
/** Series whose values are no samples of a stimulus. */
const OTHERS = [
  ...["AnnotationSeries", "ImageMaskSeries", "ImageSeries", "IndexSeries"],
  ...["IntervalSeries", "OpticalSeries"],
];

/**
 * Reads a stimulus: the series that its trials refer to, the one that has its
 * name, or the part of the only series that covers its first trial.
 *
 * @throws {RecordingError} If there is no such series.
 * @throws {UnsupportedError} If its values are no samples.
 */
export async function readStimulus(
  file: NwbFile,
  heard: Heard,
  context: NwbContext,
): Promise<Waveform | Tensor> {
  if (context.options.stimuli === "presence") {
    return presence(heard.durationMs, context.options.dtMs ?? 5);
  }
  const range = await rangeOf(file, heard, context);
  const series = await openSeries(file, range.path);
  if (!OTHERS.includes(series.type)) {
    return await readSeries(file, series, range, context);
  }
  throw new UnsupportedError(
    `Cannot read stimulus "${heard.name}": it is of type ${series.type}, ` +
      'expected a sampled sound; give stimulusSeries, or stimuli: "presence"',
    file.at(range.path),
  );
}

/** All of a series: a waveform if it has one axis, otherwise a tensor. */
export async function readSeries(
  file: NwbFile,
  series: Series,
  range: SeriesRange,
  { limits }: NwbContext,
): Promise<Waveform | Tensor> {
  const budget = new Budget("read stimulus", limits, "readBytes");
  const values = await readRange(file, series, range, budget);
  const { rateHz, channels, conversion, offset, unit } = series;
  const isPlain = conversion === 1 && offset === 0;
  if (channels === null) {
    const samples = isPlain
      ? asSamples(values)
      : Float64Array.from(values, (value) => value * conversion + offset);
    return { samples, rateHz };
  }
  const bins = values.length / Math.max(1, channels);
  const data = new Float32Array(values.length);
  for (let channel = 0; channel < channels; channel++) {
    for (let bin = 0; bin < bins; bin++) {
      const value = values[bin * channels + channel] as number;
      data[channel * bins + bin] = value * conversion + offset;
    }
  }
  return {
    data,
    shape: [1, channels, bins],
    dtMs: 1000 / rateHz,
    ...(unit !== "" && { unit }),
  };
}

/** One band that is 1 while the stimulus is presented. */
function presence(durationMs: number, dtMs: number): Tensor {
  const bins = Math.max(1, Math.round(durationMs / dtMs));
  return { data: new Float32Array(bins).fill(1), shape: [1, 1, bins], dtMs };
}

async function rangeOf(
  file: NwbFile,
  { name: key, trials }: Heard,
  { options: { stimulusSeries } }: NwbContext,
): Promise<SeriesRange> {
  const referred = trials.find(({ stimulus }) => stimulus)?.stimulus;
  if (referred && stimulusSeries === undefined) return referred;
  const names = {
    [PRESENTED]: await file.names(PRESENTED),
    [TEMPLATES]: await file.names(TEMPLATES),
  };
  const wanted = [key, key.replace(/\.[A-Za-z0-9]{1,4}$/, "")];
  for (const [folder, own] of Object.entries(names)) {
    const name = wanted.find((name) => own.has(name));
    if (name !== undefined && stimulusSeries === undefined) {
      return { path: `${folder}/${name}`, start: 0, count: -1 };
    }
  }
  const presented = stimulusSeries === undefined
    ? Array.from(names[PRESENTED], (name) => `${PRESENTED}/${name}`)
    : [await namedSeries(file, stimulusSeries)];
  const [path, ...others] = presented;
  const [first] = trials;
  if (path !== undefined && others.length === 0 && first !== undefined) {
    const group = await file.group(path);
    if (group && isSeries(group)) {
      const series = await openSeries(file, path);
      const { startS, stopS } = first;
      const rows = await rowsBetween(file, series, startS, stopS);
      if (rows) return { path, start: rows[0], count: rows[1] - rows[0] };
    }
  }
  const held = [...names[PRESENTED], ...names[TEMPLATES]];
  const shown = held.slice(0, 20).join(", ") || "none";
  throw new RecordingError(
    `Cannot read stimulus "${key}": no series has its name or covers its first ` +
      `trial; the file has ${shown}${held.length > 20 ? ", ..." : ""}; give ` +
      'stimulusSeries, or stimuli: "presence"',
    { archive: file.name },
  );
}

/** Path of a series that an option names. */
async function namedSeries(file: NwbFile, name: string): Promise<string> {
  const path = plainPath(name);
  for (const folder of [PRESENTED, TEMPLATES, "acquisition"]) {
    if (await file.has(`${folder}/${path}`)) return `${folder}/${path}`;
  }
  if (await file.has(path)) return path;
  throw new RecordingError(
    `Cannot read stimulus: there is no series ${name}, expected stimulusSeries ` +
      `from ${[...await file.names(PRESENTED)].join(", ") || "none"}`,
    { archive: file.name },
  );
}
