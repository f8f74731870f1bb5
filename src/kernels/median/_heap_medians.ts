import { reflected } from "../common/traces.ts";
import { Scratch } from "../common/scratch.ts";

/**
 * The values of a window as two heaps of fixed size, whose meeting point is the
 * upper median. A value is replaced in its place, found by its slot in the window.
 * In a trace that moves slowly values move few places, so that a step costs far
 * less than its bound of O(log w).
 *
 * One array holds both: places `0 .. below - 1` are the lower half (greatest on
 * top), the rest the upper half (least on top).
 */
export class TwoHeaps {
  // One place more than the window has: an incoming value stands there first.
  readonly #values: Float64Array;
  readonly #slots: Int32Array;
  readonly #places: Int32Array;
  readonly #below: number;

  /** @param window First values, by slot; at least one. */
  constructor(window: Float64Array) {
    const w = window.length;
    this.#below = w >> 1;
    this.#values = new Float64Array(w + 1).fill(window[0] as number);
    this.#slots = new Int32Array(w + 1);
    this.#places = new Int32Array(w);
    for (let slot = 0; slot < w; slot++) {
      this.#slots[slot] = slot;
      this.#places[slot] = slot;
    }
    // Equal values form heaps in any order; the others replace them one by one.
    for (let slot = 1; slot < w; slot++) this.replace(slot, window, slot);
  }

  /** Element `floor(w / 2)` of the sorted window. */
  get upperMedian(): number {
    return this.#values[this.#below] as number;
  }

  /**
   * Replaces the value in a slot by a sample of a trace. (Passed as a number, the
   * value would be an object on the heap: 16 bytes a sample.)
   */
  replace(slot: number, trace: Float64Array, at: number): void {
    const values = this.#values;
    const below = this.#below;
    const incoming = values.length - 1;
    const place = this.#places[slot] as number;
    const value = trace[at] as number;
    values[incoming] = value;
    this.#slots[incoming] = slot;
    if (place >= below) {
      if (below > 0 && value < (values[0] as number)) {
        this.#settleAbove(place, 0);
        this.#settleBelow(0, incoming);
      } else {
        this.#settleAbove(place, incoming);
      }
    } else if (value > (values[below] as number)) {
      this.#settleBelow(place, below);
      this.#settleAbove(below, incoming);
    } else {
      this.#settleBelow(place, incoming);
    }
  }

  #move(from: number, to: number): void {
    const slot = this.#slots[from] as number;
    this.#values[to] = this.#values[from] as number;
    this.#slots[to] = slot;
    this.#places[slot] = to;
  }

  /** Moves a value into the lower half, where a place is free. */
  #settleBelow(place: number, from: number): void {
    const values = this.#values;
    const value = values[from] as number;
    const end = this.#below;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((values[parent] as number) >= value) break;
      this.#move(parent, place);
      place = parent;
    }
    for (let child = 2 * place + 1; child < end; child = 2 * place + 1) {
      if (
        child + 1 < end &&
        (values[child + 1] as number) > (values[child] as number)
      ) child++;
      if ((values[child] as number) <= value) break;
      this.#move(child, place);
      place = child;
    }
    this.#move(from, place);
  }

  /** Moves a value into the upper half, where a place is free. */
  #settleAbove(place: number, from: number): void {
    const values = this.#values;
    const value = values[from] as number;
    const base = this.#below;
    const end = values.length - 1 - base;
    let at = place - base;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((values[base + parent] as number) <= value) break;
      this.#move(base + parent, base + at);
      at = parent;
    }
    for (let child = 2 * at + 1; child < end; child = 2 * at + 1) {
      if (
        child + 1 < end &&
        (values[base + child + 1] as number) < (values[base + child] as number)
      ) {
        child++;
      }
      if ((values[base + child] as number) >= value) break;
      this.#move(base + child, base + at);
      at = child;
    }
    this.#move(from, base + at);
  }
}

const scratch = new Scratch(Float64Array);

/**
 * Running upper medians by two heaps.
 *
 * @param x Trace `[T]`, T at least 1, finite.
 * @param size Window in samples; edges as in `medianFilter`.
 * @param out Filled with the medians `[T]`.
 */
export function heapMedians(
  x: Float64Array,
  size: number,
  out: Float64Array,
): void {
  const before = size >> 1;
  const padded = scratch.take(x.length + size - 1);
  reflected(x, before, size - 1 - before, padded);
  const heaps = new TwoHeaps(padded.subarray(0, size));
  out[0] = heaps.upperMedian;
  let slot = 0;
  for (let i = 1; i < x.length; i++) {
    heaps.replace(slot, padded, i + size - 1);
    if (++slot === size) slot = 0;
    out[i] = heaps.upperMedian;
  }
}
