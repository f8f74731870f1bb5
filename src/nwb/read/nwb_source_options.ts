import type { Limits } from "../../base/limits.ts";
import type { SourceWarning } from "../../sources/shared/warnings.ts";

/** Options for `nwb`. */
export interface NwbSourceOptions {
  /**
   * Tables whose rows are the trials: names in `intervals` or a processing module,
   * or paths. `intracellular_recordings` stands for the sweeps of patch electrodes.
   *
   * @default `trials`, otherwise the only table with a column that names the
   * stimulus, otherwise the sweeps
   */
  readonly intervals?: string | readonly string[];
  /**
   * Column that names the stimulus of a trial; of several, the stimulus is all
   * their values, such as `frequency=4000, level=60`.
   *
   * @default `stimulus`, `stimulus_name`, `stim_id`, `sound` or the like
   */
  readonly stimulusColumn?: string | readonly string[];
  /**
   * Column with the starts of stimuli, in s.
   *
   * @default {"start_time"}
   */
  readonly startColumn?: string;
  /**
   * Column with the ends of trials, in s.
   *
   * @default {"stop_time"}
   */
  readonly stopColumn?: string;
  /**
   * Length of every trial in ms, above 0 to 3,600,000, in place of `stopColumn`.
   *
   * @default the time from start to end of each
   */
  readonly durationMs?: number;
  /**
   * Responses to read: spikes of `units`, or traces of series.
   *
   * @default spikes if the file has units with spike times
   */
  readonly responses?: "spikes" | "traces";
  /**
   * Series of the traces: paths or ends of paths, such as `LFP/ElectricalSeries`.
   * They imply `responses: "traces"`.
   *
   * @default those of patch electrodes, otherwise the only `ElectricalSeries`,
   * otherwise the only `TimeSeries`
   */
  readonly series?: string | readonly string[];
  /**
   * Width of the bins in which spikes are counted in ms, above 0 to 10,000.
   *
   * @default the width that `toNwb` stored, otherwise 5
   */
  readonly dtMs?: number;
  /**
   * Series from which the stimuli are cut: its path or its name in `stimulus`.
   *
   * @default the one that a trial refers to or that has the stimulus's name,
   * otherwise the only one of `stimulus/presentation`
   */
  readonly stimulusSeries?: string;
  /**
   * Stimuli: those that the file holds, or for files without any one band
   * `(1, 1, T)` that is 1 while the stimulus is presented.
   *
   * @default {"series"}
   */
  readonly stimuli?: "presence" | "series";
  /**
   * Whether files share their stimuli: a name stands for the same one in all of
   * them, or for one of its own in each, with the session in its key.
   *
   * @default {"shared"}
   */
  readonly keys?: "session" | "shared";
  /**
   * Memory for spike times in bytes; the session in use is always kept.
   *
   * @default {134_217_728}
   */
  readonly maxCacheBytes?: number;
  /**
   * Most that files may claim before they are refused. A limit that is left out
   * has its default.
   *
   * @default {DEFAULT_LIMITS}
   */
  readonly limits?: Partial<Limits>;
  /** Called once for each thing that is skipped or worth knowing. */
  readonly onWarning?: (warning: SourceWarning) => void;
}
