/**
 * Kind of a warning of a source.
 *
 * - `undecodable`: a file is not as its format demands; it is skipped.
 * - `unknown-stimulus`: a trial or epoch names a stimulus that the release does
 *   not hold; it is skipped.
 * - `duplicate-stimulus`: two stimulus files have the same description; the
 *   first is used.
 * - `unknown-segment`: a trigger names a row that its recording's table of
 *   segments does not have; the trigger is skipped.
 * - `missing-segment`: a segment file is not in the release; the stimulus is
 *   skipped.
 * - `unlike-recordings`: a file of a session names another site or recording
 *   type than the session's first; the first counts, nothing is skipped.
 * - `mixed-signals`: the stream holds membrane potentials and spike rates, which
 *   have different units; nothing is skipped.
 * - `duplicate-recording`: a recording is dropped because another one has its
 *   session.
 * - `empty-recording`: a recording lists no cells; it is skipped.
 * - `mixed-sessions`: a recording lists cells of several sessions; the first
 *   cell's session counts, nothing is skipped.
 * - `missing-cell`: the recording of a cell does not list it; the cell has no
 *   responses.
 * - `unusual-length`: a stimulus has another number of bins than the others of
 *   the data set; nothing is skipped.
 * - `unusable-trial`: trials of an NWB file have no stimulus or no end, or lie in
 *   invalid times; they are skipped.
 * - `unusable-repeat`: a series of an NWB file does not cover a trial, or has
 *   values that are no numbers; the repeat is skipped.
 */
export type WarningKind =
  | "undecodable"
  | "unknown-stimulus"
  | "duplicate-stimulus"
  | "unknown-segment"
  | "missing-segment"
  | "unlike-recordings"
  | "mixed-signals"
  | "duplicate-recording"
  | "empty-recording"
  | "mixed-sessions"
  | "missing-cell"
  | "unusual-length"
  | "unusable-trial"
  | "unusable-repeat"
  | "duplicate-variable"
  | "duplicate-folder";

/** Warning of a source in a worker, forwarded to the thread that counts it. */
export interface RelayedWarning {
  readonly kind: WarningKind;
  /** Archive and the member in it. */
  readonly place: { readonly archive: string; readonly member: string };
  readonly message: string;
  /** Which of several things in the member; the member itself if not given. */
  readonly item?: string;
  /** Error behind the warning. */
  readonly cause?: unknown;
}

/** Takes a warning to the thread that counts it. */
export type Relay = (warning: RelayedWarning) => void;
