import { checkOptions, checkRange } from "../../base/check.ts";
import type { Limits } from "../../base/limits.ts";
import { checkSourceOptions } from "../../sources/shared/options.ts";
import type { SourceWarning } from "../../sources/shared/warnings.ts";
import type { NwbSourceOptions } from "./nwb_source_options.ts";

/** Options that determine what is read, with their defaults; JSON. */
export interface CheckedNwbOptions {
  readonly intervals: readonly string[];
  readonly stimulusColumns: readonly string[];
  readonly startColumn: string;
  readonly stopColumn: string;
  readonly durationMs: number | undefined;
  readonly responses: "spikes" | "traces" | undefined;
  readonly series: readonly string[];
  readonly dtMs: number | undefined;
  readonly stimulusSeries: string | undefined;
  readonly stimuli: "presence" | "series";
  readonly keys: "session" | "shared";
  readonly maxCacheBytes: number;
  /** Whether an option says how a file is read that `toNwb` wrote. */
  readonly isChosen: boolean;
}

/** All options of {@linkcode NwbSourceOptions}, checked. */
export interface CheckedNwbSource {
  readonly options: CheckedNwbOptions;
  readonly limits: Limits;
  readonly onWarning: ((warning: SourceWarning) => void) | undefined;
}

const TEXTS = ["startColumn", "stopColumn", "stimulusSeries"] as const;
const LISTS = ["intervals", "stimulusColumn", "series"] as const;
const CHOICES = {
  responses: ["spikes", "traces"],
  stimuli: ["series", "presence"],
  keys: ["shared", "session"],
} as const;
const OWN = ["durationMs", "dtMs"] as const;

/**
 * Checks the options of the source and applies their defaults.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @throws {TypeError} If one is of another type.
 * @throws {RangeError} If one is out of range, or does not exist.
 */
export function checkedNwbSource(
  act: string,
  given: NwbSourceOptions,
): CheckedNwbSource {
  checkOptions<NwbSourceOptions>(act, given, [
    ...["maxCacheBytes", "limits", "onWarning"] as const,
    ...["responses", "stimuli", "keys"] as const,
    ...TEXTS,
    ...LISTS,
    ...OWN,
  ]);
  for (const name of TEXTS) {
    if (given[name] !== undefined) checkText(act, name, given[name]);
  }
  for (const name of ["responses", "stimuli", "keys"] as const) {
    checkChoice(act, name, given[name]);
  }
  const { durationMs, dtMs, stimulusSeries } = given;
  const least = Number.MIN_VALUE;
  checkRange(act, "durationMs", durationMs ?? 1, least, 3_600_000);
  checkRange(act, "dtMs", dtMs ?? 1, least, 10_000);
  const { maxCacheBytes, limits, onWarning } = checkSourceOptions(act, {
    ...(given.maxCacheBytes !== undefined &&
      { maxCacheBytes: given.maxCacheBytes }),
    ...(given.limits !== undefined && { limits: given.limits }),
    ...(given.onWarning !== undefined && { onWarning: given.onWarning }),
  });
  const series = listOf(act, "series", given.series);
  if (series.length > 0 && given.responses === "spikes") {
    throw new RangeError(
      `Cannot ${act}: series and responses "spikes" are given, expected one ` +
        "of them",
    );
  }
  const { stimuli = "series", keys = "shared" } = given;
  const kept: readonly string[] = ["maxCacheBytes", "limits", "onWarning"];
  return {
    limits,
    onWarning,
    options: {
      intervals: listOf(act, "intervals", given.intervals),
      stimulusColumns: listOf(act, "stimulusColumn", given.stimulusColumn),
      startColumn: given.startColumn ?? "start_time",
      stopColumn: given.stopColumn ?? "stop_time",
      durationMs,
      responses: series.length > 0 ? "traces" : given.responses,
      series,
      dtMs,
      stimulusSeries,
      stimuli,
      keys,
      maxCacheBytes,
      isChosen: Object.entries(given).some(([name, value]) =>
        value !== undefined && !kept.includes(name)
      ),
    },
  };
}

function checkText(act: string, name: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  const shown = value === "" ? "empty" : String(value);
  throw new TypeError(
    `Cannot ${act}: ${name} is ${shown}, expected a text that is not empty`,
  );
}

function listOf(
  act: string,
  name: string,
  value: string | readonly string[] | undefined,
): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0) {
    throw new RangeError(`Cannot ${act}: ${name} is empty, expected a name`);
  }
  for (const one of list) checkText(act, name, one);
  return list as readonly string[];
}

function checkChoice(
  act: string,
  name: keyof typeof CHOICES,
  value: unknown,
): void {
  const choices: readonly unknown[] = CHOICES[name];
  if (value === undefined || choices.includes(value)) return;
  throw new RangeError(
    `Cannot ${act}: ${name} is ${String(value)}, expected ${
      choices.join(" or ")
    }`,
  );
}
