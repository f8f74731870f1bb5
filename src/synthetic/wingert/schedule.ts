import type { SyntheticRandom } from "../shared/random.ts";

/** Presentation of a stimulus, in s from the start of the recording. */
export type SyntheticWingertPlay = readonly [
  name: string,
  start: number,
  end: number,
];

/** Presentations of a recording, and its table of epochs. */
export interface Schedule {
  readonly played: readonly SyntheticWingertPlay[];
  /** Text of `epoch.csv`. */
  readonly csv: string;
  /** End of the last epoch, in s. */
  readonly end: number;
}

/** Options of {@linkcode scheduled}. */
export interface ScheduleOptions {
  /** Names of the stimuli, in order. */
  readonly order: readonly string[];
  readonly durationS: number;
  /** First seven characters of the file names. */
  readonly prefix: string;
  /** Number of recorded files that were joined. */
  readonly files: number;
  /** Whether the last stimulus was cut short. */
  readonly isInterrupted: boolean;
}

interface Epoch {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const FIRST_START = 1.125;
/** Starts whose product with 100 Hz lies at or next to half a bin. */
const HALF_BINS = [0.125, 0.375, 0.625, 0.875, 0.005, 0.015];
const EDGE_SILENCE = 1;

/** Lays out the epochs of a recording, trial by trial. */
export function scheduled(
  random: SyntheticRandom,
  options: ScheduleOptions,
): Schedule {
  const { order, files, isInterrupted } = options;
  const epochs: Epoch[] = [];
  const perFile = Math.ceil(order.length / files);
  let offset = 0;
  for (let file = 0; file < files; file++) {
    const names = order.slice(file * perFile, (file + 1) * perFile);
    if (names.length === 0) break;
    const isCut = isInterrupted && file === files - 1;
    const local = fileEpochs(random, options, names, file, isCut);
    // Rounded per file before the shift, so that the sums have 16 or 17 digits.
    for (const { name, start, end } of local) {
      epochs.push({ name, start: offset + start, end: offset + end });
    }
    offset += local[0]?.end ?? 0;
  }
  return {
    played: epochs.filter(({ name }) => name.startsWith("STIM_"))
      .map(({ name, start, end }) => [name, start, end]),
    csv: [
      "name,start,end",
      ...epochs.map(({ name, start, end }) =>
        `${name},${pythonFloat(start)},${pythonFloat(end)}`
      ),
      "",
    ].join("\n"),
    end: offset,
  };
}

/** Formats a float of 10^-4 to 10^16 as Python's `repr` does. */
export function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

function fileEpochs(
  random: SyntheticRandom,
  { durationS, prefix }: ScheduleOptions,
  names: readonly string[],
  file: number,
  isCut: boolean,
): Epoch[] {
  const trials: Epoch[] = [];
  let start = FIRST_START;
  let end = 0;
  names.forEach((name, i) => {
    const isLast = i === names.length - 1;
    const length = isLast && isCut ? 0.5617 * durationS : durationS;
    const stimEnd = rounded(start + length);
    end = rounded(stimEnd + random.uniform(0.05, 0.4));
    if (isLast) end = Math.ceil(end * 100) / 100;
    const trial = `BAPHYTRIAL${i + 1}_FILE${file + 1}`;
    trials.push({ name: "TRIAL", start, end }, { name: trial, start, end });
    trials.push(...stimulusEpochs(name, start, stimEnd));
    start = nextStart(random, end, i);
  });
  const whole = { start: FIRST_START, end };
  const parmfile = `FILE_${prefix}0${4 + file}_p_BNT`;
  return [
    { name: "PASSIVE_EXPERIMENT", ...whole },
    { name: parmfile, ...whole },
    ...trials,
  ];
}

function stimulusEpochs(name: string, start: number, end: number): Epoch[] {
  return [
    { name, start, end },
    { name: "REFERENCE", start, end },
    { name: "PreStimSilence", start, end: rounded(start + EDGE_SILENCE) },
    { name: "PostStimSilence", start: rounded(end - EDGE_SILENCE), end },
  ];
}

function nextStart(random: SyntheticRandom, end: number, i: number): number {
  const second = Math.ceil(end);
  return i % 2 === 1
    ? second + random.pick(HALF_BINS)
    : rounded(end + random.uniform(0.01, 1));
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(5));
}
