// npm's fft-js has no types: this is their one boundary.
// @ts-types="./_fft_js.d.ts"
export { fft } from "fft-js";
