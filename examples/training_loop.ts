/**
 * Trains a recurrent network (GRU) of all cells at once, and compares it with linear
 * STRFs. Run: `deno run -A examples/training_loop.ts [DATA [EPOCHS]]`
 */
import * as tf from "@tensorflow/tfjs";
import * as wasm from "@tensorflow/tfjs-backend-wasm";
import * as rx from "rxephys";
import { fitStrf, joinWindows, windowBatch } from "rxephys/models";
import { exampleData } from "rxephys/synthetic";
import { lastValueFrom } from "rxjs";

const [data, epochs = "30"] = Deno.args;
const main = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
wasm.setWasmPaths(decodeURI(new URL("../wasm-out/", main).pathname));
wasm.setThreadsCount(1); // Every run gives the same sums.
await tf.setBackend("wasm");
const sessions = rx.wehr(await exampleData("crcns-ac1-nonlinear", data));
const chain = sessions.pipe(rx.crcnsAc1Pipeline(), rx.toDataset());
const raw = await lastValueFrom(chain);
const split = rx.randomSplit(raw, raw.selectedNeurons, { seed: 1 });
const stims = split.train;
const { dataset: scaled } = rx.standardizeStims(raw, { stims });
const { dataset } = rx.normalizeResponses(scaled, { stims, method: "zscore" });
const one = (order: readonly number[]): Promise<rx.Batch[]> =>
  Array.fromAsync(dataset.batches({ order, size: order.length }));
const [[val], [test]] = [await one(split.val), await one(split.test)];
if (!val || !test) throw new RangeError("There are too few stimuli");
const init = tf.initializers.glorotUniform({ seed: 1 });
const inits = { kernelInitializer: init, recurrentInitializer: init };
const model = tf.sequential();
model.add(tf.layers.dense({ units: 8, inputShape: [null, raw.F], ...inits }));
model.add(tf.layers.gru({ units: 32, returnSequences: true, ...inits }));
model.add(tf.layers.dense({ units: raw.N, ...inits }));
const adam = tf.train.adam(0.01);
const tensor = (x: rx.Tensor): tf.Tensor => tf.tensor(x.data, [...x.shape]);
const answer = (stims: rx.Tensor): tf.Tensor =>
  // without the 20 bins before
  (model.apply(tensor(stims)) as tf.Tensor).slice([0, 20, 0]);
const gru = (batch: rx.Batch): rx.Tensor => {
  const { stims } = windowBatch(batch, { before: 20 });
  return joinWindows(tf.tidy(() => answer(stims).dataSync()), batch);
};
const ccNorm = (answers: rx.Tensor, { responses, validMask }: rx.Batch) =>
  rx.normalizedCorrcoef(answers, responses, { validMask, reduction: "mean" });

let best = { val: -Infinity, test: NaN };
for (let epoch = 1; epoch <= Number(epochs); epoch++) {
  for await (const batch of dataset.batches({ order: stims, size: 2 })) {
    const { stims, targets, repeats } = windowBatch(batch, { before: 20 });
    adam.minimize(() => {
      const error = tensor(targets).squaredDifference(answer(stims));
      return tf.losses.computeWeightedLoss(error, tensor(repeats));
    });
  }
  const now = { val: ccNorm(gru(val), val), test: ccNorm(gru(test), test) };
  if (now.val > best.val) best = now;
  console.log(`epoch ${epoch}: val cc_norm ${now.val.toFixed(4)}`);
}
const linear = ccNorm(fitStrf(dataset, { split }).predict(test.stims), test);
console.log(`test cc_norm: linear ${linear}, GRU ${best.test}`);
