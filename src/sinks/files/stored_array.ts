import type { ReadOptions } from "../../session.ts";
import {
  type ArrayHead,
  type ArrayRecord,
  type RestHead,
  storedShape,
} from "./array_record.ts";
import { type DataErrorPlace, FormatError, LimitError } from "../../errors.ts";

/** Most values of an array: JavaScript has no longer ones. */
const MAX_VALUES = 2 ** 31;

/**
 * What a file says of an array, as far as it is used.
 *
 * @param value What JSON gave.
 * @param place Where it stands.
 * @throws {FormatError} If something is missing, or is not what it must be.
 * @throws {LimitError} If it is longer than an array can be.
 */
export function parseHead(
  value: unknown,
  place: DataErrorPlace,
): ArrayHead | RestHead {
  const refuse = (why: string): never => {
    throw new FormatError(`Cannot read arrays: ${why}`, place);
  };
  const head = isFields(value) ? value : refuse("a head is no object");
  const fault = notesFault(head) ??
    (head.type === "rest" ? undefined : arrayFault(head));
  if (fault !== undefined) return refuse(fault);
  const known = head as unknown as ArrayHead | RestHead;
  if (known.type !== "rest") checkClaim(known, place);
  return known;
}

function checkClaim(head: ArrayHead, place: DataErrorPlace): void {
  // An axis of length 0 hides how long the others are.
  const claimed = storedShape(head).reduce((a, b) => a * Math.max(1, b), 1);
  if (claimed <= MAX_VALUES) return;
  throw new LimitError(
    `Cannot read arrays: one claims ${claimed} values, at most ${MAX_VALUES} ` +
      "are read",
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
    cells.every((cell) => isIndex(cell?.cell) && isFields(cell?.meta));
  return isList ? undefined : "cells is no list of numbered cells";
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isExtent(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isIndex);
}

/** A value in an error; of an object, which may be as deep as it likes, none. */
function shown(value: unknown): string {
  return typeof value === "object" ? "an object" : String(value).slice(0, 80);
}

/** What an object of JSON is until its entries are looked at. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An array of a file, or what no array was left to tell. */
export type Stored = ArrayRecord | { readonly head: RestHead };

/**
 * Reads the arrays of a file one after the other, a stimulus before the
 * responses to it.
 *
 * @throws {DataError} If the file is cut short or damaged.
 */
export type ArrayReader = (
  path: string,
  options?: ReadOptions,
) => AsyncGenerator<Stored>;
