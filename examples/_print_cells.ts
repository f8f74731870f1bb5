import type { CellMeta } from "rxephys";

/** Prints a summary of the cell list, a row per area. */
export function printCells(cells: readonly CellMeta[]): void {
  const layers = [...new Set(cells.map(({ layer }) => String(layer)))].sort();
  const byArea = Map.groupBy(cells, ({ area }) => String(area ?? "none"));
  const rows = [...byArea].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([area, own]) => [
      area,
      own.length,
      new Set(own.map(({ site }) => site)).size,
      ...layers.map((name) => countOf(own, "layer", name)),
      countOf(own, "narrow", "true"),
      medianOf(own, "sw"),
      countOf(own, "goodpred", "true"),
    ]);
  const header = ["area", "cells", "sites"].concat(
    layers.map((name) => `layer ${name === "null" ? "?" : name}`),
    ["narrow", "width/ms", "goodpred"],
  );
  for (const row of [header, ...rows]) {
    const [first = "", ...others] = row.map(String);
    console.log(
      "  " + first.padEnd(5) +
        others
          .map((text, i) => text.padStart((header[i + 1]?.length ?? 0) + 2))
          .join(""),
    );
  }
}

function countOf(
  cells: readonly CellMeta[],
  key: string,
  value: string,
): number {
  return cells.filter((cell) => String(cell[key]) === value).length;
}

function medianOf(cells: readonly CellMeta[], key: string): string {
  const values = cells.map((cell) => cell[key])
    .filter((value) => typeof value === "number").sort((a, b) => a - b);
  if (values.length === 0) return "-";
  const half = (values.length - 1) / 2;
  return (((values[Math.floor(half)] as number) +
    (values[Math.ceil(half)] as number)) / 2).toFixed(2);
}
