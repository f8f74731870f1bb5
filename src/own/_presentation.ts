import { roundHalfEven } from "../base/numbers.ts";
import type { CellResponse, Presentation } from "../session.ts";
import {
  checkEither,
  checkFields,
  checkList,
  checkPositive,
  checkRate,
  checkText,
  fieldError,
  numbersOf,
  samplesOf,
} from "./_fields.ts";
import type { StimulusRegister } from "./_stimulus.ts";
import type { OwnPresentation, OwnSpikes, OwnTraces } from "./own_session.ts";

const KINDS: readonly unknown[] = ["raw", "subthresh", "spikes"];

/**
 * Checks a presentation, and counts its spikes if it has any.
 *
 * @param path Name of the presentation in errors.
 * @param cells Number of cells of the session.
 * @throws {TypeError} If a field is missing or of another type.
 * @throws {RangeError} If a field is out of range.
 */
export function checkedPresentation(
  path: string,
  own: OwnPresentation,
  cells: number,
  register: StimulusRegister,
): Presentation {
  checkFields(path, own, ["stimulus", "traces", "spikes"]);
  const { traces, spikes } = own;
  const stimulus = register.checked(`${path}.stimulus`, own.stimulus);
  checkEither(path, ["traces", traces], ["spikes", spikes]);
  const responses = traces === undefined
    ? countsOf(
      `${path}.spikes`,
      spikes as OwnSpikes,
      cells,
      stimulus.durationMs,
    )
    : sampled(`${path}.traces`, traces, cells);
  const tally = { range: 0, step: 0, xcorr: 0, kept: 0 };
  return {
    stimulus,
    ...(spikes !== undefined && { dtMs: spikes.dtMs }),
    read: ({ signal } = {}) => {
      signal?.throwIfAborted();
      return Promise.resolve({ responses, tally });
    },
  };
}

function sampled(
  path: string,
  traces: OwnTraces,
  cells: number,
): (CellResponse | null)[] {
  checkFields(path, traces, ["repeats", "rateHz", "unit", "kind"]);
  const { repeats, rateHz, unit = "mV", kind = "raw" } = traces;
  checkRate(`${path}.rateHz`, rateHz);
  checkText(`${path}.unit`, unit);
  if (!KINDS.includes(kind)) {
    throw fieldError(`${path}.kind`, kind, KINDS.join(", "));
  }
  return perCell(`${path}.repeats`, repeats, cells, (trials, name) => ({
    repeats: trials.map((repeat, at) => samplesOf(`${name}[${at}]`, repeat)),
    rateHz,
    unit,
    kind,
    scale: 1,
  }));
}

function countsOf(
  path: string,
  spikes: OwnSpikes,
  cells: number,
  durationMs: number,
): (CellResponse | null)[] {
  checkFields(path, spikes, ["timesMs", "dtMs", "outside"]);
  const { timesMs, dtMs, outside = "error" } = spikes;
  checkPositive(`${path}.dtMs`, dtMs);
  if (outside !== "error" && outside !== "drop") {
    throw fieldError(`${path}.outside`, outside, "error or drop");
  }
  const bins = Math.max(1, roundHalfEven(durationMs / dtMs));
  return perCell(`${path}.timesMs`, timesMs, cells, (trials, name) => ({
    repeats: trials.map((times, at) => {
      const counts = new Float32Array(bins);
      const place = `${name}[${at}]`;
      for (const [index, time] of numbersOf(place, times).entries()) {
        if (time >= 0 && time < durationMs) {
          const bin = Math.floor(time / dtMs);
          if (bin < bins) counts[bin] = (counts[bin] as number) + 1;
        } else if (outside === "error") {
          const rule = `0 to below ${durationMs}, or outside: "drop"`;
          throw fieldError(`${place}[${index}]`, time, rule);
        }
      }
      return counts;
    }),
    rateHz: 1000 / dtMs,
    dtMs,
    unit: "spikes",
    kind: "spikes",
    scale: 1,
  }));
}

function perCell(
  path: string,
  trials: OwnTraces["repeats"],
  cells: number,
  responseOf: (
    trials: readonly ArrayLike<number>[],
    path: string,
  ) => CellResponse,
): (CellResponse | null)[] {
  checkList(path, trials, "one entry per cell", cells);
  return trials.map((own, cell) => {
    if (own === null) return null;
    const name = `${path}[${cell}]`;
    checkList(name, own, "an array of trials, or null");
    if (own.length > 0) return responseOf(own, name);
    throw fieldError(`${name}.length`, 0, "one trial at least, or null");
  });
}
