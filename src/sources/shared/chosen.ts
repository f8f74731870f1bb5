/**
 * What an option picks from a list: one name, several, or `both`.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param name The option's name.
 * @param value The option's value.
 * @param all What there is to pick from.
 * @returns The names picked, in the order of the list.
 * @throws {TypeError} If the value is neither a text nor a list of texts.
 * @throws {RangeError} If it picks nothing, or what is not in the list.
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
