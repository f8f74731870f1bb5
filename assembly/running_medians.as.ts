// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/running_medians.wasm.ts. Addresses are in bytes.

const VALUE: usize = 8;
const INDEX: usize = 4;
const CELLS_A_VALUE: usize = 2;
/** Places that the sort may move a value by, on average. */
const MOST_MOVES: usize = 32;

/**
 * Running upper medians: each block of windows is sorted as a whole; after that
 * a window is a set of places, and its median moves to the next one up or down.
 *
 * @param trace `[length + size - 1]`; the medians `[length]` take its place.
 * @param size At least 2.
 * @param block Windows that share a sort.
 * @param work Room for `24 * (block + size) + 8` bytes, on a multiple of 8.
 * @returns False, with the trace overwritten, if values crowd so much in a part of
 * their range that the sort would take long.
 */
export function medians(
  trace: usize,
  size: usize,
  length: usize,
  block: usize,
  work: usize,
): bool {
  const most = block + size - 1;
  const places = work + most * VALUE;
  const order = places + most * INDEX;
  const cells = order + most * INDEX;
  for (let start: usize = 0; start < length; start += block) {
    const windows = min(block, length - start);
    const count = windows + size - 1;
    const from = trace + start * VALUE;
    if (!scatter(from, count, work, places, order, cells)) return false;
    if (!settle(work, order, count)) return false;
    for (let place: usize = 0; place < count; place++) {
      const index = load<u32>(order + place * INDEX);
      store<u32>(places + index * INDEX, <u32>place);
    }
    memory.fill(cells, 0, (count >> 6) * VALUE + VALUE);
    slide(from, size, windows, work, places, cells);
  }
  return true;
}

/** Sorts values by the cell of their range. @returns False if it has no cells. */
function scatter(
  values: usize,
  count: usize,
  sorted: usize,
  cellOf: usize,
  order: usize,
  cells: usize,
): bool {
  const low = least(values, count);
  const range = greatest(values, count) - low;
  const last = CELLS_A_VALUE * count;
  const scale = range > 0 ? <f64>last / range : 0;
  if (!isFinite(scale)) return false;
  memory.fill(cells, 0, (last + 1) * INDEX);
  for (let i: usize = 0; i < count; i++) {
    const cell = <u32>((load<f64>(values + i * VALUE) - low) * scale);
    store<u32>(cellOf + i * INDEX, cell);
    const at = cells + cell * INDEX;
    store<u32>(at, load<u32>(at) + 1);
  }
  firstPlaces(cells, last + 1);
  for (let i: usize = 0; i < count; i++) {
    const at = cells + load<u32>(cellOf + i * INDEX) * INDEX;
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<f64>(sorted + place * VALUE, load<f64>(values + i * VALUE));
    store<u32>(order + place * INDEX, <u32>i);
  }
  return true;
}

/** @param count At least 2. */
function least(values: usize, count: usize): f64 {
  // The last two once more if the count is odd.
  const last = values + (count - 2) * VALUE;
  let low = v128.load(last);
  for (let at = values; at < last; at += 2 * VALUE) {
    low = f64x2.pmin(low, v128.load(at));
  }
  return min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1));
}

/** @param count At least 2. */
function greatest(values: usize, count: usize): f64 {
  const last = values + (count - 2) * VALUE;
  let high = v128.load(last);
  for (let at = values; at < last; at += 2 * VALUE) {
    high = f64x2.pmax(high, v128.load(at));
  }
  return max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1));
}

/** Turns the count of each cell into the place of its first value. */
function firstPlaces(cells: usize, count: usize): void {
  let place: u32 = 0;
  for (const end = cells + count * INDEX; cells < end; cells += INDEX) {
    const there = load<u32>(cells);
    store<u32>(cells, place);
    place += there;
  }
}

/** Sorts the values inside cells, by insertion. */
function settle(sorted: usize, order: usize, count: usize): bool {
  let moves = <isize>(MOST_MOVES * count);
  for (let j: usize = 1; j < count; j++) {
    const value = load<f64>(sorted + j * VALUE);
    if (load<f64>(sorted + (j - 1) * VALUE) <= value) continue;
    const index = load<u32>(order + j * INDEX);
    let k = j;
    do {
      const from = k - 1;
      store<f64>(sorted + k * VALUE, load<f64>(sorted + from * VALUE));
      store<u32>(order + k * INDEX, load<u32>(order + from * INDEX));
      k = from;
    } while (k > 0 && load<f64>(sorted + (k - 1) * VALUE) > value);
    store<f64>(sorted + k * VALUE, value);
    store<u32>(order + k * INDEX, index);
    moves -= <isize>(j - k);
    if (moves < 0) return false;
  }
  return true;
}

/** @param set All bits zero, one a place. */
function slide(
  out: usize,
  size: usize,
  windows: usize,
  sorted: usize,
  places: usize,
  set: usize,
): void {
  let next = places + size * INDEX;
  for (let at = places; at < next; at += INDEX) flip(set, load<u32>(at));
  let median: u32 = 0;
  for (let below = size >> 1; below > 0 || !has(set, median); median++) {
    below -= <usize>has(set, median);
  }
  store<f64>(out, load<f64>(sorted + median * VALUE));
  const end = out + windows * VALUE;
  for (out += VALUE; out < end; out += VALUE) {
    const old = load<u32>(places);
    const value = load<u32>(next);
    flip(set, old);
    flip(set, value);
    median = moved(set, median, <i32>(value < median) - <i32>(old < median));
    store<f64>(out, load<f64>(sorted + median * VALUE));
    places += INDEX;
    next += INDEX;
  }
}

/**
 * The median's new place. Its direction cannot be predicted, so there is no
 * branch on it unless the next place is in another word.
 *
 * @param excess Surplus of places below the median.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function moved(set: usize, median: u32, excess: i32): u32 {
  const word = load<u64>(set + ((median >> 6) << 3));
  const bit = <u64>1 << <u64>(median & 63);
  const before = word & (bit - 1);
  const after = word & -(bit << 1);
  const up = <u32>(excess + <i32>((word & bit) !== 0) <= 0);
  const down = <u32>(excess > 0);
  if (up & <u32>(after === 0)) return placeAfter(set, median >> 6);
  if (down & <u32>(before === 0)) return placeBefore(set, median >> 6);
  const start = median & ~63;
  const higher = start + <u32>ctz(after) - median;
  const lower = start + 63 - <u32>clz(before) - median;
  return median + (higher & -up) + (lower & -down);
}

/** The first place in the set behind a word of it. */
function placeAfter(set: usize, word: u32): u32 {
  let at = set + (word << 3);
  do at += 8; while (load<u64>(at) === 0);
  return <u32>((at - set) << 3) + <u32>ctz(load<u64>(at));
}

/** The last place in the set in front of a word of it. */
function placeBefore(set: usize, word: u32): u32 {
  let at = set + (word << 3);
  do at -= 8; while (load<u64>(at) === 0);
  return <u32>((at - set) << 3) + 63 - <u32>clz(load<u64>(at));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function flip(set: usize, place: u32): void {
  const at = set + ((place >> 6) << 3);
  store<u64>(at, load<u64>(at) ^ (<u64>1 << <u64>(place & 63)));
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function has(set: usize, place: u32): bool {
  const word = load<u64>(set + ((place >> 6) << 3));
  return <bool>((word >> <u64>(place & 63)) & 1);
}
