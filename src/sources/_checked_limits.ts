import { checkCount } from "../_check.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";

/** Beyond these a claim cannot be met, whatever the memory. */
const GREATEST: Partial<Limits> = {
  // What one buffer holds on every platform.
  memberBytes: 2 ** 31 - 1,
  // zlib's own bound: 258 bytes out of two bits.
  compressionRatio: 1032,
  // Each level is a few calls on the stack.
  nesting: 1000,
};

/**
 * The limits of an option, those that it leaves out as they are by default.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @throws {TypeError} If the option is no object, or a limit no number.
 * @throws {RangeError} If a limit is no whole number from 1 on, is beyond what
 * can be held, or has a name that no limit has.
 */
export function checkedLimits(
  act: string,
  limits: Partial<Limits> = {},
): Limits {
  if (typeof limits !== "object" || limits === null || Array.isArray(limits)) {
    const text = `Cannot ${act}: limits is ${
      String(limits)
    }, expected an object`;
    throw new TypeError(text);
  }
  const checked: Record<string, number> = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) {
      const names = Object.keys(DEFAULT_LIMITS).join(", ");
      throw new RangeError(
        `Cannot ${act}: limits.${name} is no limit, expected ${names}`,
      );
    }
    if (value === undefined) continue;
    const greatest = GREATEST[name as keyof Limits];
    checkCount(act, `limits.${name}`, value, 1, greatest);
    checked[name] = value;
  }
  return checked as unknown as Limits;
}

/** How the message of a {@linkcode LimitError} ends. */
export function limitText(limits: Limits, name: keyof Limits): string {
  return `limits.${name} is ${limits[name]} and can be raised`;
}
