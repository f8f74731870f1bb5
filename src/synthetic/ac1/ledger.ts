import type { GateTally } from "../../session.ts";
import type { SyntheticResponse } from "./response.ts";
import type { SyntheticStrf } from "./strf.ts";
import type { SyntheticFault } from "./trace.ts";

/** Kind of record that makes the real release awkward to read. */
export type SyntheticRecordKind =
  | "misspelt-type"
  | "spaced-type"
  | "tuning-curve"
  | "silence"
  | "noise"
  | "no-trigger"
  | "no-description"
  | "unknown-stimulus"
  | "short-trace"
  | "clipped"
  | "stepped"
  | "unrelated"
  | "undecodable"
  | "unusable-session"
  | "no-session"
  | "no-integer-name"
  | "duplicate-stimulus"
  | "back-slashed-path"
  | "suffixed-path"
  | "no-table"
  | "past-table"
  | "other-trigger";

/** Awkward record and its place. */
export interface SyntheticRecord {
  /** Kind of awkwardness. */
  readonly kind: SyntheticRecordKind;
  /** Path inside its zip. */
  readonly member: string;
}

/** Ground truth of a synthetic cell. */
export interface SyntheticCellTruth {
  /** `A1` or `MGB`. */
  readonly site: string;
  /** `whole-cell` or `cell-attached`. */
  readonly recordingType: string;
  /** Band and lag of the receptive field's largest weight, both from 0. */
  readonly strfPeak: readonly [band: number, lag: number];
  /** Field: rows from `firstBand` on, per 5 ms lag; other bands are zero. */
  readonly strf: {
    /** `mV/dB`, or `1/dB`: relative change of the spike rate. */
    readonly unit: "mV/dB" | "1/dB";
    readonly firstBand: number;
    readonly weights: readonly (readonly number[])[];
  };
  /**
   * Of a nonlinear response: one unit of the field's linear response `z` in
   * {@linkcode SyntheticAc1Options.response}, in mV or as a change of the rate.
   */
  readonly deviation?: number;
}

const KIND_OF_FAULT = {
  range: "clipped",
  step: "stepped",
  xcorr: "unrelated",
} as const;

/** Collects the ground truth of a release while it is generated. */
export class SyntheticLedger {
  readonly records: SyntheticRecord[] = [];
  readonly cells: Record<string, SyntheticCellTruth> = {};
  readonly #tally = { range: 0, step: 0, xcorr: 0, kept: 0 };

  /** Counts of repeats, by the gate's verdict. */
  get tally(): GateTally {
    return this.#tally;
  }

  /** Adds an awkward record. */
  record(kind: SyntheticRecordKind, member: string): void {
    this.records.push({ kind, member });
  }

  /** Counts a repeat, and records its fault. */
  repeat(fault: SyntheticFault | undefined, member: string): void {
    this.#tally[fault ?? "kept"]++;
    if (fault) this.record(KIND_OF_FAULT[fault], member);
  }

  /** Adds a cell. */
  cell(
    session: string,
    { site, recordingType }: Pick<
      SyntheticCellTruth,
      "site" | "recordingType"
    >,
    { peak, firstBand, weights, deviation }: SyntheticStrf,
    response: SyntheticResponse,
  ): void {
    this.cells[session] = {
      site,
      recordingType,
      strfPeak: peak,
      strf: {
        unit: recordingType === "whole-cell" ? "mV/dB" : "1/dB",
        firstBand,
        weights,
      },
      ...(response === "nonlinear" && { deviation }),
    };
  }
}
