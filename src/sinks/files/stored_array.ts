import type { ReadOptions } from "../../session.ts";
import { type Limits, limitText } from "../../base/limits.ts";
import { fieldFault, type Fields, isFields, metaFault } from "./head_fields.ts";
import {
  type ArrayHead,
  type ArrayRecord,
  type RestHead,
  storedShape,
} from "./array_record.ts";
import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";

/**
 * Checks the head of an array.
 *
 * @param value Parsed JSON.
 * @param place Place named in errors.
 * @param limits Most that the array may claim.
 * @throws {FormatError} If a field is missing or invalid.
 * @throws {LimitError} If the array is too long.
 */
export function parseHead(
  value: unknown,
  place: DataErrorPlace,
  limits: Limits,
): ArrayHead | RestHead {
  const refuse = (why: string): never => {
    throw new FormatError(`Cannot read arrays: ${why}`, place);
  };
  const head = isFields(value) ? value : refuse("a head is no object");
  const fault = notesFault(head) ??
    (head.type === "rest" ? undefined : arrayFault(head) ?? fieldFault(head));
  if (fault !== undefined) return refuse(fault);
  const known = head as unknown as ArrayHead | RestHead;
  if (known.type !== "rest") checkClaim(known, place, limits);
  return known;
}

function checkClaim(
  head: ArrayHead,
  place: DataErrorPlace,
  limits: Limits,
): void {
  // An axis of length 0 would hide the length of the others.
  const claimed = storedShape(head).reduce((a, b) => a * Math.max(1, b), 1);
  if (claimed <= limits.arrayElements) return;
  throw new LimitError(
    `Cannot read arrays: one claims ${claimed} values: ` +
      limitText(limits, "arrayElements"),
    place,
  );
}

/** Number of values of an array. */
export function valueCount(head: ArrayHead): number {
  return storedShape(head).reduce((a, b) => a * b, 1);
}

function arrayFault(head: Fields): string | undefined {
  const { type, name, stimulus, cell, shape, lengths, meta } = head;
  if (type !== "stimulus" && type !== "response") {
    return `type is ${shown(type)}`;
  }
  if (!isIndex(stimulus)) return `stimulus is ${shown(stimulus)}`;
  if (type === "response" && !isIndex(cell)) return `cell is ${shown(cell)}`;
  const expected = type === "stimulus"
    ? `stimuli/${stimulus}`
    : `responses/${stimulus}.${cell}`;
  if (name !== expected) return `name is ${shown(name)}, expected ${expected}`;
  if (typeof head.key !== "string") return `key is ${shown(head.key)}`;
  if (head.dtype !== "float32") return `dtype is ${shown(head.dtype)}`;
  if (!isFields(meta)) return `meta is ${shown(meta)}`;
  const extent = shape ?? (type === "response" ? lengths : undefined);
  return isExtent(extent) ? undefined : "its shape is no list of lengths";
}

function notesFault({ tally, cells }: Fields): string | undefined {
  const reasons = ["range", "step", "xcorr", "kept"];
  if (tally !== undefined) {
    const isTally = isFields(tally) &&
      reasons.every((key) => isIndex(tally[key]));
    if (!isTally) return "tally is no count of repeats";
  }
  if (cells === undefined) return undefined;
  const isList = Array.isArray(cells) &&
    cells.every((cell) =>
      isIndex(cell?.cell) && isFields(cell?.meta) &&
      isTextIfThere(cell.session)
    );
  if (!isList) return "cells is no list of numbered cells";
  return cells.map(({ meta }) => metaFault(meta)).find((fault) => fault);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTextIfThere(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function isExtent(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isIndex);
}

/** Text of a value in an error; objects are not printed, however deep they are. */
function shown(value: unknown): string {
  return typeof value === "object" ? "an object" : String(value).slice(0, 80);
}

/** Array of a file, or the notes after the last one. */
export type Stored = ArrayRecord | { readonly head: RestHead };

/** Options of an {@linkcode ArrayReader}. */
export interface ArrayReadOptions extends ReadOptions {
  /** Most that the file may claim. */
  readonly limits: Limits;
}

/**
 * Reads the arrays of a file one by one, each stimulus before its responses.
 *
 * @throws {DataError} If the file is truncated or damaged.
 */
export type ArrayReader = (
  path: string,
  options: ArrayReadOptions,
) => AsyncGenerator<Stored>;

/** Open file of arrays, any of which can be read at any time. */
export interface StoredArrays extends Disposable {
  /** Number of arrays, and of notes after the last one. */
  readonly count: number;
  /**
   * Reads the array at a place, in the order in which they were written.
   *
   * @throws {DataError} If it is damaged, or there is none.
   */
  read(index: number, options?: ReadOptions): Promise<Stored>;
}

/**
 * Opens a file of arrays. Reads where each of them lies, and none of them.
 *
 * @throws {DataError} If the file is truncated or damaged.
 */
export type ArraysOpener = (
  path: string,
  options: ArrayReadOptions,
) => Promise<StoredArrays>;
