import { checkRange } from "../../base/check.ts";

/** Name of a size: 2, 20, 100 or 1000 MB. */
export type SyntheticScale = "tiny" | "small" | "medium" | "large";

const SCALES: Readonly<Record<SyntheticScale, number>> = {
  tiny: 2,
  small: 20,
  medium: 100,
  large: 1000,
};

/**
 * Converts a scale to megabytes.
 *
 * @param act The caller's task, as it completes "Cannot ...".
 * @param scale A name or the size itself.
 * @param least Smallest size in MB.
 * @throws {TypeError} If the name is unknown.
 * @throws {RangeError} If the size is not `least` to 2000.
 */
export function megabytesOf(
  act: string,
  scale: SyntheticScale | number,
  least: number,
): number {
  if (typeof scale === "number") {
    checkRange(act, "scale", scale, least, 2000);
    return scale;
  }
  if (Object.hasOwn(SCALES, scale)) return SCALES[scale];
  throw new TypeError(
    `Cannot ${act}: scale is ${String(scale)}, expected ` +
      `${Object.keys(SCALES).join(", ")} or a number`,
  );
}
