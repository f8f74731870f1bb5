/** Fourier transform of a power of two of values, as pairs of real and imaginary parts. */
export function fft(values: readonly number[]): [number, number][];
