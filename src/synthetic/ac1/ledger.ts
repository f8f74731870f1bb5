import type { GateTally } from "../../session.ts";
import type { SyntheticResponse } from "./response.ts";
import type { SyntheticStrf } from "./strf.ts";
import type { SyntheticFault } from "./trace.ts";

/** A record of a kind that makes the real release awkward to read. */
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

/** Where such a record lies. */
export interface SyntheticRecord {
  readonly kind: SyntheticRecordKind;
  /** Path inside its zip. */
  readonly member: string;
}

/** What is true of a synthetic cell. */
export interface SyntheticCellTruth {
  /** `A1` or `MGB`. */
  readonly site: string;
  /** `whole-cell` or `cell-attached`. */
  readonly recordingType: string;
  /** Band and lag of the receptive field's greatest weight, both from 0. */
  readonly strfPeak: readonly [band: number, lag: number];
  /** The field: rows from `firstBand` on, per 5 ms lag; other bands are zero. */
  readonly strf: {
    /** `mV/dB`, or `1/dB`: relative change of the rate of spikes. */
    readonly unit: "mV/dB" | "1/dB";
    readonly firstBand: number;
    readonly weights: readonly (readonly number[])[];
  };
  /**
   * Where the response is not linear: the unit of the field's own response `z`
   * in {@linkcode SyntheticAc1Options.response}, mV or a change of the rate.
   */
  readonly deviation?: number;
}

const KIND_OF_FAULT = {
  range: "clipped",
  step: "stepped",
  xcorr: "unrelated",
} as const;

/** Notes what is true of a release while it is made. */
export class SyntheticLedger {
  readonly records: SyntheticRecord[] = [];
  readonly cells: Record<string, SyntheticCellTruth> = {};
  readonly #tally = { range: 0, step: 0, xcorr: 0, kept: 0 };

  /** What the gate makes of the repeats. */
  get tally(): GateTally {
    return this.#tally;
  }

  /** Notes an awkward record. */
  record(kind: SyntheticRecordKind, member: string): void {
    this.records.push({ kind, member });
  }

  /** Notes a repeat, and what is wrong with it. */
  repeat(fault: SyntheticFault | undefined, member: string): void {
    this.#tally[fault ?? "kept"]++;
    if (fault) this.record(KIND_OF_FAULT[fault], member);
  }

  /** Notes a cell. */
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
