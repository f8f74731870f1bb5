// npm's fft.js has no types: this is their one boundary. They leave out plain
// arrays, which it takes too: a process that feeds it both runs at half speed.
// @ts-types="./_fft.d.ts"
import FFT from "fft.js";

export { FFT };
