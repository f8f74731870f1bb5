import type { CellMeta, ResponseKind } from "../../session.ts";

/** What the responses of all cells are, `mixed` where they differ. */
export function signalTypeOf(
  cells: readonly CellMeta[],
): ResponseKind | "mixed" {
  const kinds = new Set(cells.map(({ signalType = "raw" }) => signalType));
  return kinds.size === 1 ? [...kinds][0] : "mixed";
}
