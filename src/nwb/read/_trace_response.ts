import type { CellResponse, Samples } from "../../session.ts";
import type { PlainNumbers } from "./_nwb_file.ts";
import type { Series } from "./_series.ts";
import type { Trial } from "./_trials.ts";

/** One repeat of a cell, as it is stored. */
export interface Repeat {
  readonly trial: Trial;
  readonly series: Series;
  readonly channel: number;
  readonly samples: PlainNumbers;
}

/**
 * Repeats as one response: as stored if all have one scale and no offset,
 * otherwise in units, float64.
 */
export function responseOf(
  repeats: readonly Repeat[],
  isStored: boolean,
): CellResponse {
  const [first] = repeats as [Repeat];
  const { rateHz } = first.series;
  const { unit, factor } = unitOf(first.series, first.channel);
  const isPlain = isStored ||
    repeats.every(({ series, channel, samples }) =>
      series.offset === 0 && unitOf(series, channel).factor === factor &&
      isStorable(samples, factor)
    );
  return {
    repeats: repeats.map((repeat) =>
      isPlain ? asSamples(repeat.samples) : inUnits(repeat)
    ),
    scale: isPlain ? factor : 1,
    rateHz,
    kind: "raw",
    unit,
  };
}

/** Unit of the stream, and the factor from stored samples to it. */
function unitOf(
  { unit, conversion, channelConversion }: Series,
  channel: number,
): { readonly unit: string; readonly factor: number } {
  const factor = conversion * (channelConversion?.[channel] ?? 1);
  return isVolts(unit)
    ? { unit: "mV", factor: factor * 1000 }
    : { unit: unit === "" ? "unknown" : unit, factor };
}

/** Whether a unit is volts. */
export function isVolts(unit: string): boolean {
  return ["v", "volt", "volts"].includes(unit.toLowerCase());
}

/** Whether samples may stay as they are: integers have a scale, floats have not. */
function isStorable(samples: PlainNumbers, factor: number): boolean {
  if (samples instanceof Float32Array || samples instanceof Float64Array) {
    return factor === 1;
  }
  return isSmall(samples);
}

function isSmall(samples: PlainNumbers): boolean {
  return samples instanceof Int16Array || samples instanceof Int8Array ||
    samples instanceof Uint8Array;
}

/** Samples of a class that operators take, with the same values. */
export function asSamples(values: PlainNumbers): Samples {
  if (
    values instanceof Int16Array || values instanceof Float32Array ||
    values instanceof Float64Array
  ) return values;
  return isSmall(values) ? Int16Array.from(values) : Float64Array.from(values);
}

function inUnits({ samples, series, channel }: Repeat): Float64Array {
  const { factor } = unitOf(series, channel);
  const offset = isVolts(series.unit) ? 1000 * series.offset : series.offset;
  return Float64Array.from(samples, (value) => value * factor + offset);
}
