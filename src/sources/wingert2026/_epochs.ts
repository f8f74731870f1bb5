import type { DataErrorPlace } from "../../errors.ts";
import { DEFAULT_LIMITS, type Limits } from "../../base/limits.ts";
import type { Epoch } from "./_raster.ts";
import { type TableRow, tableRows } from "./_table.ts";

type Column = "name" | "start" | "end";

/**
 * Reads a table of epochs: when each name was on, repeats in the order of rows.
 *
 * Times are read as the nearest double and kept as they are.
 *
 * @param bytes CSV in UTF-8 with the columns `name`, `start` and `end`, in s.
 * @param place Place of the file in errors.
 * @param limits Most that the table may claim.
 * @throws {FormatError} As {@linkcode tableRows} does, or if a time is not
 * finite or an epoch ends before it starts.
 * @throws {LimitError} If it has more rows than the limits allow members.
 */
export async function readEpochs(
  bytes: Uint8Array,
  place: DataErrorPlace,
  limits: Limits = DEFAULT_LIMITS,
): Promise<ReadonlyMap<string, readonly Epoch[]>> {
  const form = {
    act: "read epochs",
    rows: "rows",
    columns: ["name", "start", "end"],
  } as const;
  const epochs = new Map<string, Epoch[]>();
  for await (const row of tableRows<Column>([bytes], form, place, limits)) {
    const epoch = { start: timeOf("start", row), end: timeOf("end", row) };
    if (epoch.end < epoch.start) {
      const { start, end } = epoch;
      throw row.rowError(`end is ${end}, expected ${start} or later`);
    }
    const known = epochs.get(row.text("name"));
    if (known) known.push(epoch);
    else epochs.set(row.text("name"), [epoch]);
  }
  return epochs;
}

function timeOf(column: Column, row: TableRow<Column>): number {
  const value = row.number(column);
  if (!Number.isNaN(value)) return value;
  throw row.fieldError(column, "a number in s");
}
