// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/ranges.wasm.ts. Addresses are in bytes, counts are multiples of
// four float32 values.

const GROUP: usize = 16;
/** Bits of 1, and of the square root of 1/2. */
const ONE_BITS: i64 = 0x3ff0000000000000;
const ROOT_BITS: i64 = 0x3fe6a09e667f3bcd;
/** A double of these bits plus an integer is this number plus the integer. */
const COUNTER_BITS: i64 = 0x4338000000000000;
const COUNTER: f64 = 6755399441055744.0;
/** The bits of a double that a float32 lacks: their mask, and half of it. */
const REST: i32 = 0x1fffffff;
const HALF: i32 = 0x10000000;
/** More than the errors of `logarithm` and `Math.log`, in units of the last bit. */
const ERROR: i32 = 0x8000;

/** Extends `[min, max]` of four lanes each at `range`; NaN changes nothing. */
export function extend(values: usize, count: usize, range: usize): void {
  let min = v128.load(range);
  let max = v128.load(range + GROUP);
  const end = values + count * 4;
  for (let at = values; at < end; at += GROUP) {
    const value = v128.load(at);
    min = f32x4.pmin(min, value);
    max = f32x4.pmax(max, value);
  }
  v128.store(range, min);
  v128.store(range + GROUP, max);
}

/** Replaces each value by `(value - min) / width`, and by 0 below `least`. */
export function scale(
  values: usize,
  count: usize,
  min: f32,
  width: f32,
  least: f32,
): void {
  const end = values + count * 4;
  for (let at = values; at < end; at += GROUP) {
    v128.store(at, scaled(v128.load(at), min, width, least));
  }
}

/**
 * As `scale`, of `log(10 value + 1)` in float32.
 *
 * @param out Filled with the results.
 * @param unsure Filled with the index of each group of four values of which one
 * has no logarithm, or one that may round to either of two float32.
 * @returns Number of those groups; their results are to be replaced.
 */
export function logScale(
  values: usize,
  count: usize,
  min: f32,
  width: f32,
  least: f32,
  out: usize,
  unsure: usize,
): usize {
  let found: usize = 0;
  for (let group: usize = 0; group < count / 4; group++) {
    const value = v128.load(values + group * GROUP);
    const a = logarithm(value);
    const b = logarithm(v128.shuffle<f32>(value, value, 2, 3, 2, 3));
    const rest = v128.and(
      v128.shuffle<i32>(a, b, 0, 2, 4, 6),
      i32x4.splat(REST),
    );
    const toHalf = i32x4.abs(i32x4.sub(rest, i32x4.splat(HALF)));
    const sure = v128.and(
      i32x4.gt_s(toHalf, i32x4.splat(ERROR)),
      v128.and(
        f32x4.gt(value, f32x4.splat(-0.1)),
        f32x4.lt(value, f32x4.splat(f32.MAX_VALUE)),
      ),
    );
    const log = v128.shuffle<f32>(
      f32x4.demote_f64x2_zero(a),
      f32x4.demote_f64x2_zero(b),
      0,
      1,
      4,
      5,
    );
    if (!i32x4.all_true(sure)) {
      store<u32>(unsure + found * 4, group as u32);
      found++;
    }
    v128.store(out + group * GROUP, scaled(log, min, width, least));
  }
  return found;
}

@inline
function scaled(value: v128, min: f32, width: f32, least: f32): v128 {
  const out = f32x4.div(f32x4.sub(value, f32x4.splat(min)), f32x4.splat(width));
  return v128.andnot(out, f32x4.lt(out, f32x4.splat(least)));
}

/**
 * `log(10 value + 1)` of the first two values in float64, to 2e-12 of itself: the
 * logarithm of `2^k m` is `k log 2 + log m` with m from sqrt(1/2) to sqrt(2), and
 * `log m = 2 atanh(s)` with `s = (m - 1) / (m + 1)`, by the series to `s^13`.
 */
@inline
function logarithm(values: v128): v128 {
  const one = f64x2.splat(1);
  const value = f64x2.add(
    f64x2.mul(f64x2.promote_low_f32x4(values), f64x2.splat(10)),
    one,
  );
  const k = i64x2.shr_u(i64x2.add(value, i64x2.splat(ONE_BITS - ROOT_BITS)), 52);
  const m = i64x2.add(
    i64x2.sub(value, i64x2.shl(k, 52)),
    i64x2.splat(ONE_BITS),
  );
  const power = f64x2.sub(
    i64x2.add(k, i64x2.splat(COUNTER_BITS)),
    f64x2.splat(COUNTER + 1023),
  );
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const s2 = f64x2.mul(s, s);
  const s4 = f64x2.mul(s2, s2);
  // In pairs, which the processor computes side by side.
  const first = added(one, s2, f64x2.splat(1.0 / 3));
  const second = added(f64x2.splat(1.0 / 5), s2, f64x2.splat(1.0 / 7));
  const third = added(f64x2.splat(1.0 / 9), s2, f64x2.splat(1.0 / 11));
  const last = added(third, s4, f64x2.splat(1.0 / 13));
  const series = added(first, s4, added(second, s4, last));
  return added(
    f64x2.mul(power, f64x2.splat(0.6931471805599453)),
    f64x2.add(s, s),
    series,
  );
}

/** `a + b c`. */
@inline
function added(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(a, f64x2.mul(b, c));
}
