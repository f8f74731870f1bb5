import { from, type Observable } from "rxjs";
import type { Session } from "../session.ts";
import { contentSum } from "../base/content_sum.ts";
import { type SourceIdentity, withLineage } from "../stream/lineage.ts";
import { checkFields, checkList, checkMeta, checkText } from "./_fields.ts";
import { checkedPresentation } from "./_presentation.ts";
import { StimulusRegister } from "./_stimulus.ts";
import type { OwnSession } from "./own_session.ts";

/**
 * Streams your own recordings, given as plain arrays.
 *
 * - Out: one session per entry, in order. Waveforms `[n]` or tensors
 *   `(1, F, T)`; traces `[T]` a repeat, or counts `[T]` a trial, float32, with
 *   `T = max(1, round(durationMs / dtMs))`, halves to even.
 * - A spike at `t` ms counts in bin `floor(t / dtMs)`; a rest of the stimulus
 *   shorter than a bin is not counted. A silent trial is a trial of zeros.
 * - Counts and spectrograms have their bins: pass them to `spectrogram()` with
 *   the same `dtMs`, or to `mask()`; traces go through `bin()` first.
 * - Everything is checked at the call; an error names the field.
 * - Arrays are not copied, so do not change them while the stream is in use.
 *
 * @example Two trials of one cell, one of them silent
 * ```ts
 * import { mask, sessionsFrom, spectrogram, toDataset } from "rxephys";
 * import { lastValueFrom } from "rxjs";
 *
 * const samples = Float32Array.from({ length: 22_050 }, (_, i) => Math.sin(i / 9));
 * const sessions = sessionsFrom([{
 *   id: "mouse-1",
 *   cells: [{ cellId: "mouse-1-a" }],
 *   presentations: [{
 *     stimulus: { key: "tone", waveform: { samples, rateHz: 44_100 } },
 *     spikes: { timesMs: [[[12.5, 80, 81], []]], dtMs: 5 },
 *   }],
 * }]);
 * const dataset = await lastValueFrom(
 *   sessions.pipe(spectrogram({ dtMs: 5, fmaxHz: 20_000 }), mask(), toDataset()),
 * );
 * console.log(dataset.N, dataset.S);
 * ```
 *
 * @param sessions Sessions, each a plain object.
 * @throws {TypeError} When called, if a field is missing or of another type.
 * @throws {RangeError} When called, if a field is out of range or does not exist,
 * two sessions have one id, or two stimuli with one key differ.
 */
export function sessionsFrom(
  sessions: readonly OwnSession[],
): Observable<Session> {
  checkList("sessions", sessions, "an array of sessions");
  const register = new StimulusRegister();
  const ids = new Map<string, number>();
  return from(sessions.map((own, at) => {
    const session = checkedSession(`sessions[${at}]`, own, register);
    const first = ids.get(session.id);
    if (first !== undefined) {
      throw new RangeError(
        `Cannot make sessions: sessions[${at}].id is "${session.id}", that of ` +
          `sessions[${first}], expected another`,
      );
    }
    ids.set(session.id, at);
    return withLineage(session, { identity: identityOf(own) });
  }));
}

/** Identity by content, which is summed up only where a file may be resumed. */
function identityOf(own: OwnSession): SourceIdentity {
  let content: string | undefined;
  return {
    name: "sessionsFrom",
    options: {},
    archives: () => content ??= `arrays (${contentSum(own)})`,
    perSession: true,
  };
}

function checkedSession(
  path: string,
  own: OwnSession,
  register: StimulusRegister,
): Session {
  checkFields(path, own, ["id", "cells", "presentations"]);
  const { id, cells } = own;
  checkText(`${path}.id`, id);
  checkList(`${path}.cells`, cells, "an array of cells");
  if (cells.length === 0) {
    throw new RangeError(
      `Cannot make sessions: ${path}.cells is empty, expected one cell at least`,
    );
  }
  cells.forEach((cell, at) => checkMeta(`${path}.cells[${at}]`, cell));
  const name = `${path}.presentations`;
  checkList(name, own.presentations, "an array of presentations");
  const keys = new Set<string>();
  const presentations = own.presentations.map((presentation, at) => {
    const place = `${name}[${at}]`;
    const { length } = cells;
    const checked = checkedPresentation(place, presentation, length, register);
    const { key } = checked.stimulus;
    if (keys.has(key)) {
      throw new RangeError(
        `Cannot make sessions: ${place}.stimulus.key is "${key}" again, ` +
          "expected one presentation per stimulus, with all repeats",
      );
    }
    keys.add(key);
    return checked;
  });
  return {
    id,
    cells,
    presentations: ({ signal } = {}) => {
      signal?.throwIfAborted();
      return Promise.resolve(presentations);
    },
  };
}
