import type { ReaderRun } from "./_wehr_readers.ts";

/** Middle of some numbers; of an even count, the upper one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** Medians of a reader's runs. */
export interface ReaderRow {
  readonly name: string;
  /** Seconds from the call to the result; the peer's include unpacking. */
  readonly seconds: number;
  readonly unpackSeconds: number;
  readonly importSeconds: number;
  readonly firstSession: number;
  readonly cpuSeconds: number;
  readonly peakRss: number;
  readonly trials: number;
}

/** Computes the medians of a reader's runs. */
export function rowOf(name: string, runs: readonly ReaderRun[]): ReaderRow {
  const of = (value: (run: ReaderRun) => number): number =>
    median(runs.map(value));
  const seconds = of(({ figures }) =>
    figures.seconds + (figures.unpackSeconds ?? 0)
  );
  return {
    name,
    seconds,
    unpackSeconds: of(({ figures }) => figures.unpackSeconds ?? 0),
    importSeconds: of(({ figures }) => figures.importSeconds ?? 0),
    firstSession: of(({ figures }) => figures.firstSession ?? seconds),
    cpuSeconds: of(({ figures }) => figures.cpuSeconds),
    peakRss: of(({ peakRss }) => peakRss),
    trials: runs[0]?.figures.trials ?? 0,
  };
}

/** Prints a table of readers. */
export function printRows(rows: readonly ReaderRow[]): void {
  console.log(
    "| reader | wall s | first session s | CPU s | peak RSS MB | ms a trial |",
  );
  console.log("| --- | --- | --- | --- | --- | --- |");
  for (const row of rows) {
    const { name, seconds, firstSession, cpuSeconds, peakRss, trials } = row;
    const cells = [
      name,
      seconds.toFixed(2),
      firstSession.toFixed(2),
      cpuSeconds.toFixed(2),
      (peakRss / 1e6).toFixed(0),
      (1000 * seconds / trials).toFixed(2),
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
}

/** Prints the ratios of one core and all cores to the peer, if there is one. */
export function printRatios(rows: readonly ReaderRow[]): void {
  const other = rows.find(({ name }) => name === "deepSTRF");
  if (!other) return;
  console.log(
    `deepSTRF: ${other.unpackSeconds.toFixed(2)} s of it are unpacking; ` +
      `its import, ${other.importSeconds.toFixed(2)} s, is not in it`,
  );
  for (const { name, seconds, firstSession, peakRss } of rows.slice(0, 2)) {
    const loading = other.seconds - other.unpackSeconds;
    console.log(
      `${name}: ${(other.seconds / seconds).toFixed(2)} times as fast ` +
        `(${(loading / seconds).toFixed(2)} where it need not unpack), ` +
        `first session ${(other.firstSession / firstSession).toFixed(1)} ` +
        `times sooner, memory ${(peakRss / other.peakRss).toFixed(2)} of it`,
    );
  }
}

/** Prints how memory and time grow with the release. */
export function printGrowth(small: ReaderRow, large: ReaderRow): void {
  const perTrial = ({ seconds, trials }: ReaderRow): number => seconds / trials;
  console.log(
    `\nNDJSON, large over small: peak RSS ` +
      `${(large.peakRss / small.peakRss).toFixed(2)}, time a trial ` +
      (perTrial(large) / perTrial(small)).toFixed(2),
  );
}
