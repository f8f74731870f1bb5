/**
 * Refuses a trace that holds NaN or an infinity: a filter would spread it in
 * silence over every sample that its window reaches.
 *
 * @param act What the caller wanted, as it completes "Cannot ...".
 * @param x Trace `[T]`.
 * @param name What the trace is called in the message.
 * @throws {RangeError} Names the first such sample, counted from 0.
 */
export function checkFinite(
  act: string,
  x: Float64Array,
  name: string = "",
): void {
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i])) {
      const sample = `sample ${i}${name && ` of ${name}`}`;
      throw new RangeError(
        `Cannot ${act}: ${sample} is ${x[i]}, expected a finite number`,
      );
    }
  }
}
