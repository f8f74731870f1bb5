import type { CellResponse, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";

/**
 * Facts by which a reader makes the same responses again, bit for bit: groups of
 * cells and the facts that they share.
 */
export function responseFacts(
  responses: readonly (CellResponse | null)[],
): string {
  const groups = new Map<string, number[]>();
  for (const [cell, response] of responses.entries()) {
    if (response === null) continue;
    const { kind, rateHz, scale, dtMs, unit, detrended } = response;
    const facts = JSON.stringify(
      pairs({ kind, rateHz, scale, dtMs, unit, detrended }),
    );
    const group = groups.get(facts);
    if (group) group.push(cell);
    else groups.set(facts, [cell]);
  }
  return JSON.stringify(
    Array.from(groups, ([facts, cells]) => [cells, JSON.parse(facts)]),
  );
}

/**
 * Facts by which a reader makes the same stimulus again, bit for bit.
 *
 * @param bands Table of the bands' frequencies.
 */
export function stimulusFacts(
  durationMs: number,
  read: Waveform | Tensor,
  bands: string | undefined,
): string {
  if ("samples" in read) {
    const { rateHz, aliases } = read;
    return JSON.stringify(pairs({ durationMs, rateHz, aliases }));
  }
  const { dtMs, unit, samplesPerBin, bandRangeHz } = read;
  return JSON.stringify(
    pairs({ durationMs, dtMs, unit, samplesPerBin, bandRangeHz, bands }),
  );
}

/** Fields as pairs: NWB's inspector refuses an object in a column. */
function pairs(facts: object): unknown[] {
  return Object.entries(facts).filter(([, fact]) => fact !== undefined)
    .map(([name, fact]) => [
      name,
      isFields(fact) ? pairs(fact) : fact,
    ]);
}

function isFields(fact: unknown): fact is object {
  return typeof fact === "object" && fact !== null && !Array.isArray(fact);
}
