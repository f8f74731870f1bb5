// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/running_medians.wasm.ts. Addresses are in bytes.

const VALUE: usize = 8;
const INDEX: usize = 4;
const CELLS_A_VALUE: usize = 2;
/** Places that the median's next one is sought among at a time. */
const GROUP: usize = 16;
/** Distance from a block's mean up to which it is sorted, in mean distances. */
const REACH: f64 = 2;
/** A double of this size counts by ones. */
const WHOLE: f64 = 4503599627370496;
/** Byte of a place in the set: `bitmask` sees its first bit. */
const IN: u8 = 0xff;
/** Places that the sort may move a value by, on average. */
const MOST_MOVES: usize = 32;

/**
 * Running upper medians: a block of windows is sorted at a time; after that a
 * window is a set of places, and its median moves to the next one up or down.
 *
 * @param trace `[length + size - 1]`; the medians `[length]` take its place.
 * @param size At least 2.
 * @param block Windows that share a sort.
 * @param work Room for `24 * (block + size) + 40` bytes, on a multiple of 8.
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
    if (
      !blockMedians(from, size, windows, false, work, places, order, cells) &&
      !blockMedians(from, size, windows, true, work, places, order, cells)
    ) return false;
  }
  return true;
}

/**
 * Medians of a block, in place of its values.
 *
 * @param all False to leave values far from the mean unsorted: few medians are so
 * far, and spikes and artefacts would make the cells of the other values wide.
 * @returns False, with the values as before, if a median is so far or the sort
 * would take long.
 */
function blockMedians(
  values: usize,
  size: usize,
  windows: usize,
  all: bool,
  sorted: usize,
  places: usize,
  order: usize,
  cells: usize,
): bool {
  const count = windows + size - 1;
  const centre = mean(values, count);
  const reach = REACH * meanDistance(values, count, centre);
  const low = all ? -greatest(values, count, -1) : centre - reach;
  const high = all ? greatest(values, count, 1) : centre + reach;
  if (!scatter(values, count, low, high, sorted, places, order, cells)) {
    return false;
  }
  // The scatter leaves the end of each cell.
  const last = cells + (CELLS_A_VALUE * count - 1) * INDEX;
  const first = all ? 0 : <usize>load<u32>(cells);
  const end = all ? count : <usize>load<u32>(last);
  if (first === end || !settle(sorted, order, first, end)) return false;
  if (slide(values, size, windows, first, end, sorted, places, order, cells)) {
    return true;
  }
  for (let place: usize = 0; place < count; place++) {
    const index = load<u32>(order + place * INDEX);
    store<f64>(values + index * VALUE, load<f64>(sorted + place * VALUE));
  }
  return false;
}

/** Mean of every eighth value. */
function mean(values: usize, count: usize): f64 {
  let sum: f64 = 0;
  for (let i: usize = 0; i < count; i += 8) {
    sum += load<f64>(values + i * VALUE);
  }
  return sum / <f64>((count + 7) / 8);
}

/** Mean of the distances from a value; an odd count leaves the last one out. */
function meanDistance(values: usize, count: usize, from: f64): f64 {
  const origin = f64x2.splat(from);
  let sum = f64x2.splat(0);
  const end = values + (count & ~1) * VALUE;
  for (let at = values; at < end; at += 2 * VALUE) {
    sum = f64x2.add(sum, f64x2.abs(f64x2.sub(v128.load(at), origin)));
  }
  return (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) /
    <f64>count;
}

