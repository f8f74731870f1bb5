import type { MonoTypeOperatorFunction } from "rxjs";
import { firstNonFinite } from "../base/numbers.ts";
import type { CellResponse, Session } from "../session.ts";
import {
  mapEachResponse,
  type ResponseContext,
  type ResponseFunction,
} from "./_each_response.ts";
import { sessionOperator } from "./_session_operator.ts";
import { checkFunction, functionName, returnedKind } from "./_arguments.ts";

export type { ResponseContext, ResponseFunction } from "./_each_response.ts";

/**
 * Applies a function to every response: the simplest operator of your own.
 *
 * - In and out: one cell's repeats of one stimulus, `[T]` each. Return new
 *   arrays; those received are shared with other readers.
 * - The function runs when a sink reads, one presentation at a time, never when
 *   a session passes. What it throws ends the stream.
 * - Samples that are not finite are refused, with the function's name, the
 *   session, the cell and the stimulus.
 *
 * @example Keep only responses with at least three repeats
 * ```ts
 * import { mapResponses, wehr } from "rxephys";
 *
 * const often = wehr("data").pipe(
 *   mapResponses((response) =>
 *     response.repeats.length >= 3 ? response : null
 *   ),
 * );
 * ```
 *
 * @param apply The function, synchronous or not; null drops the response.
 * @throws {TypeError} When called, if `apply` is no function; in the stream, if
 * it returns neither a response nor null.
 * @throws {RangeError} In the stream, if a sample that it returns is not finite.
 */
export function mapResponses(
  apply: ResponseFunction,
): MonoTypeOperatorFunction<Session> {
  checkFunction("map responses", "apply", apply);
  const checked: ResponseFunction = async (response, context) => {
    const mapped: unknown = await apply(response, context);
    checkMapped(mapped, apply.name, context);
    return mapped;
  };
  return sessionOperator(
    {
      name: "mapResponses",
      args: [apply],
      obstacle: "mapResponses() after parallel(), or parallel({ module })",
    },
    (session) => mapEachResponse("mapResponses", session, checked),
  );
}

function checkMapped(
  mapped: unknown,
  name: string,
  context: ResponseContext,
): asserts mapped is CellResponse | null {
  if (mapped === null) return;
  const given = functionName(name, "apply");
  if (!isResponse(mapped)) {
    throw new TypeError(
      `Cannot map responses: ${given} returns ${
        returnedKind(mapped, "repeats of typed arrays")
      } for ` +
        `${placeOf(context)}, expected a response with repeats, or null`,
    );
  }
  for (const [index, repeat] of mapped.repeats.entries()) {
    const at = firstNonFinite(repeat);
    if (at < 0) continue;
    throw new RangeError(
      `Cannot map responses: ${given} returns ${repeat[at]} at sample ${at} ` +
        `of repeat ${index} for ${placeOf(context)}, expected finite samples`,
    );
  }
}

function isResponse(value: unknown): value is CellResponse {
  return typeof value === "object" && value !== null && "repeats" in value &&
    Array.isArray(value.repeats) && value.repeats.every(ArrayBuffer.isView);
}

function placeOf({ session, cell, stimulus }: ResponseContext): string {
  const index = session.cells.indexOf(cell);
  return `cell ${index} of session "${session.id}" and stimulus ` +
    `"${stimulus.key}"`;
}
