/**
 * Pairs of places to compare and put in order, one pair after the other, so that
 * the places in the middle hold what they hold in the sorted list: those that
 * `_leave_one_out_medians.ts` takes a median from. Unlike a sort that branches,
 * many lists can go through them at a time.
 *
 * Batcher's merge exchange (Knuth, The Art of Computer Programming 3, 5.2.2,
 * algorithm M), without the pairs that do not reach the middle.
 *
 * @param count Places, at least 2.
 * @returns `[pairs][2]`, the place of the lesser value first.
 */
export function medianExchanges(count: number): Uint16Array {
  const low = (count - 2) >> 1;
  const needed = new Set([low, low + 1, ((count - 1) >> 1) + 1]);
  const kept = mergeExchanges(count).toReversed().filter((pair) => {
    if (!pair.some((place) => needed.has(place))) return false;
    pair.forEach((place) => needed.add(place));
    return true;
  });
  return Uint16Array.from(kept.toReversed().flat());
}

function mergeExchanges(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  const top = 2 ** (Math.ceil(Math.log2(count)) - 1);
  for (let p = top; p > 0; p >>= 1) {
    let [q, r, d] = [top, 0, p];
    while (true) {
      for (let i = 0; i < count - d; i++) {
        if ((i & p) === r) pairs.push([i, i + d]);
      }
      if (q === p) break;
      [q, r, d] = [q >> 1, p, q - p];
    }
  }
  return pairs;
}
