import { type MonoTypeOperatorFunction, tap } from "rxjs";
import { isCellAttached, type Session } from "../../session.ts";
import type { SourceWarnings } from "../shared/warnings.ts";

/**
 * Warns once if a stream holds both kinds of recording, at the first session of
 * the second kind.
 *
 * @param archive Name of the release in warnings.
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
