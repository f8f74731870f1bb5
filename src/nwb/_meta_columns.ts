import type { MetaValue } from "../session.ts";
import type { Column } from "./_nwb_objects.ts";

/** Names that a table has already. */
const TAKEN = ["id", "name", "description", "columns", "colnames", "meta"];

type Meta = Readonly<Record<string, MetaValue | undefined>>;

/**
 * Columns of metadata: one per key whose values are all numbers or all text, and
 * `meta`, which has every key and value as JSON. A missing number is NaN, missing text is
 * empty.
 */
export function metaColumns(
  metas: readonly Meta[],
  taken: readonly string[] = [],
): Record<string, Column> {
  const keys = [...new Set(metas.flatMap((meta) => Object.keys(meta)))];
  const columns: Record<string, Column> = {};
  for (const key of keys) {
    if (!/^[A-Za-z]\w*$/.test(key)) continue;
    if (TAKEN.includes(key) || taken.includes(key)) continue;
    const values = metas.map((meta) => meta[key] ?? null);
    const column = columnOf(key, values);
    if (column) columns[key] = column;
  }
  columns.meta = {
    description: "all keys and values of the data set's metadata, as JSON",
    // Pairs: NWB's inspector refuses an object in a column.
    values: metas.map((meta) => JSON.stringify(Object.entries(meta))),
  };
  return columns;
}

function columnOf(
  key: string,
  values: readonly MetaValue[],
): Column | undefined {
  const known = values.filter((value) => value !== null);
  const description = `metadata of the data set: ${key}`;
  if (known.length === 0) return undefined;
  if (known.every((value) => typeof value === "number")) {
    return {
      description,
      values: Float64Array.from(values, (value) => Number(value ?? NaN)),
    };
  }
  if (known.every((value) => typeof value === "string")) {
    return { description, values: values.map((value) => String(value ?? "")) };
  }
  return undefined;
}
