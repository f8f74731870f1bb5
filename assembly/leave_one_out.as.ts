// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/leave_one_out.wasm.ts. Addresses are in bytes.

const VALUE: usize = 8;
const PAIR: usize = 16;
const SUMS: usize = 5 * PAIR;

/**
 * Adds a tile of columns to the sums of `_leave_one_out_plain.ts`, bit by bit the
 * same: even columns in the first lane, odd ones in the second.
 *
 * @param rows First column of the tile in each row, `stride` bytes apart.
 * @param columns Even.
 * @param exchanges Pairs of rows, uint16, that put those in the middle in order.
 * @param sorted Room for `[count][columns]`.
 * @param origins Subtracted from each row and its medians `[count][2]`.
 * @param sums `[count][5][2]`.
 */
export function add(
  rows: usize,
  count: usize,
  stride: usize,
  columns: usize,
  exchanges: usize,
  exchangesEnd: usize,
  sorted: usize,
  origins: usize,
  sums: usize,
): void {
  const bytes = columns * VALUE;
  for (let i: usize = 0; i < count; i++) {
    memory.copy(sorted + i * bytes, rows + i * stride, bytes);
  }
  for (; exchanges < exchangesEnd; exchanges += 4) {
    const a = <usize>load<u16>(exchanges);
    const b = <usize>load<u16>(exchanges, 2);
    exchange(sorted + a * bytes, sorted + b * bytes, bytes);
  }
  const low = sorted + ((count - 2) >> 1) * bytes;
  const high = sorted + ((count - 1) >> 1) * bytes;
  for (let i: usize = 0; i < count; i++) {
    addRow(rows, low, high, bytes, origins, sums);
    rows += stride;
    origins += PAIR;
    sums += SUMS;
  }
}

/** Moves the lesser value of each column to `a`, the greater to `b`. */
function exchange(a: usize, b: usize, bytes: usize): void {
  for (const end = a + bytes; a < end; a += PAIR) {
    const p = v128.load(a);
    const q = v128.load(b);
    v128.store(a, f64x2.pmin(p, q));
    v128.store(b, f64x2.pmax(p, q));
    b += PAIR;
  }
}

function addRow(
  row: usize,
  low: usize,
  high: usize,
  bytes: usize,
  origins: usize,
  sums: usize,
): void {
  const origin = v128.load64_splat(origins);
  const medianOrigin = v128.load64_splat(origins, 8);
  const half = f64x2.splat(0.5);
  let x = v128.load(sums);
  let y = v128.load(sums, 16);
  let xx = v128.load(sums, 32);
  let yy = v128.load(sums, 48);
  let xy = v128.load(sums, 64);
  for (const end = row + bytes; row < end; row += PAIR) {
    const value = v128.load(row);
    const both = f64x2.add(other(low, bytes, value), other(high, bytes, value));
    const dx = f64x2.sub(value, origin);
    const dy = f64x2.sub(f64x2.mul(both, half), medianOrigin);
    x = f64x2.add(x, dx);
    y = f64x2.add(y, dy);
    xx = f64x2.add(xx, f64x2.mul(dx, dx));
    yy = f64x2.add(yy, f64x2.mul(dy, dy));
    xy = f64x2.add(xy, f64x2.mul(dx, dy));
    low += PAIR;
    high += PAIR;
  }
  v128.store(sums, x);
  v128.store(sums, y, 16);
  v128.store(sums, xx, 32);
  v128.store(sums, yy, 48);
  v128.store(sums, xy, 64);
}

/** The value at a place of the sorted column without one value. */
// @ts-ignore: a decorator of AssemblyScript
@inline
function other(place: usize, bytes: usize, value: v128): v128 {
  const here = v128.load(place);
  return v128.bitselect(here, v128.load(place + bytes), f64x2.lt(here, value));
}
