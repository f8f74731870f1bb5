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
   * How many times.
   *
   * @default {1}
   */
  readonly reads?: number;
}

/** A stretch, or the part of one that a request fetches. */
export interface Part {
  readonly start: number;
  readonly end: number;
  /** A read that comes here has read all of it. */
  readonly done: number;
  /** Reads still to come. */
  reads: number;
  /** Which call has told of it. */
  readonly group: number;
}

/** What one request fetches. */
export interface Window {
  readonly start: number;
  readonly end: number;
  /** The stretches in it, cut to it. */
  readonly parts: readonly Part[];
}

/** Bytes between stretches may be fetched along: at most one in 20 of theirs. */
const NEEDED_PER_WASTED = 20;

/** What will be read and was not fetched yet, in the order of its bytes. */
export class Stretches {
  #parts: Part[] = [];
  #groups = 0;

  /** Tells of stretches that are read about the same time. */
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
   * Takes out what to fetch for a read from `at` to `end`: the stretch there,
   * those of its group before it, and any behind it, as far as they lie near
   * one another and `most` bytes go; what is cut off stays to be taken.
   *
   * @returns Undefined where nothing was told of `at`.
   */
  take(at: number, end: number, most: number): Window | undefined {
    const parts = this.#parts;
    const found = parts.findLastIndex(({ start }) => start <= at);
    if (found < 0 || parts[found].end <= at) return undefined;
    const first = this.#firstBefore(found, at, end - most);
    const from = first === found ? at : parts[first].start;
    const last = this.#lastBehind(first, from, from + most);
    const stop = Math.max(end, Math.min(parts[last].end, from + most));
    const taken = parts.slice(first, last + 1);
    const rest = taken.filter((part) => part.end > stop)
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

  #firstBefore(found: number, at: number, least: number): number {
    const parts = this.#parts;
    let first = found;
    if (parts[found].start !== at) return first;
    let [needed, wasted] = [parts[found].end - at, 0];
    for (; first > 0; first--) {
      const before = parts[first - 1];
      wasted += parts[first].start - before.end;
      needed += before.end - before.start;
      if (before.group !== parts[found].group || before.start < least) break;
      if (wasted * NEEDED_PER_WASTED > needed) break;
    }
    return first;
  }

  #lastBehind(first: number, from: number, limit: number): number {
    const parts = this.#parts;
    let last = first;
    let [needed, wasted] = [parts[first].end - from, 0];
    for (; last + 1 < parts.length; last++) {
      const next = parts[last + 1];
      wasted += next.start - parts[last].end;
      if (next.start >= limit || wasted * NEEDED_PER_WASTED > needed) break;
      needed += next.end - next.start;
    }
    return last;
  }
}

/** In order; of two that overlap, what was told last. */
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
