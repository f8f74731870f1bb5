import {
  type DataError,
  FormatError,
  LimitError,
  RecordingError,
  type Session,
} from "rxephys";
import type { Limits } from "../../src/base/limits.ts";
import {
  ASARI_MODEL,
  asariIn,
  type FileModel,
  filesOf,
  type ReleaseModel,
  segmentModel,
  triggerOf,
  vector,
  WEHR_MODEL,
  wehrIn,
  WINGERT_MODEL,
  wingertIn,
} from "../support/release_models.ts";

/** File whose values cannot be a recording, and the error for it. */
export interface Hostile {
  readonly sessions: () => Session[] | Promise<Session[]>;
  readonly error: typeof DataError;
  readonly message: string;
}

const TRIAL = "wehr/Results/20020508-mw-003/1.mat";
const SOUND = "wehr/Stimuli/fragments/1.mat";
const RECORDING = "asari-results-1/20050310-ha1-001/1.mat";
/** Path of the table of epochs. */
export const EPOCHS = "TST001a/P.resp.epoch.csv";
const TRACE = Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9);

function trial(
  { trace = TRACE, scale = 0.01, sf = 4000, time = 1, duration = 2 }: {
    readonly trace?: Int16Array | Float64Array;
    readonly scale?: number;
    readonly sf?: number;
    readonly time?: number;
    readonly duration?: number;
  },
): FileModel {
  return {
    mat: {
      triggers: triggerOf("tick", { time, duration }),
      response: { trace: vector(trace), scale, sf },
    },
  };
}

function wehrWith(file: FileModel): Hostile["sessions"] {
  return () => wehrIn(filesOf({ ...WEHR_MODEL, [TRIAL]: file }));
}

function soundWith(samples: Float64Array, sf: number): Hostile["sessions"] {
  const param = { description: "tick", sf };
  const stimulus = { samples: vector(samples), param };
  return () =>
    wehrIn(filesOf({ ...WEHR_MODEL, [SOUND]: { mat: { stimulus } } }));
}

/** The Asari release with other triggers and a longer trace. */
function asariWith(
  triggers: readonly ReturnType<typeof triggerOf>[],
  changes?: ReleaseModel,
  limits?: Partial<Limits>,
): Hostile["sessions"] {
  const file = ASARI_MODEL[RECORDING] as { mat: Record<string, never> };
  const mat = {
    ...file.mat,
    triggers: { structs: triggers, dims: [1, triggers.length] },
    response: {
      trace: vector(new Int16Array(1_000_000)),
      scale: 0.01,
      sf: 4000,
    },
  };
  return () =>
    asariIn(
      filesOf({ ...ASARI_MODEL, [RECORDING]: { mat }, ...changes }),
      limits,
    );
}

/** A table of equal epochs of one stimulus. */
export function epochsOf(
  count: number,
  [start, end]: readonly [string, string],
): FileModel {
  const rows = Array.from({ length: count }, () => ["STIM_b.wav", start, end]);
  return { csv: [["name", "start", "end"], ...rows] };
}

