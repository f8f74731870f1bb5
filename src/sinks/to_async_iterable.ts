import type { Observable } from "rxjs";
import { checkCount, checkOptions } from "../base/check.ts";
import { printable } from "../base/printable.ts";
import { tensorText } from "../dataset/texts.ts";
import { hostOf, ReadAhead } from "../stream/read_ahead.ts";
import type {
  CellMeta,
  CellResponse,
  GateTally,
  Session,
  Stimulus,
  Waveform,
} from "../session.ts";
import { cutTime, type Tensor, timeBins } from "../tensor.ts";
import { PresentationCursor } from "./_presentation_cursor.ts";
import { StimulusReads } from "../stream/stimulus_reads.ts";

/** Options for {@linkcode toAsyncIterable}. */
export interface AsyncIterableOptions {
  /**
   * Number of presentations to read ahead, 0 to 1024. They are in memory in
   * addition to the one in use.
   *
   * @default {0}, or with `parallel()` as many as its 64 MB hold
   */
  readonly prefetch?: number;
}

/** One presentation that was read. */
export interface PresentationItem {
  /** Session of the presentation. */
  readonly session: Session;
  /** Cells of {@linkcode PresentationItem.responses}. */
  readonly cells: readonly CellMeta[];
  /** Key, metadata and duration of the stimulus. */
  readonly stimulus: Stimulus;
  /**
   * Stimulus as the chain returns it, such as a `(1, F, T)` tensor. Presentations
   * of the same stimulus share one array while it is cached, unless it is cut.
   */
  readonly stims: Waveform | Tensor;
  /** One entry per cell, null where no repeat is left. */
  readonly responses: readonly (CellResponse | null)[];
  /** Repeats of this presentation kept and dropped by the gate. */
  readonly tally: GateTally;
}

/**
 * Reads sessions in a `for await` loop, such as a training loop: one
 * presentation at a time, when the loop asks for it.
 *
 * - In: sessions at any stage of a chain. Out: every presentation in order,
 *   including those without a response.
 * - At most `prefetch` presentations are read ahead, however slow the loop and
 *   whatever the chain. With 500 sessions of 1 MiB behind `filter`,
 *   `concatMap(async ...)`, `mergeMap(async ..., 4)` and a slow `mapResponses()`,
 *   1 is in memory at `prefetch: 0` and 5 at `prefetch: 4`; plain
 *   `from(asyncGenerator)` behind the same operators holds all 500 before the
 *   first one is done.
 * - `break`, or an error in the loop, aborts the reads under way. An error of the
 *   stream is thrown after all presentations before it.
 * - After `mask()` an item has one T: stimulus and responses are cut to the bins
 *   that all of them have.
 * - Each stimulus is read once, by its key; a cache of 64 MB keeps the most
 *   recently used ones.
 * - Every loop subscribes anew.
 *
 * @example A training loop that stops early
 * ```ts
 * import { crcnsAc1Pipeline, toAsyncIterable, wehr } from "rxephys";
 *
 * async function train(step: (x: unknown, y: unknown) => Promise<number>) {
 *   const sessions = wehr("data").pipe(crcnsAc1Pipeline());
 *   for await (
 *     const { stims, responses } of toAsyncIterable(sessions, { prefetch: 2 })
 *   ) {
 *     if (responses.every((response) => response === null)) continue;
 *     if (await step(stims, responses) < 0.1) break;
 *   }
 * }
 * ```
 *
 * @param sessions The stream.
 * @throws {TypeError} When called, if `prefetch` is no number.
 * @throws {RangeError} When called, if `prefetch` is outside its range, or an option
 * does not exist.
 */
