import { type Ac1Timing, playedDescription, playedTiming } from "./_trigger.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import type { Limits } from "../../base/limits.ts";
import { listMatVariables } from "../../formats/mat/mat.ts";
import type { MatVariable } from "../../formats/mat/value.ts";
import {
  firstStruct,
  type MatFields,
  structsOf,
  textOf,
} from "./_mat_fields.ts";
// Upper or lower case, any blanks, anything before and after. Digits that run
// on behind something else ("2, 3") are no list: half of one would be read.
const SEQUENCE = /Sequence\s+\d+\s*:\s*(\d+(?:\s+\d+)*)(?!\S|\s*\d)/i;

/**
 * Rows of the stimulus table that a description such as
 * `Sequence 1: 2  1  3  1  4` lists, counted from 1.
 *
 * @returns Null where it lists none.
 */
export function parseSequence(description: string): number[] | null {
  const match = SEQUENCE.exec(description);
  return match && match[1].split(/\s+/).map(Number);
}

const KEPT_TYPES = ["naturalsound", "natural sound"];

/** Where a recording was made, and how. */
export interface AsariOrigin {
  readonly site: AsariSite;
  /** Such as `whole-cell`; empty where the file does not say. */
  readonly recordingType: string;
}

/** Brain areas of the Asari half. */
export type AsariSite = "A1" | "MGB";

/** What a recording file says of itself. */
export interface AsariParam {
  /** Null where the file does not say. */
  readonly origin: AsariOrigin | null;
  /** The file's own table of segment files, as written; null for an empty row. */
  readonly table: readonly (string | null)[];
}

/** A trigger that played a sequence of segments. */
export interface AsariTrigger extends Ac1Timing {
  /** Its number in the file, from 1. */
  readonly number: number;
  /** Runs of blanks folded. */
  readonly description: string;
  /** Rows of the table, from 1. */
  readonly segments: readonly number[];
}

/** A recording file, its trace still to be inflated. */
export interface AsariFile extends AsariParam {
  readonly triggers: readonly AsariTrigger[];
  readonly response: MatVariable | undefined;
}

/**
 * Reads what a recording file says of itself, and nothing else of it.
 *
 * @returns Null where it has no table of segments.
 * @throws {FormatError} If it cannot be decoded.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function readAsariParam(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
): AsariParam | null {
  return paramOf(named(listMatVariables(file, { ...place, limits }), "param"));
}

/**
 * Reads all of a recording file but its trace.
 *
 * @returns Null where it has no table of segments.
 * @throws {FormatError} If it cannot be decoded.
 * @throws {LimitError} If it claims more than the limits allow.
 * @throws {RecordingError} If onset or duration of a sequence is no number.
 */
export function readAsariFile(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
): AsariFile | null {
  const variables = listMatVariables(file, { ...place, limits });
  const param = paramOf(named(variables, "param"));
  if (param === null) return null;
  const triggers = structsOf(named(variables, "triggers")?.read())
    .flatMap((fields, index) => sequenceOf(fields, index + 1, place));
  return { ...param, triggers, response: named(variables, "response") };
}

function named(
  variables: readonly MatVariable[],
  name: string,
): MatVariable | undefined {
  return variables.find((variable) => variable.name === name);
}

function paramOf(variable: MatVariable | undefined): AsariParam | null {
  const param = firstStruct(variable?.read());
  const rows = structsOf(param?.stimulus).map((row) => textOf(row?.file));
  const table = rows.map((file) => file || null);
  if (table.every((file) => file === null)) return null;
  return { table, origin: workerSourceOf(firstStruct(param?.recording)) };
}

function workerSourceOf(recording: MatFields | null): AsariOrigin | null {
  if (recording === null) return null;
  const site = textOf(recording.site) ?? "";
  const type = textOf(recording.type) ?? "";
  return {
    site: site.toLowerCase().includes("cortex") ? "A1" : "MGB",
    recordingType: type.toLowerCase().replaceAll(" ", "-"),
  };
}

function sequenceOf(
  fields: MatFields | null,
  number: number,
  place: MemberPlace,
): AsariTrigger[] {
  const description = playedDescription(fields, KEPT_TYPES) ?? "";
  const segments = parseSequence(description);
  if (segments === null) return [];
  return [{
    number,
    segments,
    description: description.trim().replace(/\s+/g, " "),
    ...playedTiming(fields, `triggers(${number})`, place),
  }];
}
