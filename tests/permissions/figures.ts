import { plotSpectrogram } from "rxephys/figures";

const [format] = Deno.args;
const data = Float32Array.of(0, 1, 2, 3);
const figure = plotSpectrogram({ data, shape: [1, 2, 2], dtMs: 5 });
const { length } = format === "png" ? await figure.toPng() : figure.toSvg();
console.log(String(figure), length);
