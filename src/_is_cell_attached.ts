import type { CellMeta } from "./session.ts";

/**
 * Whether a cell was recorded through an electrode attached to it, which sees
 * its spikes and not its membrane potential.
 */
export function isCellAttached({ recordingType }: CellMeta): boolean {
  return (recordingType ?? "").toLowerCase().includes("attached");
}
