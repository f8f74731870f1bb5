import { checkRange } from "../../base/check.ts";

/** Names of usual sizes: 2, 20, 100 and 1000 MB. */
export type SyntheticScale = "tiny" | "small" | "medium" | "large";

const SCALES: Readonly<Record<SyntheticScale, number>> = {
  tiny: 2,
  small: 20,
  medium: 100,
  large: 1000,
};

/**
 * Size in MB that a scale names.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param scale A name or the size itself.
 * @param least Least size in MB.
 * @throws {TypeError} If it is another name.
 * @throws {RangeError} If it is not `least` to 2000.
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
