// npm's fft-js has no types; this file adds them.
// @ts-types="./_fft_js.d.ts"
export { fft } from "fft-js";
