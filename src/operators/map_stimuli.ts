import type { MonoTypeOperatorFunction } from "rxjs";
import { firstNonFinite } from "../base/numbers.ts";
import type { Session, Stimulus, Waveform } from "../session.ts";
import type { Tensor } from "../tensor.ts";
import {
  mapPresentations,
  mapStimulus,
  sessionOperator,
} from "./_session_operator.ts";
import { checkFunction, functionName, returnedKind } from "./_arguments.ts";

/** The session and the metadata of a stimulus. */
export interface StimulusContext {
  /** The session that heard it, as it was before this operator. */
  readonly session: Session;
  /** Its key, metadata and duration. */
  readonly stimulus: Stimulus;
  /** Aborts when the reader leaves. */
  readonly signal?: AbortSignal;
}

/** Makes a stimulus of another one. */
export type StimulusFunction = (
  read: Waveform | Tensor,
  context: StimulusContext,
) => Waveform | Tensor | Promise<Waveform | Tensor>;

/**
 * Applies a function to every stimulus, as {@linkcode mapResponses} does to every
 * response.
 *
 * - In and out: a waveform `[n]`, or a tensor such as the `(1, F, T)` spectrogram.
 *   Return new arrays; those received are shared with other readers.
 * - The function runs when a sink reads a stimulus, never when a session passes.
 *   What it throws ends the stream. Sinks read a stimulus once for all sessions,
 *   by its key: make the same of it in each.
 * - Values that are not finite are refused, with the function's name, the session
 *   and the stimulus.
 *
 * @example Louder sounds
 * ```ts
 * import { mapStimuli, wehr } from "rxephys";
 *
 * const louder = wehr("data").pipe(
 *   mapStimuli((sound) =>
 *     "samples" in sound
 *       ? { ...sound, samples: Float64Array.from(sound.samples, (x) => 2 * x) }
 *       : sound
 *   ),
 * );
 * ```
 *
 * @param apply The function, synchronous or not.
 * @throws {TypeError} When called, if `apply` is no function; in the stream, if
 * it returns neither a waveform nor a tensor.
 * @throws {RangeError} In the stream, if a value that it returns is not finite,
 * or a tensor's shape does not fit its data.
 */
export function mapStimuli(
  apply: StimulusFunction,
): MonoTypeOperatorFunction<Session> {
  checkFunction("map stimuli", "apply", apply);
  const name = "mapStimuli";
  return sessionOperator(
    {
      name,
      args: [apply],
      obstacle: "mapStimuli() after parallel(), or parallel({ module })",
    },
    (session) =>
      mapPresentations(
        session,
        (presentation) =>
          mapStimulus(name, presentation, async (read, { signal }) => {
            const { stimulus } = presentation;
            const context = { session, stimulus, ...(signal && { signal }) };
            const mapped: unknown = await apply(read, context);
            checkMapped(mapped, apply.name, context);
            return mapped;
          }),
      ),
  );
}

function checkMapped(
  mapped: unknown,
  name: string,
  { session, stimulus }: StimulusContext,
): asserts mapped is Waveform | Tensor {
  const given = functionName(name, "apply");
  const place = `stimulus "${stimulus.key}" of session "${session.id}"`;
  const values = valuesOf(mapped);
  if (values === null) {
    throw new TypeError(
      `Cannot map stimuli: ${given} returns ${
        returnedKind(mapped, "samples or data in typed arrays")
      } for ${place}, expected a waveform or a tensor`,
    );
  }
  const { shape = [values.length] } = mapped as Partial<Tensor>;
  if (shape.reduce((product, n) => product * n, 1) !== values.length) {
    throw new RangeError(
      `Cannot map stimuli: ${given} returns ${values.length} values for ` +
        `${place}, expected those of shape [${shape}]`,
    );
  }
  const at = firstNonFinite(values);
  if (at < 0) return;
  throw new RangeError(
    `Cannot map stimuli: ${given} returns ${values[at]} at value ${at} for ` +
      `${place}, expected finite values`,
  );
}

/** The values of a waveform or tensor; null if it is neither. */
function valuesOf(mapped: unknown): ArrayLike<number> | null {
  if (typeof mapped !== "object" || mapped === null) return null;
  const { samples, rateHz, data, shape } = mapped as Partial<Waveform & Tensor>;
  if (ArrayBuffer.isView(samples)) return Number(rateHz) > 0 ? samples : null;
  return data instanceof Float32Array && Array.isArray(shape) ? data : null;
}
