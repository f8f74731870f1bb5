import { type MonoTypeOperatorFunction, tap } from "rxjs";
import { isCellAttached } from "../../_is_cell_attached.ts";
import type { Session } from "../../session.ts";
import type { SourceWarnings } from "../_source_warnings.ts";

/**
 * Warns once when a stream holds both kinds of recording, at the session that
 * makes it so.
 *
 * @param archive The release, as warnings name it.
 */
export function warnOfMixedSignals(
  archive: string,
  warnings: SourceWarnings,
): MonoTypeOperatorFunction<Session> {
  const kinds = new Set<boolean>();
  return tap(({ id, cells }) => {
    if (kinds.size === 2) return;
    for (const cell of cells) kinds.add(isCellAttached(cell));
    if (kinds.size < 2) return;
    warnings.warn(
      "mixed-signals",
      { archive, member: id },
      "whole-cell recordings (membrane potential in mV) and cell-attached " +
        "ones (spike rate) are in one stream: choose by `sites`, or by " +
        "`signalType`, before one model is trained on both",
    );
  });
}
