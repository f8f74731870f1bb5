/** Fourier transform of a power of two of values, as pairs of real and imaginary part. */
export function fft(values: readonly number[]): [number, number][];
