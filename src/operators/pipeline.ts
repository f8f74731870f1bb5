import type {
  MonoTypeOperatorFunction,
  Observable,
  OperatorFunction,
} from "rxjs";
import type { Session } from "../session.ts";

/** Function from sessions to sessions, as operators return it. */
export type SessionOperator = MonoTypeOperatorFunction<Session>;

/**
 * Joins operators to one, any number of them: RxJS types a `pipe` of nine at most.
 *
 * - In: sessions. Out: what the last operator emits, sessions or the result of a
 *   sink.
 *
 * @example A chain of ten, with its sink
 * ```ts
 * import {
 *   bin,
 *   detrend,
 *   gate,
 *   keepCells,
 *   mapResponses,
 *   mask,
 *   pipeline,
 *   signal,
 *   smooth,
 *   spectrogram,
 *   toDataset,
 *   wehr,
 * } from "rxephys";
 *
 * const dataset = wehr("data").pipe(pipeline(
 *   keepCells(({ recordingType }) => recordingType === "whole-cell"),
 *   detrend(),
 *   gate(),
 *   signal(),
 *   bin(),
 *   smooth(),
 *   mapResponses((response) => response),
 *   spectrogram(),
 *   mask(),
 *   toDataset(),
 * ));
 * ```
 *
 * @param operators The operators, in the order in which sessions pass them.
 * @throws {TypeError} When called, if one is no function.
 */
export function pipeline(
  ...operators: readonly SessionOperator[]
): SessionOperator;
/** Joins operators, the last of which may be a sink. */
export function pipeline<Result>(
  ...operators: readonly [
    ...SessionOperator[],
    OperatorFunction<Session, Result>,
  ]
): OperatorFunction<Session, Result>;
export function pipeline(
  ...operators: readonly SessionOperator[]
): SessionOperator {
  for (const [index, operator] of operators.entries()) {
    if (typeof operator === "function") continue;
    throw new TypeError(
      `Cannot make a pipeline: operator ${index} is ${String(operator)}, ` +
        "expected an operator such as bin()",
    );
  }
  return (sessions) =>
    operators.reduce(
      (stream: Observable<Session>, operator) => stream.pipe(operator),
      sessions,
    );
}
