/**
 * The first half splits of `count` repeats, in lexicographic order: each is the
 * list of repeats in the first half, the rest are its complement.
 *
 * Every split appears once: `C(count, count / 2) / 2` of them, those whose first
 * half holds repeat 0, or the first `maxSplits`.
 *
 * @param count Repeats, an even number, at least 2.
 * @param maxSplits Most splits to give.
 */
export function* halfSplits(
  count: number,
  maxSplits: number,
): Generator<Int32Array> {
  const size = count / 2;
  let first = Int32Array.from({ length: size }, (_, k) => k);
  for (let given = 0; given < maxSplits && first[0] === 0; given++) {
    yield first;
    let k = size - 1;
    while (k >= 0 && first[k] === count - size + k) k--;
    if (k < 0) return;
    const next = first[k] + 1;
    first = first.map((value, j) => j < k ? value : next + j - k);
  }
}
