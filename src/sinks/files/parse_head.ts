import { type DataErrorPlace, FormatError } from "../../errors.ts";
import { type ArrayHead, type RestHead, storedShape } from "./array_record.ts";

/** Most values of an array: JavaScript has no longer ones. */
const MAX_VALUES = 2 ** 31;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a file says of an array, as far as it is used.
 *
 * @param value What JSON gave.
 * @param place Where it stands.
 * @throws {FormatError} If something is missing, or is not what it must be.
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
  return fault === undefined
    ? head as unknown as ArrayHead | RestHead
    : refuse(fault);
}

/** Number of values of an array. */
export function valueCount(head: ArrayHead): number {
  return storedShape(head).reduce((a, b) => a * b, 1);
}

function arrayFault(head: Fields): string | undefined {
  const { type, name, stimulus, cell, shape, lengths, meta } = head;
  if (type !== "stimulus" && type !== "response") return `type is ${type}`;
  if (!isIndex(stimulus)) return `stimulus is ${stimulus}`;
  const expected = type === "stimulus"
    ? `stimuli/${stimulus}`
    : `responses/${stimulus}.${cell}`;
  if (type === "response" && !isIndex(cell)) return `cell is ${cell}`;
  if (name !== expected) return `name is ${name}, expected ${expected}`;
  if (typeof head.key !== "string") return `key is ${head.key}`;
  if (head.dtype !== "float32") return `dtype is ${head.dtype}`;
  if (!isFields(meta)) return `meta is ${meta}`;
  const extent = shape ?? (type === "response" ? lengths : undefined);
  if (!isExtent(extent)) return `shape is ${JSON.stringify(extent)}`;
  const count = valueCount(head as unknown as ArrayHead);
  return count <= MAX_VALUES ? undefined : `shape is ${extent}`;
}

function notesFault({ tally, cells }: Fields): string | undefined {
  const reasons = ["range", "step", "xcorr", "kept"];
  if (tally !== undefined) {
    const isTally = isFields(tally) &&
      reasons.every((key) => isIndex(tally[key]));
    if (!isTally) return `tally is ${JSON.stringify(tally)}`;
  }
  if (cells === undefined) return undefined;
  const isList = Array.isArray(cells) &&
    cells.every((cell) => isIndex(cell?.cell) && isFields(cell?.meta));
  return isList ? undefined : "cells is no list of numbered cells";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isExtent(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(isIndex);
}
