// @ts-types="./_fft.d.ts"
import FFT from "fft.js";
// npm's fft.js has no types; these leave out plain arrays, which it accepts as
// well: a process that passes both kinds runs at half speed.

export { FFT };
