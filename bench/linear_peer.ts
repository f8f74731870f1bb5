/**
 * Fits linear STRFs to the same tensors with the same splits here and with
 * deepSTRF, and prints mean test cc_norm and seconds of both.
 *
 * Run: `deno run -A bench/linear_peer.ts PYTHON [DATA]`, where PYTHON is one with
 * deepSTRF 0.1.0 and DATA a folder of CRCNS AC1; else a synthetic one is made.
 */
import {
  crcnsAc1Pipeline,
  type Tensor,
  toDataset,
  wehr,
  wehrSplit,
} from "rxephys";
import { fitStrf } from "rxephys/models";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const [python = "python3", given] = Deno.args;
const data = await exampleData("crcns-ac1", given);
const dataset = await lastValueFrom(
  wehr(data).pipe(crcnsAc1Pipeline({ dtMs: 5 }), toDataset()),
);
const cells = dataset.selectedNeurons.filter((cell) =>
  dataset.nrnMasks.filter((row) => row[cell]).length >= 3
);
const split = cells.map((cell) => wehrSplit(dataset, cell, { seed: 1 }));

const started = performance.now();
const fit = fitStrf(dataset, { split, cells, historyMs: 100 });
const seconds = (performance.now() - started) / 1000;
const scores = fit.score(dataset, split);

// The same tensors for the peer.
const parts: Float32Array[] = [];
let offset = 0;
const listed = ({ data, shape }: Tensor): object => {
  parts.push(data);
  offset += data.length;
  return { shape, offset: offset - data.length };
};
const table = fit.cells.map(({ index, label }, i) => {
  const pairs = (stims: readonly number[] = []): object[] =>
    stims.flatMap((s) => {
      const [stim, response] = [
        dataset.stims[s],
        dataset.responses[s]?.[index],
      ];
      return stim && response
        ? [{ stim: listed(stim), response: listed(response) }]
        : [];
    });
  const { train, val, test } = split[i] ?? {};
  return { label, train: pairs(train), val: pairs(val), test: pairs(test) };
});
const folder = await Deno.makeTempDir();
const [json, values] = [`${folder}/cells.json`, `${folder}/values.f32`];
await Deno.writeTextFile(json, JSON.stringify(table));
await Deno.writeFile(
  values,
  new Blob(parts.map((part) => part.slice())).stream(),
);
const script = new URL("peers/linear_deepstrf.py", import.meta.url).pathname;
const { success, stdout, stderr } = await new Deno.Command(python, {
  args: [decodeURIComponent(script), json, values, String(fit.lags)],
}).output();
await Deno.remove(folder, { recursive: true });
const decoder = new TextDecoder();
if (!success) throw new Error(decoder.decode(stderr));
const peer: { scores: Record<string, number>; mean: number; seconds: number } =
  JSON.parse(decoder.decode(stdout));

console.table(scores.map(({ label, ccNorm }) => ({
  ...{ label, rxephys: ccNorm, deepSTRF: peer.scores[label] },
})));
const known = scores.map(({ ccNorm }) => ccNorm).filter(Number.isFinite);
const mean = known.reduce((a, b) => a + b, 0) / known.length;
console.log(`rxephys:  cc_norm ${mean.toFixed(3)} in ${seconds.toFixed(1)} s`);
console.log(
  `deepSTRF: cc_norm ${peer.mean.toFixed(3)} in ${peer.seconds.toFixed(1)} s`,
);
