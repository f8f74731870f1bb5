/**
 * The values of a window as two heaps of fixed size, whose meeting point is the
 * upper median. A value is replaced where it stands, by its slot in the window:
 * for a trace that moves slowly few places are left, so that a step costs far
 * less than its bound of O(log w).
 *
 * One array holds both: places `0 .. below - 1` are the lower half (greatest on
 * top), the rest the upper half (least on top).
 */
export class TwoHeaps {
  readonly #values: Float64Array;
  readonly #slots: Int32Array;
  readonly #places: Int32Array;
  readonly #below: number;

  /** @param window First values, by slot; at least one. */
  constructor(window: Float64Array) {
    const w = window.length;
    const below = w >> 1;
    this.#below = below;
    this.#slots = Int32Array.from(window.keys()).sort((a, b) =>
      window[a] - window[b]
    );
    // A sorted array is a heap: of the lower half, read backwards.
    this.#slots.subarray(0, below).reverse();
    this.#values = Float64Array.from(this.#slots, (slot) => window[slot]);
    this.#places = new Int32Array(w);
    for (let place = 0; place < w; place++) {
      this.#places[this.#slots[place]] = place;
    }
  }

  /** Element `floor(w / 2)` of the sorted window. */
  get upperMedian(): number {
    return this.#values[this.#below];
  }

  /** Puts a value in the place of the one in a slot. */
  replace(slot: number, value: number): void {
    const place = this.#places[slot];
    const below = this.#below;
    if (place >= below) {
      if (below > 0 && value < this.#values[0]) {
        this.#settleAbove(place, this.#values[0], this.#slots[0]);
        this.#settleBelow(0, value, slot);
      } else {
        this.#settleAbove(place, value, slot);
      }
    } else if (value > this.#values[below]) {
      this.#settleBelow(place, this.#values[below], this.#slots[below]);
      this.#settleAbove(below, value, slot);
    } else {
      this.#settleBelow(place, value, slot);
    }
  }

  #put(place: number, value: number, slot: number): void {
    this.#values[place] = value;
    this.#slots[place] = slot;
    this.#places[slot] = place;
  }

  #settleBelow(place: number, value: number, slot: number): void {
    const values = this.#values;
    const slots = this.#slots;
    const end = this.#below;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (values[parent] >= value) break;
      this.#put(place, values[parent], slots[parent]);
      place = parent;
    }
    for (let child = 2 * place + 1; child < end; child = 2 * place + 1) {
      if (child + 1 < end && values[child + 1] > values[child]) child++;
      if (values[child] <= value) break;
      this.#put(place, values[child], slots[child]);
      place = child;
    }
    this.#put(place, value, slot);
  }

  #settleAbove(place: number, value: number, slot: number): void {
    const values = this.#values;
    const slots = this.#slots;
    const base = this.#below;
    const end = values.length - base;
    let at = place - base;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (values[base + parent] <= value) break;
      this.#put(base + at, values[base + parent], slots[base + parent]);
      at = parent;
    }
    for (let child = 2 * at + 1; child < end; child = 2 * at + 1) {
      if (child + 1 < end && values[base + child + 1] < values[base + child]) {
        child++;
      }
      if (values[base + child] >= value) break;
      this.#put(base + at, values[base + child], slots[base + child]);
      at = child;
    }
    this.#put(base + at, value, slot);
  }
}
