import type { GateReason, GateTally } from "../session.ts";

/** Tally of no repeats. */
export const NO_TALLY: GateTally = Object.freeze({
  range: 0,
  step: 0,
  xcorr: 0,
  kept: 0,
});

/** Number of repeats that the gate dropped. */
export function droppedOf({ range, step, xcorr }: GateTally): number {
  return range + step + xcorr;
}

/** Sum of the gate's tallies of many presentations. */
export class TallySum {
  readonly total: Record<GateReason, number> = { ...NO_TALLY };

  add(tally: GateTally): void {
    for (const reason of Object.keys(tally) as GateReason[]) {
      this.total[reason] += tally[reason];
    }
  }
}
