import type { Session } from "rxephys";
import { withLineage } from "../../../src/stream/lineage.ts";
import { readySession } from "./ready_session.ts";
import { whole } from "./traces.ts";

/** Random sessions; the parts of one session share a block. */
export interface RandomStream {
  readonly blocks: Session[][];
  /** Whether repeats end before their stimulus. */
  readonly isRagged: boolean;
}

/**
 * Two to five sessions with 1 to 3 cells and shared stimuli, in random order. Half
 * of the streams have a table of cells; some split each session into two parts.
 */
export function randomStream(random: () => number): RandomStream {
  const hasTable = random() < 0.5;
  const isRagged = random() < 0.3;
  const hasParts = random() < 0.3;
  let number = 0;
  const blocks = Array.from({ length: whole(random, 2, 5) }, (_, i) => {
    const session = randomSession(`s${i % 4}`, random, isRagged);
    if (!hasTable) return hasParts ? inParts(session) : [session];
    const cells = session.cells
      .map((cell) => ({ ...cell, signalType: "subthresh" as const }));
    const cellNumbers = cells.map(() => number++).reverse();
    const listed = withLineage({ ...session, cells }, { cellNumbers });
    return hasParts ? inParts(listed) : [listed];
  });
  return { blocks: blocks.sort(() => random() - 0.5), isRagged };
}

function randomSession(
  id: string,
  random: () => number,
  isRagged: boolean,
): Session {
  const cells = whole(random, 1, 3);
  const stimuli = [..."abcdef"].map((key, i) => ({ key, bins: 3 + i % 3 }));
  const heard = stimuli.filter(() => random() < 0.6).map(({ key, bins }) => {
    const length = isRagged ? whole(random, 1, bins) : bins;
    const repeat = (): number[] => Array.from({ length }, () => random());
    const repeats = Array.from({ length: cells }, () => {
      const count = whole(random, 0, 3);
      return count === 0 ? null : Array.from({ length: count }, repeat);
    });
    const range = whole(random, 0, 2);
    return { key, bins, repeats, tally: { range, step: 0, xcorr: 1, kept: 2 } };
  });
  return readySession(id, cells, heard);
}

/** Splits a session into two parts with the same cells. */
function inParts(session: Session): Session[] {
  const part = (from: number, to?: number): Session =>
    withLineage({
      ...session,
      presentations: async (options) =>
        (await session.presentations(options)).slice(from, to),
    }, { partOf: session });
  return [part(0, 1), part(1)];
}
