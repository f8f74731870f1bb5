/** Fourier transform; a power of two of values, as pairs of real and imaginary. */
export function fft(values: readonly number[]): [number, number][];
