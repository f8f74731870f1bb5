/**
 * Trains a recurrent encoder of one cell by `for await` over the batches of a
 * dataset. Training stops early by the normalized correlation (Schoppe et al. 2016)
 * on validation stimuli, and resumes at any epoch. A linear STRF of the same data
 * is fitted for comparison.
 *
 * Run: `deno run -A examples/training_loop.ts --help`
 */
import {
  type Batch,
  crcnsAc1Pipeline,
  type NeuralDataset,
  normalizedCorrcoef,
  type Tensor,
  toDataset,
  wehr,
} from "rxephys";
import { filter, lastValueFrom } from "rxjs";
import {
  type BestEpoch,
  type Checkpoint,
  readCheckpoint,
  writeCheckpoint,
} from "./models/checkpoint.ts";
import { encoderScale } from "./models/encoder_scale.ts";
import { EncoderTrainer } from "./models/encoder_trainer.ts";
import { exitOnError } from "./_exit_on_error.ts";
import { findAc1 } from "./_find_ac1.ts";
import { parseFlags } from "./_flags.ts";
import { showProgress } from "./_progress.ts";
import { type CellSplit, splitOf } from "./models/split_of.ts";
import { batchesOf, fitStrf, predictions } from "./models/strf.ts";
import { useWasm } from "./models/tensorflow.ts";

const flags = parseFlags({
  usage: "deno run -A examples/training_loop.ts [flags]",
  flags: {
    data: { value: "DIR", about: "folder with the AC1 zips, or extracted" },
    download: { about: "fetch crcns-ac1.zip first" },
    session: {
      value: "ID",
      about: "its cell (default: the one that heard most)",
    },
    epochs: { value: "N", about: "maximum number of epochs", count: 100 },
    patience: { value: "N", about: "epochs without a better score", count: 20 },
    batch: { value: "N", about: "stimuli in a batch", count: 2 },
    features: { value: "N", about: "mixtures of bands", count: 8 },
    hidden: { value: "N", about: "units of the GRU", count: 16 },
    rate: { value: "X", about: "learning rate", number: 0.01 },
    seed: { value: "N", about: "seed of weights and orders", count: 1 },
    history: { value: "MS", about: "history of the linear STRF", number: 100 },
    checkpoint: { value: "FILE", about: "write the state after each epoch" },
    resume: {
      value: "FILE",
      about: "continue from a checkpoint, and update it",
    },
  },
}, Deno.args);

exitOnError();
await useWasm();
const fetching = { download: flags.download, files: ["crcns-ac1.zip"] };
const data = await findAc1(flags.data, fetching, "nonlinear");
const dataset = await loaded(data, flags.session);
const { cell, split } = await chosenCell(dataset);
const session = dataset.nrnMeta[cell]?.session;
console.log(`${session}: ${splitText(split)}`);

const { batch, features, hidden, rate, seed } = flags;
const scale = encoderScale(dataset, cell, split.train);
const size = { bands: dataset.F, features, hidden };
const settings = { session, split, size, batch, rate, seed, scale };
const trainer = new EncoderTrainer(size, scale, rate, seed);
const best = await train(
  flags.resume === undefined
    ? { settings, epochs: 0, state: trainer.state }
    : await readCheckpoint(flags.resume, settings),
);
trainer.weights = best.weights;
const linear = await fitStrf(dataset, cell, split, {
  lags: Math.max(1, Math.round(flags.history / dataset.dt)),
  ridges: [0.03, 0.1, 0.3, 1, 3],
});
for (const part of ["val", "test"] as const) {
  const heard = await wholeBatch(split[part]);
  const scores = [predictions(linear, heard), trainer.predict(heard)]
    .map((predicted) => ccNorm(predicted, heard).toFixed(3));
  console.log(`${part} cc_norm: linear ${scores[0]}, GRU ${scores[1]}`);
}

/** Continues training from a checkpoint; returns the best epoch. */
async function train(checkpoint: Checkpoint): Promise<BestEpoch> {
  let { epochs, best } = checkpoint;
  const path = flags.checkpoint ?? flags.resume;
  const heard = await wholeBatch(split.val);
  trainer.state = checkpoint.state;
  const isDone = (): boolean =>
    epochs >= flags.epochs || epochs - (best?.epoch ?? 0) >= flags.patience;
  while (!isDone()) {
    const losses: number[] = [];
    for await (const batch of trainingBatches(epochs)) {
      losses.push(trainer.fit(batch));
    }
    const loss = losses.reduce((a, b) => a + b) / losses.length;
    epochs++;
    const score = ccNorm(trainer.predict(heard), heard);
    if (best === undefined || score > best.ccNorm) {
      best = { epoch: epochs, ccNorm: score, weights: trainer.weights };
    }
    console.log(
      `epoch ${epochs}: loss ${loss.toFixed(4)}, ` +
        `val cc_norm ${score.toFixed(4)} (best ${best.ccNorm.toFixed(4)})`,
    );
    if (path === undefined) continue;
    await writeCheckpoint(path, {
      settings,
      epochs,
      state: trainer.state,
      best,
    });
  }
  return best as BestEpoch;
}

/** Training batches, in an order that depends on the epoch. */
function trainingBatches(epoch: number): AsyncIterable<Batch> {
  dataset.selectNeurons(cell);
  dataset.selectStims(split.train);
  return dataset.batches({
    size: flags.batch,
    shuffle: true,
    seed: 1000 * flags.seed + epoch,
  });
}

/** One batch with all the given stimuli. */
async function wholeBatch(stims: readonly number[]): Promise<Batch> {
  const batches = batchesOf(dataset, cell, stims, stims.length);
  const [batch] = await Array.fromAsync(batches);
  return batch as Batch;
}

function ccNorm(predicted: Tensor, { responses, validMask }: Batch): number {
  const [score = NaN] = normalizedCorrcoef(predicted, responses, {
    method: "schoppe",
    validMask,
  });
  if (!Number.isNaN(score)) return score;
  throw new RangeError(
    "Cannot score: cc_norm is NaN, expected a cell that heard its validation " +
      "and test stimuli more than once",
  );
}

async function loaded(data: string, session?: string): Promise<NeuralDataset> {
  const progress = showProgress("sessions");
  const dataset = await lastValueFrom(
    wehr(data).pipe(
      filter(({ id }) => session === undefined || id === session),
      crcnsAc1Pipeline(),
      toDataset({ onProgress: progress.update }),
    ),
  );
  progress.done();
  return dataset;
}

/** The cell that heard most, of those with enough stimuli for a split. */
async function chosenCell(
  dataset: NeuralDataset,
): Promise<{ cell: number; split: CellSplit }> {
  const byBins = [...dataset.nrnMeta.keys()]
    .map((cell) => ({ cell, bins: binsHeard(dataset, cell) }))
    .sort((a, b) => b.bins - a.bins);
  for (const { cell } of byBins) {
    const split = await splitOf(dataset, cell, flags.seed);
    if (split) return { cell, split };
  }
  throw new RangeError(
    "Cannot split stimuli: no cell heard three, expected at least one that did",
  );
}

function binsHeard({ stims, nrnMasks }: NeuralDataset, cell: number): number {
  return stims.reduce(
    (sum, { shape: [, , bins = 0] }, s) =>
      sum + (nrnMasks[s]?.[cell] ? bins : 0),
    0,
  );
}

function splitText({ train, val, test, origin }: CellSplit): string {
  return `${train.length} stimuli to train, ${val.length} to validate, ` +
    `${test.length} to test (${origin} split)`;
}
