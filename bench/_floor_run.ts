/**
 * Lower bound for any loader: reads, inflates and touches every trial and stimulus
 * of the Wehr half once, computes and keeps nothing. Prints figures as JSON.
 */
import process from "node:process";
import { openZip } from "../src/archive/zip/zip.ts";
import { listMatVariables } from "../src/formats/mat/mat.ts";
import type { MatValue } from "../src/formats/mat/value.ts";

/** Figures that this program prints for {@linkcode watchedRun}. */
export interface FloorFigures {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly samples: number;
}

const [release] = Deno.args;
const started = performance.now();
let samples = 0;
let sum = 0;
const archive = await openZip(`${release}/crcns-ac1.zip`);
for (const { path } of archive.members) {
  if (!/^wehr\/.*\.mat$/.test(path)) continue;
  const file = await archive.read(path);
  // Two files of a synthetic release are damaged on purpose.
  if (path.includes("broken")) continue;
  for (const variable of listMatVariables(file)) touch(variable.read());
}
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage();
const figures: FloorFigures = {
  seconds,
  cpuSeconds: (user + system) / 1e6,
  samples,
};
if (Number.isNaN(sum)) throw new Error("A sample is no number");
console.log(JSON.stringify(figures));

function touch(value: MatValue): void {
  if (value.type === "cell") return value.elements.forEach(touch);
  if (value.type === "struct") {
    return value.elements.forEach((element) =>
      Object.values(element).forEach(touch)
    );
  }
  if (value.type !== "numeric") return;
  const { data } = value;
  samples += data.length;
  for (let i = 0; i < data.length; i++) sum += Number(data[i]);
}
