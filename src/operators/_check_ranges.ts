import { checkRange } from "../_check.ts";
import type { NormalizeRanges } from "./_normalize_ranges.ts";

/**
 * Refuses ranges that do not fit a method.
 *
 * @throws {TypeError} If they are no ranges.
 * @throws {RangeError} If they are of another method, or one is not finite or
 * upside down.
 */
export function checkRanges(
  method: NormalizeRanges["method"],
  ranges: NormalizeRanges,
): void {
  if (ranges?.method !== method) {
    throw new RangeError(
      `Cannot normalize: ranges.method is ${ranges?.method}, expected ` +
        `${method} as method`,
    );
  }
  if (ranges.method === "global") {
    checkPair("ranges.stimulus", ranges.stimulus);
    checkPair("ranges.response", ranges.response);
    return;
  }
  if (!Array.isArray(ranges.bands)) {
    throw new TypeError(
      `Cannot normalize: ranges.bands is ${ranges.bands}, expected a list`,
    );
  }
  for (const [band, range] of ranges.bands.entries()) {
    checkPair(`ranges.bands[${band}]`, range);
  }
  for (const [neuron, range] of Object.entries(ranges.neurons ?? {})) {
    checkPair(`ranges.neurons["${neuron}"]`, range);
  }
}

function checkPair(name: string, range: unknown): void {
  if (!Array.isArray(range) || range.length !== 2) {
    throw new TypeError(
      `Cannot normalize: ${name} is ${String(range)}, expected [min, max]`,
    );
  }
  const [min, max] = range;
  checkRange("normalize", `${name}[0]`, min, -Number.MAX_VALUE, Infinity);
  checkRange("normalize", `${name}[1]`, max, min, Number.MAX_VALUE);
}
