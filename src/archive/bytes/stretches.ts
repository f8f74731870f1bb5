/** Bytes that will be read. */
export interface Stretch {
  readonly offset: number;
  readonly length: number;
  /**
   * Bytes at its end that may stay unread.
   *
   * @default {0}
   */
  readonly slack?: number;
  /**
   * Number of reads.
   *
   * @default {1}
   */
  readonly reads?: number | undefined;
}

/** A stretch, or the part of one that a request fetches. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** A read up to here has read the whole part. */
  readonly done: number;
  /** Reads still to come. */
  reads: number;
  /** Number of the call that announced it. */
  readonly group: number;
}

/** Bytes of one request. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** Announced stretches, cut to the window. */
  readonly parts: readonly Part[];
}

/** Bytes between stretches are fetched as well, up to one in 20 of theirs. */
const NEEDED_PER_WASTED = 20;

/** Announced bytes that were not fetched yet, in their order. */
export class Stretches {
  #parts: Part[] = [];
  #groups = 0;

  /** Announces stretches that are read at about the same time. */
  add(stretches: readonly Stretch[]): void {
    const group = ++this.#groups;
    const added = stretches
      .filter(({ length }) => length > 0)
      .map(({ offset, length, slack = 0, reads = 1 }) => ({
        start: offset,
        end: offset + length,
        done: Math.max(offset + 1, offset + length - slack),
        reads,
        group,
      }));
    this.#parts = withoutOverlaps([...this.#parts, ...added]);
  }

  /**
   * Removes and returns the bytes to fetch for a read from `at` to `end`: the
   * stretch there, those of its group before it, and any after it, as far as they
   * are close together and `most` bytes reach. A stretch that is cut stays with
   * its rest.
   *
   * @returns Undefined if nothing is announced at `at`.
   */
  take(at: number, end: number, most: number): Window | undefined {
    const parts = this.#parts;
    const found = parts.findLastIndex(({ start }) => start <= at);
    const part = parts[found];
    if (part === undefined || part.end <= at) return undefined;
    const before = part.start === at
      ? this.#countBefore(part, found, end - most)
      : 0;
    const first = found - before;
    const from = before === 0 ? at : parts[first]?.start ?? at;
    const last = this.#lastAfter(first, from, from + most);
    const reach = parts[last]?.end ?? end;
    const stop = Math.max(end, Math.min(reach, from + most));
    const taken = parts.slice(first, last + 1);
    const rest = taken.filter(({ end }) => end > stop)
      .map((part) => ({ ...part, start: stop }));
    parts.splice(first, taken.length, ...rest);
    return { start: from, end: stop, parts: taken.map(cut) };

    function cut(part: Part): Part {
      return {
        ...part,
        start: Math.max(part.start, from),
        end: Math.min(part.end, stop),
        done: Math.min(part.done, stop),
      };
    }
  }

  /** Number of stretches before one that are worth fetching with it. */
  #countBefore(part: Part, index: number, least: number): number {
    let count = 0;
    let next = part;
    let [needed, wasted] = [part.end - part.start, 0];
    for (const before of this.#parts.slice(0, index).reverse()) {
      wasted += next.start - before.end;
      needed += before.end - before.start;
      if (before.group !== part.group || before.start < least) break;
      if (wasted * NEEDED_PER_WASTED > needed) break;
      next = before;
      count++;
    }
    return count;
  }

  /** Index of the last stretch that is worth fetching with the first. */
  #lastAfter(first: number, from: number, limit: number): number {
    let last = first;
    let end = this.#parts[first]?.end ?? from;
    let [needed, wasted] = [end - from, 0];
    for (const next of this.#parts.slice(first + 1)) {
      wasted += next.start - end;
      if (next.start >= limit || wasted * NEEDED_PER_WASTED > needed) break;
      needed += next.end - next.start;
      end = next.end;
      last++;
    }
    return last;
  }
}

/** Sorted parts; of two that overlap, the one announced last. */
function withoutOverlaps(parts: Part[]): Part[] {
  const kept: Part[] = [];
  parts.sort((a, b) => a.start - b.start || b.group - a.group);
  for (const part of parts) {
    const last = kept.at(-1);
    if (last === undefined || part.start >= last.end) kept.push(part);
    else if (part.group > last.group) kept[kept.length - 1] = part;
  }
  return kept;
}
