import { type MatCursor, MI } from "./_cursor.ts";

// More arguments to one call overflow the stack.
const MAX_ARGUMENTS = 8192;

/** Text of UTF-16 code units, or of Latin-1 bytes. */
export function textOfUnits(units: Uint8Array | Uint16Array): string {
  let text = "";
  for (let start = 0; start < units.length; start += MAX_ARGUMENTS) {
    const part = units.subarray(start, start + MAX_ARGUMENTS);
    text += String.fromCharCode(...part);
  }
  return text;
}

/**
 * Bytes of the next element, which must be a name.
 *
 * @throws {FormatError} If it is no name, or is marked UTF-8 and not ASCII.
 * @throws {LimitError} If it is longer than the limits allow.
 */
export function nameBytes(cursor: MatCursor): Uint8Array {
  const { source } = cursor;
  const { type, tag, start, length } = cursor.next();
  if (length > source.limits.textLength) {
    const why = `a name has ${length} bytes`;
    throw source.excessive(why, "textLength", tag);
  }
  const bytes = source.bytes.subarray(start, start + length);
  if (type !== MI.int8 && type !== MI.utf8) {
    throw source.malformed(
      `a name is of data type ${type}, expected ${MI.int8}`,
      tag,
    );
  }
  if (type === MI.utf8 && bytes.some((byte) => byte > 127)) {
    throw source.malformed("a name marked UTF-8 is not ASCII", tag);
  }
  return bytes;
}

/**
 * Names of a struct's fields. A repeated name is numbered as SciPy does, since
 * MATLAB itself has written such files.
 *
 * @throws {FormatError} If a name is not UTF-8, or is then still there twice.
 */
export function fieldNames(cursor: MatCursor): readonly string[] {
  const { source } = cursor;
  const tag = cursor.position;
  const width = slotWidth(cursor);
  const bytes = nameBytes(cursor);
  if (bytes.length === 0) return [];
  if (!(width > 0) || bytes.length % width !== 0) {
    throw source.malformed(
      `${bytes.length} bytes of field names in slots of ${width}`,
      tag,
    );
  }
  const names = numbered(
    slots(
      bytes,
      width,
      () => source.malformed("a field name is not UTF-8", tag),
    ),
  );
  if (new Set(names).size !== names.length) {
    throw source.malformed("two fields have the same name", tag);
  }
  return names;
}

function slotWidth(cursor: MatCursor): number {
  const { type, tag, start, length } = cursor.next();
  if (type !== MI.int32 || length !== 4) {
    throw cursor.source.malformed(
      "the length of the field names is no 32-bit number",
      tag,
    );
  }
  return cursor.source.int32(start);
}

function slots(
  bytes: Uint8Array,
  width: number,
  refusal: () => Error,
): string[] {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  for (let start = 0; start < bytes.length; start += width) {
    const slot = bytes.subarray(start, start + width);
    const end = slot.indexOf(0);
    try {
      names.push(decoder.decode(end < 0 ? slot : slot.subarray(0, end)));
    } catch {
      throw refusal();
    }
  }
  return names;
}

function numbered(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return names.map((name) => {
    const times = counts.get(name) ?? 0;
    counts.set(name, times + 1);
    return times === 0 ? name : `_${times}_${name}`;
  });
}
