import type { CellMeta, ResponseKind, StimMeta } from "../session.ts";

/** Session in plain arrays, for `sessionsFrom`. */
export interface OwnSession {
  /** Name of the session; no other session has it. */
  readonly id: string;
  /** Metadata of its cells; `{}` for a cell of which nothing is known. */
  readonly cells: readonly CellMeta[];
  /** Presentations, one per stimulus. */
  readonly presentations: readonly OwnPresentation[];
}

/** Responses of the cells of a session to one stimulus: traces or spikes. */
export interface OwnPresentation {
  /** Stimulus that was presented. */
  readonly stimulus: OwnStimulus;
  /** Sampled responses. */
  readonly traces?: OwnTraces;
  /** Spike times, to be counted into bins. */
  readonly spikes?: OwnSpikes;
}

/** Stimulus as a waveform or as a spectrogram. */
export interface OwnStimulus {
  /** Name of the stimulus; two sessions that heard the same one share it. */
  readonly key: string;
  /** Sound, such as `readWav` of `rxephys/wav` returns it. */
  readonly waveform?: {
    /** Samples `[n]`. */
    readonly samples: ArrayLike<number>;
    /** Sampling rate in Hz. */
    readonly rateHz: number;
  };
  /** Spectrogram, in place of a waveform. */
  readonly spectrogram?: {
    /** Bands `[F][T]`, the lowest first. */
    readonly bands: readonly ArrayLike<number>[];
    /** Width of a bin in ms. */
    readonly dtMs: number;
    /** Unit of the values, such as `dB`. */
    readonly unit?: string;
  };
  /**
   * How long it was presented, in ms.
   *
   * @default the length of the waveform or spectrogram
   */
  readonly durationMs?: number;
  /** Metadata of the stimulus. */
  readonly meta?: StimMeta;
}

/** Sampled responses to one stimulus. */
export interface OwnTraces {
  /** Samples `[cell][repeat][T]`; null for a cell without a repeat. */
  readonly repeats: readonly (readonly ArrayLike<number>[] | null)[];
  /** Sampling rate in Hz. */
  readonly rateHz: number;
  /**
   * Unit of the samples.
   *
   * @default {"mV"}
   */
  readonly unit?: string;
  /**
   * Kind of the samples; `signal()` derives the other two from `raw`.
   *
   * @default {"raw"}
   */
  readonly kind?: ResponseKind;
}

/** Spike times in response to one stimulus. */
export interface OwnSpikes {
  /**
   * Times in ms from the onset of the stimulus, `[cell][trial][spike]`, in any
   * order; `[]` for a silent trial, null for a cell without a trial.
   */
  readonly timesMs: readonly (readonly ArrayLike<number>[] | null)[];
  /** Width of a bin in ms. */
  readonly dtMs: number;
  /**
   * Spikes before the onset or after the end of the stimulus: an error, or
   * dropped.
   *
   * @default {"error"}
   */
  readonly outside?: "error" | "drop";
}
