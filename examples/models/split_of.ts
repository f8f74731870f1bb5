import {
  type NeuralDataset,
  type SplitStimuli,
  splitStimuli,
  WEHR_NEURONS_SPLIT_NATURAL,
} from "rxephys";

/** A split with its origin. */
export interface CellSplit extends SplitStimuli {
  /** `published`, or `seeded` if it is drawn at random. */
  readonly origin: "published" | "seeded";
}

/**
 * Splits the stimuli of a cell: as published, if that adds up to the stimuli that
 * the cell heard; otherwise at random, three fifths for training and one fifth
 * each for validation and test. Returns undefined for fewer than three stimuli.
 * Clears the selections of the dataset.
 */
export async function splitOf(
  dataset: NeuralDataset,
  cell: number,
  seed: number,
): Promise<CellSplit | undefined> {
  const heard = await shuffledStimuli(dataset, cell, seed);
  const counts = WEHR_NEURONS_SPLIT_NATURAL[
    Number(dataset.nrnMeta[cell]?.wehrCellIdx ?? NaN)
  ];
  if (counts?.reduce((a, b) => a + b) === heard.length) {
    return { ...splitStimuli(dataset, cell, counts), origin: "published" };
  }
  if (heard.length < 3) return undefined;
  const held = Math.max(1, Math.round(heard.length / 5));
  return {
    train: heard.slice(2 * held),
    val: heard.slice(0, held),
    test: heard.slice(held, 2 * held),
    origin: "seeded",
  };
}

/** Stimuli that a cell heard, in an order that the seed determines. */
async function shuffledStimuli(
  dataset: NeuralDataset,
  cell: number,
  seed: number,
): Promise<number[]> {
  dataset.resetSelection();
  dataset.selectNeurons(cell);
  const batches = dataset.batches({ shuffle: true, seed });
  dataset.resetSelection();
  return (await Array.fromAsync(batches, ({ indices }) => indices)).flat();
}
