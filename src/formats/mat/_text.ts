import type { MatBytes } from "./_bytes.ts";
import { type MatCursor, type MatElement, MI } from "./_cursor.ts";
import { textOfUnits } from "./_names.ts";
import { typedNumbers } from "./_numbers.ts";
import { checkRoom, elementCount } from "./_header.ts";
import type { MatChar } from "./value.ts";

/** A character takes four bytes at most, in UTF-8 and in UTF-32. */
const MAX_CHARACTER_BYTES = 4;

/**
 * Reads the content of a text array.
 *
 * @throws {FormatError} If the number of characters is not that of the shape.
 * @throws {LimitError} If it is longer than the limits allow.
 */
export function readText(
  cursor: MatCursor,
  shape: readonly number[],
): MatChar {
  const { source } = cursor;
  const element = cursor.next();
  const count = elementCount(shape);
  checkLength(source, element, count);
  const text = element.length === 0
    ? blanks(source, element.tag, count)
    : decoded(source, element);
  const characters = charactersOf(text, count);
  if (characters === undefined) {
    throw source.malformed(
      `text of shape ${shape.join(" x ")} has ${text.length} characters`,
      element.tag,
    );
  }
  return textArray(source, element.tag, shape, characters);
}

/**
 * Refuses text before it is decoded.
 *
 * @throws {LimitError} If text is longer than the limits allow.
 * @throws {FormatError} If it has more bytes than its characters can take.
 */
function checkLength(
  source: MatBytes,
  { tag, length }: MatElement,
  count: number,
): void {
  if (count > source.limits.textLength) {
    const why = `text claims ${count} characters`;
    throw source.excessive(why, "textLength", tag);
  }
  if (length <= MAX_CHARACTER_BYTES * count) return;
  throw source.malformed(
    `text of ${count} characters has ${length} bytes`,
    tag,
  );
}

/** Text array of characters in column-major order. */
function textArray(
  source: MatBytes,
  position: number,
  shape: readonly number[],
  characters: string | readonly string[],
): MatChar {
  const [height = 0, width = 0, ...pages] = shape;
  const count = elementCount([height, ...pages]);
  if (width === 0) checkRoom(source, position, count, 0, 0);
  const rows: string[] = [];
  for (let page = 0; page < count; page += height) {
    for (let row = page * width; row < page * width + height; row++) {
      rows.push(rowOf(characters, row, height, width));
    }
  }
  return { type: "char", shape, rows };
}

function rowOf(
  characters: string | readonly string[],
  first: number,
  step: number,
  width: number,
): string {
  if (step === 1 && typeof characters === "string") {
    return characters.slice(first, first + width);
  }
  let text = "";
  for (let i = 0; i < width; i++) text += characters[first + step * i] ?? "";
  return text;
}

// Writers other than MATLAB leave out the bytes of blank text, which SciPy, too,
// reads as blanks.
function blanks(source: MatBytes, position: number, count: number): string {
  checkRoom(source, position, count, 0, 0);
  return " ".repeat(count);
}

// MATLAB counts UTF-16 code units, SciPy's writer counts code points.
function charactersOf(
  text: string,
  count: number,
): string | readonly string[] | undefined {
  if (text.length === count) return text;
  if (text.length < count || text.length > 2 * count) return undefined;
  const points = Array.from(text);
  return points.length === count ? points : undefined;
}

function decoded(source: MatBytes, element: MatElement): string {
  const { type, tag, start, length } = element;
  const bytes = source.bytes.subarray(start, start + length);
  switch (type) {
    case MI.int8:
    case MI.uint8:
      return textOfUnits(bytes);
    case MI.uint16:
    case MI.utf16:
      return textOfUnits(typedNumbers(source, element, Uint16Array));
    case MI.utf8:
      // MATLAB and SciPy both show invalid UTF-8 as U+FFFD.
      return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
    case MI.utf32:
      return textOfPoints(source, element);
    default:
      throw source.malformed(`text is of data type ${type}`, tag);
  }
}

function textOfPoints(source: MatBytes, element: MatElement): string {
  let text = "";
  for (const point of typedNumbers(source, element, Uint32Array)) {
    if (point > 0x10ffff) {
      throw source.malformed(
        `${point} is no Unicode code point`,
        element.tag,
      );
    }
    text += String.fromCodePoint(point);
  }
  return text;
}
