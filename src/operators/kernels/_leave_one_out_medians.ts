/**
 * For every repeat the sample-wise median of the other ones.
 *
 * One sort per sample gives all of them: leaving a value out shifts the middle
 * by one place at most. Each sort starts from the order of the sample before,
 * which is nearly right already: neighbouring samples rank repeats alike.
 *
 * @param repeats At least two repeats of at least `length` samples.
 * @param length Samples to use of each.
 * @param out What the result is written to, `[R, length]`, row by row.
 * @returns `out`.
 */
export function leaveOneOutMedians(
  repeats: readonly Float64Array[],
  length: number,
  out: Float64Array,
): Float64Array {
  const count = repeats.length;
  const order = Int32Array.from(repeats.keys());
  const sorted = new Float64Array(count);
  // The middle of the others: two places of theirs, or twice the same one.
  const low = (count - 2) >> 1;
  const high = (count - 1) >> 1;
  for (let t = 0; t < length; t++) {
    for (let j = 0; j < count; j++) sorted[j] = repeats[order[j]][t];
    insertionSort(sorted, order);
    for (let i = 0; i < count; i++) {
      const value = repeats[i][t];
      const a = sorted[low] < value ? sorted[low] : sorted[low + 1];
      const b = sorted[high] < value ? sorted[high] : sorted[high + 1];
      out[i * length + t] = (a + b) / 2;
    }
  }
  return out;
}

function insertionSort(values: Float64Array, order: Int32Array): void {
  for (let j = 1; j < values.length; j++) {
    const value = values[j];
    const index = order[j];
    let k = j - 1;
    for (; k >= 0 && values[k] > value; k--) {
      values[k + 1] = values[k];
      order[k + 1] = order[k];
    }
    values[k + 1] = value;
    order[k + 1] = index;
  }
}
