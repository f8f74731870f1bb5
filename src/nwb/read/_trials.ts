import type { StimMeta } from "../../session.ts";
import type { SeriesRange } from "./_series.ts";

/** One repeat of a stimulus. */
export interface Trial {
  /** Start in s. */
  readonly startS: number;
  /** End in s. */
  readonly stopS: number;
  /** Series of responses that the file itself refers to. */
  readonly responses: readonly SeriesRange[];
  /** Series of the stimulus that the file itself refers to. */
  readonly stimulus?: SeriesRange;
  /** Values of the trial's columns. */
  readonly meta: StimMeta;
}

/** A trial of a stimulus. */
export interface KeyedTrial extends Trial {
  readonly key: string;
}

/** All trials of one stimulus. */
export interface Heard {
  /** Key in the stream. */
  readonly key: string;
  /** Name in the file. */
  readonly name: string;
  readonly durationMs: number;
  readonly meta: StimMeta;
  readonly trials: readonly Trial[];
}

/** Groups trials by stimulus, first heard first. */
export function heardOf(trials: readonly KeyedTrial[]): Heard[] {
  return Array.from(
    Map.groupBy(trials, ({ key }) => key),
    ([key, own]) => {
      const durationMs = medianMs(own);
      const meta = { ...common(own), name: key, durationS: durationMs / 1000 };
      return { key, name: key, durationMs, meta, trials: own };
    },
  );
}

/** Values that all trials share. */
function common(trials: readonly Trial[]): StimMeta {
  const [first, ...others] = trials;
  return Object.fromEntries(
    Object.entries(first?.meta ?? {}).filter(([name, value]) =>
      others.every(({ meta }) => meta[name] === value)
    ),
  );
}

/** Median length, without the rounding of times in s. */
function medianMs(trials: readonly Trial[]): number {
  const lengths = trials.map(({ startS, stopS }) => stopS - startS)
    .sort((a, b) => a - b);
  const median = lengths[(lengths.length - 1) >> 1] ?? 0;
  return Math.round(median * 1e9) / 1e6;
}
