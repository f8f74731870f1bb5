/**
 * Kaiser window with beta 10.5, which keeps the side lobes of a filter 104 dB
 * down: `0.1102 * (104 - 8.7)` (Kaiser 1974).
 *
 * @param at Place, 0 at the centre, 1 at the edge.
 * @returns 1 at the centre; 0 beyond the edge.
 */
export function kaiser(at: number): number {
  const rest = 1 - at * at;
  // The edge counts as inside, however its place was rounded.
  if (rest < -1e-12) return 0;
  return besselI0(BETA * Math.sqrt(Math.max(0, rest))) / PEAK;
}

const BETA = 0.1102 * (104 - 8.7);
const PEAK = besselI0(BETA);

/** Modified Bessel function of order 0: its power series, to the last bit. */
function besselI0(x: number): number {
  const quarter = x * x / 4;
  let term = 1;
  let sum = 1;
  for (let k = 1; term > Number.EPSILON * sum; k++) {
    term *= quarter / (k * k);
    sum += term;
  }
  return sum;
}

/** Middle of the edge from 0.95 to 1, in parts of the lower Nyquist. */
const MIDDLE = (0.95 + 1) / 2;
/** Samples of the slower rate on a side: the window is 104 dB down within it. */
const REACH = 136;
/** Entries of a table at most: 16 MB. */
const MOST_ENTRIES = 2 ** 21;
/** Phases between two samples of the slower rate where they are interpolated. */
const FINE_PHASES = 4096;

/**
 * A windowed sinc sampled between two input samples, a row per phase.
 *
 * Row `p` holds the weights of the input samples around an output that lies
 * `p / phases` behind input sample `i`: those of `i - half + 1` to `i + half`.
 * Each row sums to 1, so that a constant stays one.
 */
export class SincPhases {
  /** Input samples on each side, an even number. */
  readonly half: number;
  readonly #rows: (Float64Array | undefined)[];
  readonly #reach: number;
  readonly #cutoff: number;

  /**
   * @param phases Rows; one more is the first, a sample later.
   * @param shrink Input samples in a sample of the slower rate, at least 1.
   */
  constructor(readonly phases: number, readonly shrink: number) {
    this.#reach = REACH * shrink;
    this.#cutoff = MIDDLE / shrink;
    this.half = halfOf(shrink);
    this.#rows = new Array(phases + 1);
  }

  /** Weights `[2 half]` of a phase, 0 to `phases`, computed at the first use. */
  row(phase: number): Float64Array {
    return this.#rows[phase] ??= this.#made(phase / this.phases);
  }

  #made(fraction: number): Float64Array {
    const weights = new Float64Array(2 * this.half);
    let sum = 0;
    for (let k = 0; k < weights.length; k++) {
      const at = fraction + this.half - 1 - k;
      weights[k] = sinc(this.#cutoff * at) * kaiser(at / this.#reach);
      sum += weights[k] as number;
    }
    for (let k = 0; k < weights.length; k++) {
      weights[k] = (weights[k] as number) / sum;
    }
    return weights;
  }
}

let last: SincPhases | undefined;

/** The last phases are cached: the stimuli of a data set share a rate. */
export function sincPhases(phases: number, shrink: number): SincPhases {
  if (last?.phases !== phases || last.shrink !== shrink) {
    last = new SincPhases(phases, shrink);
  }
  return last;
}

/** Most phases of a table that holds every phase exactly. */
export function mostPhases(shrink: number): number {
  return Math.floor(MOST_ENTRIES / (2 * halfOf(shrink)));
}

/**
 * Phases of a table between which outputs are interpolated: a line through two
 * neighbours is off by `(pi / 4096)^2 / 8` at most, 7.4e-8.
 */
export function finePhases(shrink: number): number {
  return Math.ceil(FINE_PHASES / shrink);
}

function halfOf(shrink: number): number {
  return 2 * Math.ceil((Math.ceil(REACH * shrink) + 1) / 2);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
