import type { CellResponse, GateReason, GateTally } from "../session.ts";

/** Sum of the gate's tallies of many presentations. */
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

/** Concatenates repeats as float32, in the response's unit. */
export function joinedRepeats({ repeats, scale }: CellResponse): Float32Array {
  const total = repeats.reduce((sum, { length }) => sum + length, 0);
  const out = new Float32Array(total);
  let at = 0;
  for (const repeat of repeats) {
    if (scale === 1) out.set(repeat, at);
    else {for (let i = 0; i < repeat.length; i++) {
        out[at + i] = repeat[i] * scale;
      }}
    at += repeat.length;
  }
  return out;
}