/** Sorts values by cell, those beyond the range too. @returns False without cells. */
function scatter(
  values: usize,
  count: usize,
  low: f64,
  high: f64,
  sorted: usize,
  cellOf: usize,
  order: usize,
  cells: usize,
): bool {
  const range = high - low;
  const last = CELLS_A_VALUE * count;
  const scale = range > 0 ? <f64>last / range : 0;
  if (!isFinite(scale) || !isFinite(low)) return false;
  memory.fill(cells, 0, (last + 1) * INDEX);
  const end = cellOf + (count & ~1) * INDEX;
  let value = values;
  let at = cellOf;
  for (; at < end; at += 2 * INDEX) {
    const pair = cellsOf(v128.load(value), low, scale, <f64>last);
    v128.store64_lane(at, pair, 0);
    increase(cells, i32x4.extract_lane(pair, 0));
    increase(cells, i32x4.extract_lane(pair, 1));
    value += 2 * VALUE;
  }
  if (count & 1) {
    const pair = cellsOf(v128.load64_splat(value), low, scale, <f64>last);
    v128.store32_lane(at, pair, 0);
    increase(cells, i32x4.extract_lane(pair, 0));
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

/** Cells of two values, in the first two lanes. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function cellsOf(values: v128, low: f64, scale: f64, last: f64): v128 {
  const above = f64x2.sub(values, f64x2.splat(low));
  const cell = f64x2.mul(above, f64x2.splat(scale));
  const least = f64x2.pmax(cell, f64x2.splat(0));
  const within = f64x2.pmin(least, f64x2.splat(last));
  // The sum's last bits are the nearest whole number.
  const whole = f64x2.add(within, f64x2.splat(WHOLE));
  return i32x4.shuffle(whole, whole, 0, 2, 0, 2);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function increase(cells: usize, cell: u32): void {
  const at = cells + cell * INDEX;
  store<u32>(at, load<u32>(at) + 1);
}

/** The greatest value, or the least one's negative. */
function greatest(values: usize, count: usize, sign: f64): f64 {
  let high = sign * load<f64>(values);
  for (const end = values + count * VALUE; values < end; values += VALUE) {
    high = max(high, sign * load<f64>(values));
  }
  return high;
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

/** Sorts the values inside cells, from one cell's first place, by insertion. */
function settle(sorted: usize, order: usize, first: usize, end: usize): bool {
  let moves = <isize>(MOST_MOVES * (end - first));
  for (let j = first + 1; j < end; j++) {
    const value = load<f64>(sorted + j * VALUE);
    if (load<f64>(sorted + (j - 1) * VALUE) <= value) continue;
    const index = load<u32>(order + j * INDEX);
    let k = j;
    do {
      const from = k - 1;
      store<f64>(sorted + k * VALUE, load<f64>(sorted + from * VALUE));
      store<u32>(order + k * INDEX, load<u32>(order + from * INDEX));
      k = from;
    } while (k > first && load<f64>(sorted + (k - 1) * VALUE) > value);
    store<f64>(sorted + k * VALUE, value);
    store<u32>(order + k * INDEX, index);
    moves -= <isize>(j - k);
    if (moves < 0) return false;
  }
  return true;
}

/**
 * Writes the medians of windows over their values.
 *
 * @returns Whether the places of all medians lie from `first` to `end`.
 */
function slide(
  out: usize,
  size: usize,
  windows: usize,
  first: usize,
  end: usize,
  sorted: usize,
  places: usize,
  order: usize,
  cells: usize,
): bool {
  // A byte a place, with a group more on either side.
  const set = cells + GROUP;
  const count = windows + size - 1;
  memory.fill(cells, 0, count + 2 * GROUP);
  for (let place: usize = 0; place < count; place++) {
    const index = load<u32>(order + place * INDEX);
    store<u32>(places + index * INDEX, <u32>(set + place));
  }
  let next = places + size * INDEX;
  for (let at = places; at < next; at += INDEX) store<u8>(load<u32>(at), IN);
  let median = set;
  for (let below = size >> 1; below > 0 || !load<u8>(median); median++) {
    below -= <usize>(load<u8>(median) !== 0);
  }
  store<f64>(out, load<f64>(sorted + (median - set) * VALUE));
  let lowest = median;
  let highest = median;
  const outEnd = out + windows * VALUE;
  for (out += VALUE; out < outEnd; out += VALUE) {
    const old = <usize>load<u32>(places);
    const value = <usize>load<u32>(next);
    store<u8>(old, 0);
    store<u8>(value, IN);
    median = moved(median, <i32>(value < median) - <i32>(old < median));
    lowest = min(lowest, median);
    highest = max(highest, median);
    store<f64>(out, load<f64>(sorted + (median - set) * VALUE));
    places += INDEX;
    next += INDEX;
  }
  return <bool>(u32(lowest >= set + first) & u32(highest < set + end));
}

/**
 * The median's new place. Its direction cannot be predicted, so there is no
 * branch on it unless the next place is far.
 *
 * @param excess Surplus of places below the median.
 */
// @ts-ignore: a decorator of AssemblyScript
@inline
function moved(median: usize, excess: i32): usize {
  const after = i8x16.bitmask(v128.load(median, 1));
  const before = i8x16.bitmask(v128.load(median - GROUP));
  const up = <u32>(excess + <i32>(load<u8>(median) !== 0) <= 0);
  const down = <u32>(excess > 0);
  if (up & <u32>(after === 0)) return placeAfter(median);
  if (down & <u32>(before === 0)) return placeBefore(median);
  const higher = 1 + <u32>ctz(after);
  const lower = 15 - <u32>clz(before);
  return median + (higher & -up) + (lower & -down);
}

/** The first place in the set beyond the group behind a place. */
function placeAfter(place: usize): usize {
  let at = place + 1 + GROUP;
  while (!v128.any_true(v128.load(at))) at += GROUP;
  return at + ctz(i8x16.bitmask(v128.load(at)));
}

/** The last place in the set before the group in front of a place. */
function placeBefore(place: usize): usize {
  let at = place - 2 * GROUP;
  while (!v128.any_true(v128.load(at))) at -= GROUP;
  return at + 31 - clz(i8x16.bitmask(v128.load(at)));
}