/** Releases with values that nobody has recorded. */
export const HOSTILE: Readonly<Record<string, Hostile>> = {
  "a response at 1e12 Hz": {
    sessions: wehrWith(trial({ sf: 1e12 })),
    error: RecordingError,
    message: "response.sf is 1000000000000, expected a rate of 100 to " +
      `1000000 Hz (archive "memory", member "${TRIAL}")`,
  },
  "a response at 1 Hz": {
    sessions: wehrWith(trial({ sf: 1 })),
    error: RecordingError,
    message: "response.sf is 1, expected a rate of 100 to 1000000 Hz",
  },
  "a scale of the greatest double": {
    sessions: wehrWith(trial({ scale: Number.MAX_VALUE })),
    error: RecordingError,
    message: "response.scale is 1.7976931348623157e+308, expected mV per " +
      "unit, 1e-9 to 1000000",
  },
  "a scale of 0": {
    sessions: wehrWith(trial({ scale: 0 })),
    error: RecordingError,
    message: "response.scale is 0, expected mV per unit, 1e-9 to 1000000",
  },
  "a trace of +-1.7e308": {
    sessions: wehrWith(trial({ trace: Float64Array.of(1, -1.7e308, 2) })),
    error: RecordingError,
    message: "response.trace(2) is -1.7e+308, expected less than 1000000 mV " +
      "at scale 0.01",
  },
  "integers that a scale turns into kV": {
    sessions: wehrWith(trial({ scale: -1e6 })),
    error: RecordingError,
    message: "response.trace(1) is 1, expected less than 1000000 mV at " +
      "scale -1000000",
  },
  "an onset of 0": {
    sessions: wehrWith(trial({ time: 0 })),
    error: RecordingError,
    message: "triggers.time is 0, expected a sample, from 1",
  },
  "an onset before the trace": {
    sessions: wehrWith(trial({ time: -400 })),
    error: RecordingError,
    message: "triggers.time is -400, expected a sample, from 1",
  },
  "a duration below 0": {
    sessions: wehrWith(trial({ duration: -1 })),
    error: RecordingError,
    message: "triggers.param.duration is -1, expected 0 to 10000000 ms",
  },
  "a duration of years": {
    sessions: wehrWith(trial({ duration: 1e300 })),
    error: RecordingError,
    message: "triggers.param.duration is 1e+300, expected 0 to 10000000 ms",
  },
  "a stimulus at 10 Hz": {
    sessions: soundWith(Float64Array.of(1, 2, 3), 10),
    error: RecordingError,
    message: "stimulus.param.sf is 10, expected a rate of 1000 to 1000000 Hz",
  },
  "a stimulus at 1e9 Hz": {
    sessions: soundWith(Float64Array.of(1, 2, 3), 1e9),
    error: RecordingError,
    message: "stimulus.param.sf is 1000000000, expected a rate of 1000 to " +
      "1000000 Hz",
  },
  "a stimulus of 1e300": {
    sessions: soundWith(Float64Array.of(1, 1e300), 44_100),
    error: RecordingError,
    message: "stimulus.samples(2) is 1e+300, expected a magnitude below " +
      "1000000000",
  },
  "a sequence of 50,000 segments": {
    sessions: asariWith([triggerOf(`Sequence 1: ${"1 ".repeat(50_000)}`)], {
      "asari/Stimuli/class1/1.mat": segmentModel(1500),
    }),
    error: LimitError,
    message: "Cannot splice segments: it claims 600000000 bytes at least: " +
      "limits.readBytes is 268435456 and can be raised",
  },
  "a sequence whose paths have more letters than a text": {
    sessions: asariWith([triggerOf(`Sequence 1: ${"1 ".repeat(100_000)}`)]),
    error: LimitError,
    message: "the paths of sequence 1 have 1300000 characters: " +
      "limits.textLength is 1048576 and can be raised",
  },
  "3,000 triggers over one long trace": {
    sessions: asariWith(
      Array.from(
        { length: 3000 },
        () => triggerOf("Sequence 1: 1", { time: 1, duration: 250_000 }),
      ),
    ),
    error: LimitError,
    message: "Cannot read session 20050310-ha1-001: it claims 107",
  },
  "ten triggers over one long trace": {
    sessions: asariWith(
      Array.from(
        { length: 10 },
        () => triggerOf("Sequence 1: 1", { time: 1, duration: 250_000 }),
      ),
      undefined,
      { readBytes: 2 ** 26 },
    ),
    error: LimitError,
    message: "Cannot read trials: it claims 72000000 bytes at least: " +
      "limits.readBytes is 67108864 and can be raised",
  },
  "epochs x bins x cells": {
    sessions: () =>
      wingertIn(filesOf({
        ...WINGERT_MODEL,
        [EPOCHS]: epochsOf(200_000, ["0.1", "0.2"]),
        "TST001a/P.stim.h5": {
          hdf5: [{
            name: "STIM_b.wav",
            data: new Float64Array(32 * 2000),
            rows: 32,
          }],
        },
      })),
    error: LimitError,
    message: "Cannot read trials: it claims 1600000000 bytes at least: " +
      "limits.readBytes is 268435456 and can be raised " +
      `(archive "memory", member "${EPOCHS}")`,
  },
  "an epoch at 1e300 s": {
    sessions: () =>
      wingertIn(
        filesOf({ ...WINGERT_MODEL, [EPOCHS]: epochsOf(1, ["0", "1e300"]) }),
      ),
    error: FormatError,
    message: 'record 2: end is "1e300", expected a time within 10000000 s',
  },
};
