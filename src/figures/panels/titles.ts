import type { CellMeta, StimMeta } from "../../session.ts";

/** Name of a stimulus, of what its data set says about it. */
export function stimTitle(meta: StimMeta | undefined): string {
  const { name, description, sequence, category, idx } = meta ?? {};
  const parts = [
    ...[name, description ?? sequence].filter((text) => text !== undefined),
  ];
  if (parts.length > 0) return parts.join(", ");
  return [category, idx].filter((part) => part !== undefined).join(" ");
}

/** Name of a cell; undefined if its metadata hold none. */
export function nameOf(meta: CellMeta | undefined): string | undefined {
  return meta?.cellId ?? meta?.session;
}

/** Name of a cell, with its area and kind of recording. */
export function cellTitle(meta: CellMeta | undefined): string {
  const { area, recordingType } = meta ?? {};
  return [nameOf(meta), area, recordingType].filter(Boolean).join(", ");
}

/** Title of a figure: the one given, else the names of its parts. */
export function titleOf(
  given: string | undefined,
  ...parts: readonly string[]
): string {
  return given ?? parts.filter((part) => part !== "").join(" \u00b7 ");
}
