// AssemblyScript, not TypeScript: `deno task build` compiles it into
// src/kernels/wasm/overlap_save.wasm.ts. Addresses are in bytes.
//
// A transform of `2 * points` complex values, whose real and imaginary parts are
// two real blocks. A first step splits it into the transform of its even
// frequencies and that of its odd ones: the two lanes of all further steps, until
// the last step joins them. The steps between have radix 4 and leave the
// frequencies out of order, which does not matter to a filter.

const VALUE: usize = 8;
const PAIR: usize = 16;
/** A complex value in both lanes: real parts, then imaginary parts. */
const POINT: usize = 32;
/** Three complex factors. */
const FACTORS: usize = 48;

/**
 * Transforms two blocks.
 *
 * @param first One block `[2 * points]`.
 * @param second The other one.
 * @param points A power of 4.
 * @param offset Subtracted from every sample.
 * @param tables Roots of unity `[points][2]`, then the factors of each step,
 * the longest first `[points - 1][2]`.
 * @param data Filled with the spectrum `[points][2][2]`.
 */
export function spectrum(
  first: usize,
  second: usize,
  points: usize,
  offset: f64,
  tables: usize,
  data: usize,
): void {
  split(first, second, points, offset, tables, data);
  forward(data, points, tables + points * PAIR);
}

/**
 * Weights a spectrum and transforms it back.
 *
 * @param data Result of `spectrum`; overwritten.
 * @param offset Added to every sample.
 * @param gains A real gain for each frequency `[points][2]`.
 * @param first Filled with one block `[2 * points]`.
 * @param second Filled with the other one.
 */
export function filtered(
  data: usize,
  points: usize,
  offset: f64,
  tables: usize,
  gains: usize,
  first: usize,
  second: usize,
): void {
  amplify(data, points, gains);
  backward(data, points, tables + (2 * points - 1) * PAIR);
  join(data, points, offset, tables, first, second);
}

/** The first step: sums in the first lane, turned differences in the second. */
function split(
  first: usize,
  second: usize,
  points: usize,
  offset: f64,
  roots: usize,
  data: usize,
): void {
  const half = points * VALUE;
  for (const end = first + half; first < end; first += VALUE) {
    const a = load<f64>(first) - offset;
    const b = load<f64>(first + half) - offset;
    const c = load<f64>(second) - offset;
    const d = load<f64>(second + half) - offset;
    const real = load<f64>(roots);
    const imaginary = load<f64>(roots, 8);
    const e = a - b;
    const f = c - d;
    store<f64>(data, a + b);
    store<f64>(data, e * real - f * imaginary, 8);
    store<f64>(data, c + d, 16);
    store<f64>(data, e * imaginary + f * real, 24);
    second += VALUE;
    roots += PAIR;
    data += POINT;
  }
}

/** The last step, the inverse of `split`. */
function join(
  data: usize,
  points: usize,
  offset: f64,
  roots: usize,
  first: usize,
  second: usize,
): void {
  const half = points * VALUE;
  for (const end = first + half; first < end; first += VALUE) {
    const real = load<f64>(roots);
    const imaginary = load<f64>(roots, 8);
    const e = load<f64>(data, 8);
    const f = load<f64>(data, 24);
    const a = load<f64>(data) + offset;
    const c = load<f64>(data, 16) + offset;
    const b = e * real + f * imaginary;
    const d = f * real - e * imaginary;
    store<f64>(first, a + b);
    store<f64>(first + half, a - b);
    store<f64>(second, c + d);
    store<f64>(second + half, c - d);
    second += VALUE;
    roots += PAIR;
    data += POINT;
  }
}

/** Steps of radix 4, from the longest to the shortest. */
function forward(data: usize, points: usize, factors: usize): void {
  const end = data + points * POINT;
  for (let quarter = points * (POINT / 4); quarter >= POINT; quarter >>= 2) {
    const bytes = (quarter / POINT) * FACTORS;
    for (let group = data; group < end; group += 4 * quarter) {
      let w = factors;
      for (let at = group, last = group + quarter; at < last; at += POINT) {
        apart(at, quarter, w);
        w += FACTORS;
      }
    }
    factors += bytes;
  }
}