export function toAsyncIterable(
  sessions: Observable<Session>,
  options: AsyncIterableOptions = {},
): AsyncIterable<PresentationItem> {
  checkOptions("iterate over sessions", options, ["prefetch"]);
  const { prefetch } = options;
  if (prefetch !== undefined) {
    checkCount("iterate over sessions", "prefetch", prefetch, 0, 1024);
  }
  return {
    [Symbol.asyncIterator]: (): AsyncIterator<PresentationItem> => {
      const controller = new AbortController();
      const all = items(sessions, prefetch, controller);
      return {
        next: () => all.next(),
        return: () => {
          // A generator alone would wait for the read under way.
          controller.abort();
          return all.return();
        },
      };
    },
  };
}

async function* items(
  sessions: Observable<Session>,
  prefetch: number | undefined,
  controller: AbortController,
): AsyncGenerator<PresentationItem, void, undefined> {
  const { signal } = controller;
  signal.throwIfAborted();
  const ahead = new ReadAhead(
    prefetch === undefined ? {} : { concurrency: prefetch, waiting: prefetch },
  );
  const cursor = new PresentationCursor(sessions, ahead, signal);
  const stimuli = new StimulusReads();
  const pending: Promise<PresentationItem | null>[] = [];
  const begin = (): void => {
    const item = readNext(cursor, stimuli, signal);
    // A rejection surfaces at its turn, or never if the loop ends before.
    item.catch(() => {});
    pending.push(item);
  };
  try {
    while (true) {
      if (pending.length === 0) begin();
      const item = await (pending.shift() as typeof pending[number]);
      if (item === null) return;
      // If workers read ahead, they read everything.
      const depth = hostOf(item.session) ? 0 : prefetch ?? 0;
      while (pending.length < depth) begin();
      yield item;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    controller.abort();
    cursor.end();
    ahead.end();
  }
}

async function readNext(
  cursor: PresentationCursor,
  stimuli: StimulusReads,
  signal: AbortSignal,
): Promise<PresentationItem | null> {
  const next = await cursor.next();
  if (next === null) return null;
  const { session, presentation } = next;
  const { stimulus } = presentation;
  // The stimulus comes first: mask() then knows its bins without reading it.
  const stims = await stimuli.read(stimulus, { signal });
  const { responses, tally } = await presentation.read({ signal });
  const item = { session, cells: session.cells, stimulus, tally };
  return printable({ ...item, ...inSharedBins(stims, responses) }, itemText);
}

/** Text of an item: a few lines, however many samples it has. */
function itemText(
  { session, stimulus, stims, responses }: PresentationItem,
): string {
  const left = responses.filter((response) => response !== null).length;
  const sound = "shape" in stims
    ? tensorText(stims)
    : `Waveform (${stims.samples.length}), ${stims.rateHz} Hz`;
  return [
    `PresentationItem of session ${session.id}`,
    `  stims      ${sound}`,
    `  responses  ${left} of ${responses.length} cells`,
    `  stimulus   ${stimulus.key} ${JSON.stringify(stimulus.meta)}`,
  ].join("\n");
}

/**
 * Cuts the stimulus and all responses to the bins that they share. Repeats that
 * are not aligned, or not binned, stay as they are.
 */
function inSharedBins(
  stims: Waveform | Tensor,
  responses: readonly (CellResponse | null)[],
): Pick<PresentationItem, "stims" | "responses"> {
  const repeats = responses.flatMap((response) => response?.repeats ?? []);
  const isAligned = "shape" in stims && stims.dtMs !== undefined &&
    responses.every((response) => response === null || isRegular(response));
  if (!isAligned) return { stims, responses };
  const bins = repeats.reduce(
    (least, { length }) => Math.min(least, length),
    timeBins(stims),
  );
  return {
    stims: cutTime(stims, bins),
    responses: responses.map((response) =>
      response && {
        ...response,
        repeats: response.repeats.map((repeat) => repeat.subarray(0, bins)),
      }
    ),
  };
}

function isRegular({ repeats, dtMs }: CellResponse): boolean {
  const bins = repeats[0]?.length;
  return dtMs !== undefined && repeats.every(({ length }) => length === bins);
}
