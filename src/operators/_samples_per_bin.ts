/**
 * Samples of a waveform in a bin of the responses.
 *
 * @param audioRateHz Sampling rate of the waveform in Hz.
 * @param dtMs Width of a bin in ms.
 * @throws {RangeError} If it is no whole number, to 1e-9.
 */
export function samplesPerBin(audioRateHz: number, dtMs: number): number {
  const exact = audioRateHz * dtMs / 1000;
  const whole = Math.round(exact);
  if (whole < 1 || Math.abs(exact - whole) > 1e-9) {
    throw new RangeError(
      `Cannot align: audioRateHz is ${audioRateHz}, expected a whole number ` +
        `of samples in bins of ${dtMs} ms, not ${exact}`,
    );
  }
  return whole;
}
