import type { GateReason, GateTally } from "../session.ts";

/** Sums the gate's tallies of many presentations. */
export class TallySum {
  readonly total: Record<GateReason, number> = {
    range: 0,
    step: 0,
    xcorr: 0,
    kept: 0,
  };

  add(tally: GateTally): void {
    for (const reason of Object.keys(tally) as GateReason[]) {
      this.total[reason] += tally[reason];
    }
  }
}
