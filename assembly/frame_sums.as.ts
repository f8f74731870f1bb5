// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/frame_sums.wasm.ts. Addresses are in bytes.

/** Frames that go through the tables together, as three pairs. */
const LANES: usize = 6;
const VALUE: usize = 8;
const ROW: usize = LANES * VALUE;

/**
 * Folds six frames about their centre, as `_frame_sums_plain.ts` does.
 *
 * @param frames `[LANES][points]`.
 * @param even Filled with the even parts `[half][LANES]`.
 * @param odd Filled with the odd parts `[half][LANES]`.
 * @returns Whether any bit of any sample is set.
 */
export function fold(
  frames: usize,
  points: usize,
  half: usize,
  even: usize,
  odd: usize,
): bool {
  let bits = i64x2.splat(0);
  for (let pair: usize = 0; pair < LANES; pair += 2) {
    const next = points * VALUE;
    let right = frames + pair * next + (points - half) * VALUE;
    let left = frames + pair * next + (half - 1) * VALUE;
    let at = pair * VALUE;
    for (let m: usize = 0; m < half; m++) {
      const a = v128.load64_lane(right + next, v128.load64_zero(right), 1);
      const b = v128.load64_lane(left + next, v128.load64_zero(left), 1);
      v128.store(even + at, f64x2.add(a, b));
      v128.store(odd + at, f64x2.sub(a, b));
      bits = v128.or(bits, v128.or(a, b));
      right += VALUE;
      left -= VALUE;
      at += ROW;
    }
  }
  return v128.any_true(bits);
}

/**
 * Weighted sums of six frames for every pair of bands. Each sum adds its terms
 * one by one, in order: the same as in `_frame_sums_plain.ts`, bit by bit.
 *
 * @param table Weights `[pairs][half][2]`.
 * @param folded `[half][LANES]`.
 * @param out Filled with `[pairs][2][LANES]`.
 */
export function sums(
  table: usize,
  folded: usize,
  half: usize,
  pairs: usize,
  out: usize,
): void {
  const end = folded + half * ROW;
  for (let pair: usize = 0; pair < pairs; pair++) {
    let p0 = f64x2.splat(0);
    let p1 = p0;
    let p2 = p0;
    let q0 = p0;
    let q1 = p0;
    let q2 = p0;
    let at = folded;
    while (at < end) {
      const p = v128.load64_splat(table);
      const q = v128.load64_splat(table, 8);
      const f0 = v128.load(at);
      const f1 = v128.load(at, 16);
      const f2 = v128.load(at, 32);
      p0 = f64x2.add(p0, f64x2.mul(p, f0));
      p1 = f64x2.add(p1, f64x2.mul(p, f1));
      p2 = f64x2.add(p2, f64x2.mul(p, f2));
      q0 = f64x2.add(q0, f64x2.mul(q, f0));
      q1 = f64x2.add(q1, f64x2.mul(q, f1));
      q2 = f64x2.add(q2, f64x2.mul(q, f2));
      at += ROW;
      table += 16;
    }
    v128.store(out, p0);
    v128.store(out, p1, 16);
    v128.store(out, p2, 32);
    v128.store(out, q0, 48);
    v128.store(out, q1, 64);
    v128.store(out, q2, 80);
    out += 2 * ROW;
  }
}
