/**
 * Names that an option picks from a list: one, several, or `both`.
 *
 * @param act Action that fails, as it completes "Cannot ...".
 * @param name Name of the option.
 * @param value Value of the option.
 * @param all Names to pick from.
 * @returns The names picked, in the order of the list.
 * @throws {TypeError} If the value is neither a text nor a list of texts.
 * @throws {RangeError} If it picks nothing, or a name that is not in the list.
 */
export function chosen<Name extends string>(
  act: string,
  name: string,
  value: Name | "both" | readonly Name[],
  all: readonly Name[],
): Name[] {
  if (value === "both") return [...all];
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  const rule = all.join(", ");
  for (const one of names) {
    if (typeof one !== "string") {
      throw new TypeError(
        `Cannot ${act}: ${name} is ${String(one)}, expected ${rule} or both`,
      );
    }
    if (!all.some((known) => known === one)) {
      throw new RangeError(
        `Cannot ${act}: ${name} is ${one}, expected ${rule} or both`,
      );
    }
  }
  if (names.length === 0) {
    throw new RangeError(
      `Cannot ${act}: ${name} is empty, expected ${rule} or both`,
    );
  }
  return all.filter((known) => names.includes(known));
}
