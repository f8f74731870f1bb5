import type { CellResponse, GateReason, GateTally } from "../session.ts";

/** Tally of no repeats. */
export const NO_TALLY: GateTally = Object.freeze({
  range: 0,
  step: 0,
  xcorr: 0,
  kept: 0,
});

/** Sum of the gate's tallies of many presentations. */
export class TallySum {
  readonly total: Record<GateReason, number> = { ...NO_TALLY };

  add(tally: GateTally): void {
    for (const reason of Object.keys(tally) as GateReason[]) {
      this.total[reason] += tally[reason];
    }
  }
}

/** Concatenates repeats as float32, in the response's unit. */
export function joinedRepeats({ repeats, scale }: CellResponse): Float32Array {
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  const out = new Float32Array(total);
  let at = 0;
  for (const repeat of repeats) {
    if (scale === 1) out.set(repeat, at);
    else out.set(Float32Array.from(repeat, (step) => step * scale), at);
    at += repeat.length;
  }
  return out;
}
