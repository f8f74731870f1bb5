import { type Ac1Timing, playedDescription, playedTiming } from "./_trace.ts";
import type { MemberPlace } from "../../archive/archive.ts";
import type { Budget, Limits } from "../../base/limits.ts";
import { listMatVariables } from "../../formats/mat/mat.ts";
import type { MatVariable } from "../../formats/mat/value.ts";
import {
  firstStruct,
  type MatFields,
  structsOf,
  textOf,
  variableNamed,
} from "./_mat_fields.ts";
import type { SourceWarnings } from "../shared/warnings.ts";

// Any case, any blanks, anything before and after. Digits that go on behind
// something else ("2, 3") are no list: half of one would be read.
const SEQUENCE = /Sequence\s+\d+\s*:\s*(\d+(?:\s+\d+)*)(?!\S|\s*\d)/i;

/**
 * Rows of the stimulus table that a description such as
 * `Sequence 1: 2  1  3  1  4` lists, counted from 1.
 *
 * @returns Null if it lists none.
 */
export function parseSequence(description: string): number[] | null {
  const rows = SEQUENCE.exec(description)?.[1];
  return rows === undefined ? null : rows.split(/\s+/).map(Number);
}

/** Memory of a trigger and its repeat, beside their texts and samples. */
const TRIGGER_BYTES = 1000;

const KEPT_TYPES = ["naturalsound", "natural sound"];

/** Site and kind of a recording. */
export interface AsariOrigin {
  readonly site: AsariSite;
  /** Such as `whole-cell`; empty if the file does not say. */
  readonly recordingType: string;
}

/** Brain areas of the Asari half. */
export type AsariSite = "A1" | "MGB";

/** Parameters that a recording file states. */
export interface AsariParam {
  /** Null if the file does not say. */
  readonly origin: AsariOrigin | null;
  /** Table of segment files, as written; null for an empty row. */
  readonly table: readonly (string | null)[];
}

/** A trigger that played a sequence of segments. */
export interface AsariTrigger extends Ac1Timing {
  /** Number in the file, from 1. */
  readonly number: number;
  /** Runs of blanks folded. */
  readonly description: string;
  /** Rows of the table, from 1. */
  readonly segments: readonly number[];
}

/** Recording file whose trace is still to be inflated. */
export interface AsariFile extends AsariParam {
  readonly triggers: readonly AsariTrigger[];
  readonly response: MatVariable | undefined;
}

/**
 * Reads the parameters of a recording file, and nothing else of it.
 *
 * @returns Null if it has no table of segments.
 * @throws {FormatError} If it cannot be decoded.
 * @throws {LimitError} If it claims more than the limits allow.
 */
export function readAsariParam(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
  warnings: SourceWarnings,
): AsariParam | null {
  const variables = listMatVariables(file, { ...place, limits });
  return paramOf(variableNamed(variables, "param", place, warnings));
}

/**
 * Reads a recording file except its trace.
 *
 * @param budget Claimed for each trigger before its sequence is decoded.
 * @returns Null if it has no table of segments.
 * @throws {FormatError} If it cannot be decoded.
 * @throws {LimitError} If it claims more than the limits allow.
 * @throws {RecordingError} If onset or duration of a sequence is out of range.
 */
export function readAsariFile(
  file: Uint8Array,
  place: MemberPlace,
  limits: Limits,
  budget: Budget,
  warnings: SourceWarnings,
): AsariFile | null {
  const variables = listMatVariables(file, { ...place, limits });
  const named = (name: string): MatVariable | undefined =>
    variableNamed(variables, name, place, warnings);
  const param = paramOf(named("param"));
  if (param === null) return null;
  const triggers = structsOf(named("triggers")?.read())
    .flatMap((fields, index) => sequenceOf(fields, index + 1, place, budget));
  return { ...param, triggers, response: named("response") };
}

function paramOf(variable: MatVariable | undefined): AsariParam | null {
  const param = firstStruct(variable?.read());
  const rows = structsOf(param?.stimulus).map((row) => textOf(row?.file));
  const table = rows.map((file) => file || null);
  if (table.every((file) => file === null)) return null;
  return { table, origin: originOf(firstStruct(param?.recording)) };
}

function originOf(recording: MatFields | null): AsariOrigin | null {
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
  budget: Budget,
): AsariTrigger[] {
  const description = playedDescription(fields, KEPT_TYPES) ?? "";
  // A row is a digit and a blank at least, and becomes a number of 8 bytes.
  budget.take(TRIGGER_BYTES + 6 * description.length, place);
  const segments = parseSequence(description);
  if (segments === null) return [];
  return [{
    number,
    segments,
    description: description.trim().replace(/\s+/g, " "),
    ...playedTiming(fields, `triggers(${number})`, place),
  }];
}