/** The inverse of the steps of `forward`, last first. */
function backward(data: usize, points: usize, factorsEnd: usize): void {
  const end = data + points * POINT;
  for (let quarter = POINT; quarter < points * POINT; quarter <<= 2) {
    factorsEnd -= (quarter / POINT) * FACTORS;
    for (let group = data; group < end; group += 4 * quarter) {
      let w = factorsEnd;
      for (let at = group, last = group + quarter; at < last; at += POINT) {
        together(at, quarter, w);
        w += FACTORS;
      }
    }
  }
}

function amplify(data: usize, points: usize, gains: usize): void {
  for (const end = data + points * POINT; data < end; data += POINT) {
    const gain = v128.load(gains);
    v128.store(data, f64x2.mul(v128.load(data), gain));
    v128.store(data, f64x2.mul(v128.load(data, 16), gain), 16);
    gains += PAIR;
  }
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function apart(at: usize, quarter: usize, w: usize): void {
  const at1 = at + quarter;
  const at2 = at1 + quarter;
  const at3 = at2 + quarter;
  const r0 = v128.load(at);
  const i0 = v128.load(at, 16);
  const r1 = v128.load(at1);
  const i1 = v128.load(at1, 16);
  const r2 = v128.load(at2);
  const i2 = v128.load(at2, 16);
  const r3 = v128.load(at3);
  const i3 = v128.load(at3, 16);
  const ar = f64x2.add(r0, r2);
  const ai = f64x2.add(i0, i2);
  const br = f64x2.sub(r0, r2);
  const bi = f64x2.sub(i0, i2);
  const cr = f64x2.add(r1, r3);
  const ci = f64x2.add(i1, i3);
  const dr = f64x2.sub(i1, i3);
  const di = f64x2.sub(r3, r1);
  v128.store(at, f64x2.add(ar, cr));
  v128.store(at, f64x2.add(ai, ci), 16);
  turned(at1, f64x2.add(br, dr), f64x2.add(bi, di), w);
  turned(at2, f64x2.sub(ar, cr), f64x2.sub(ai, ci), w + PAIR);
  turned(at3, f64x2.sub(br, dr), f64x2.sub(bi, di), w + 2 * PAIR);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function turned(at: usize, real: v128, imaginary: v128, w: usize): void {
  const c = v128.load64_splat(w);
  const s = v128.load64_splat(w, 8);
  v128.store(at, f64x2.sub(f64x2.mul(real, c), f64x2.mul(imaginary, s)));
  v128.store(at, f64x2.add(f64x2.mul(real, s), f64x2.mul(imaginary, c)), 16);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function together(at: usize, quarter: usize, w: usize): void {
  const at1 = at + quarter;
  const at2 = at1 + quarter;
  const at3 = at2 + quarter;
  const r0 = v128.load(at);
  const i0 = v128.load(at, 16);
  const r1 = backReal(at1, w);
  const i1 = backImaginary(at1, w);
  const r2 = backReal(at2, w + PAIR);
  const i2 = backImaginary(at2, w + PAIR);
  const r3 = backReal(at3, w + 2 * PAIR);
  const i3 = backImaginary(at3, w + 2 * PAIR);
  const ar = f64x2.add(r0, r2);
  const ai = f64x2.add(i0, i2);
  const br = f64x2.sub(r0, r2);
  const bi = f64x2.sub(i0, i2);
  const cr = f64x2.add(r1, r3);
  const ci = f64x2.add(i1, i3);
  const dr = f64x2.sub(i3, i1);
  const di = f64x2.sub(r1, r3);
  v128.store(at, f64x2.add(ar, cr));
  v128.store(at, f64x2.add(ai, ci), 16);
  v128.store(at1, f64x2.add(br, dr));
  v128.store(at1, f64x2.add(bi, di), 16);
  v128.store(at2, f64x2.sub(ar, cr));
  v128.store(at2, f64x2.sub(ai, ci), 16);
  v128.store(at3, f64x2.sub(br, dr));
  v128.store(at3, f64x2.sub(bi, di), 16);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function backReal(at: usize, w: usize): v128 {
  return f64x2.add(
    f64x2.mul(v128.load(at), v128.load64_splat(w)),
    f64x2.mul(v128.load(at, 16), v128.load64_splat(w, 8)),
  );
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function backImaginary(at: usize, w: usize): v128 {
  return f64x2.sub(
    f64x2.mul(v128.load(at, 16), v128.load64_splat(w)),
    f64x2.mul(v128.load(at), v128.load64_splat(w, 8)),
  );
}
