import type { NeuralDataset } from "rxephys";

/** Everything in a dataset. */
export function everythingIn(dataset: NeuralDataset): unknown {
  const { stims, stimKeys, responses, nrnMasks, stimMeta, nrnMeta } = dataset;
  const { dt, F, samplesPerBin, signalType, tally } = dataset;
  return {
    ...{ stims, stimKeys, responses, nrnMasks, stimMeta, nrnMeta, tally },
    ...{ dt, F, samplesPerBin, signalType },
  };
}
