import type { DataSetName } from "../recipe/data_set.ts";
import type {
  CellMeta,
  GateReason,
  GateTally,
  ResponseKind,
  StimMeta,
} from "../session.ts";
import type { Tensor } from "../tensor.ts";
import type { Settings } from "./settings.ts";

/** Data that the page opens: an address, or files that were picked. */
export type OpenedData = string | readonly File[];

/** A session in the list. */
export interface SessionEntry {
  readonly id: string;
  readonly cells: readonly CellMeta[];
}

/** A stimulus in the list. */
export interface StimulusEntry {
  readonly key: string;
  readonly meta: StimMeta;
  readonly durationMs: number;
}

/** Response that the page shows, and how. */
export interface ViewRequest {
  /** Index of the session. */
  readonly session: number;
  /** Index of the cell in its session. */
  readonly cell: number;
  /** Index of the stimulus in the session's list. */
  readonly stimulus: number;
  /** Index of the repeat whose trace is drawn. */
  readonly repeat: number;
  readonly settings: Settings;
}

/** One repeat before it is binned. */
export interface Trace {
  /** As recorded, mV. */
  readonly raw: Float64Array;
  /** After `detrend()`, mV. */
  readonly detrended: Float64Array;
  readonly rateHz: number;
  readonly repeat: number;
}

/** Quality of the repeats that are left; NaN where it is not defined. */
export interface ViewQuality {
  readonly snr: number;
  readonly ccmax: number;
}

/** All that the pictures of a response show. */
export interface View {
  readonly request: ViewRequest;
  /** Spectrogram `(1, F, T)`. */
  readonly stimulus: Tensor;
  /** Repeats `[T]` that the gate kept. */
  readonly repeats: readonly Float32Array[];
  /** Their mean `[T]`; empty if the gate kept none. */
  readonly psth: Float64Array;
  readonly kind: ResponseKind;
  readonly unit: string;
  readonly dtMs: number;
  /** Verdict on each recorded repeat; empty if the data set is published gated. */
  readonly verdicts: readonly GateReason[];
  readonly tally: GateTally;
  readonly quality: ViewQuality;
  /** Null if the data set is published binned. */
  readonly trace: Trace | null;
  /** Time that the worker took, in ms. */
  readonly tookMs: number;
}

/** A warning of the source. */
export interface WarningEntry {
  readonly kind: string;
  readonly message: string;
  readonly count: number;
}

/** Kind of a failure, by what a user can do. */
export type FailureKind = "wrong" | "damaged" | "network" | "other";

/** Message to the worker. */
export type ToWorker =
  | { readonly type: "open"; readonly data: OpenedData }
  | { readonly type: "session"; readonly session: number }
  | { readonly type: "view"; readonly request: ViewRequest };

/** Message from the worker. */
export type FromWorker =
  | {
    readonly type: "opened";
    readonly dataSet: DataSetName;
    readonly title: string;
    readonly sessions: readonly SessionEntry[];
  }
  | {
    readonly type: "stimuli";
    readonly session: number;
    readonly stimuli: readonly StimulusEntry[];
  }
  | { readonly type: "view"; readonly view: View }
  | { readonly type: "empty"; readonly request: ViewRequest }
  | { readonly type: "warning"; readonly warning: WarningEntry }
  | {
    readonly type: "failure";
    readonly kind: FailureKind;
    readonly message: string;
    /** Whether nothing of the data can be shown. */
    readonly isFatal: boolean;
  };
