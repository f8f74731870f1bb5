import { type Batch, NeuralDataset, type Tensor } from "rxephys";
import { joinWindows, windowBatch } from "rxephys/models";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";

/** Stimuli of 7 and 5 bins; the second cell heard the first one alone, twice. */
async function batchOf(): Promise<Batch> {
  const tensor = (shape: number[], first: number): Tensor => ({
    data: Float32Array.from(
      { length: shape.reduce((a, b) => a * b) },
      (_, i) => first + i,
    ),
    shape,
    dtMs: 5,
  });
  const dataset = NeuralDataset.fromPairs({
    stims: [tensor([1, 2, 7], 1), tensor([1, 2, 5], 101)],
    stimMeta: [{}, {}],
    nrnMeta: [{}, {}],
    pairs: [
      { stim: 0, cell: 0, response: tensor([1, 7], 1) },
      { stim: 0, cell: 1, response: tensor([2, 7], 11) },
      { stim: 1, cell: 0, response: tensor([1, 5], 31) },
    ],
    tally: { range: 0, step: 0, xcorr: 0, kept: 4 },
  });
  const [batch] = await Array.fromAsync(dataset.batches({ size: 2 }));
  return itemAt([batch], 0) as Batch;
}

function rowsOf({ data, shape }: Tensor): number[][] {
  const length = itemAt(shape, 1) * itemAt(shape, 2);
  return Array.from(
    { length: itemAt(shape, 0) },
    (_, i) => [...data.subarray(i * length, (i + 1) * length)],
  );
}

Deno.test("windowBatch: windows with what was before them, bin by bin", async () => {
  const batch = await batchOf();
  const { stims, targets, repeats } = windowBatch(batch, {
    bins: 4,
    before: 1,
  });
  assertEquals(stims.shape, [4, 5, 2]);
  assertEquals(targets.shape, [4, 4, 2]);
  assertEquals(rowsOf(stims), [
    [0, 0, 1, 8, 2, 9, 3, 10, 4, 11],
    [4, 11, 5, 12, 6, 13, 7, 14, 0, 0],
    [0, 0, 101, 106, 102, 107, 103, 108, 104, 109],
    [104, 109, 105, 110, 0, 0, 0, 0, 0, 0],
  ]);
  assertEquals(rowsOf(targets), [
    [1, 14.5, 2, 15.5, 3, 16.5, 4, 17.5],
    [5, 18.5, 6, 19.5, 7, 20.5, 0, 0],
    [31, 0, 32, 0, 33, 0, 34, 0],
    [35, 0, 0, 0, 0, 0, 0, 0],
  ]);
  assertEquals(rowsOf(repeats), [
    [1, 2, 1, 2, 1, 2, 1, 2],
    [1, 2, 1, 2, 1, 2, 0, 0],
    [1, 0, 1, 0, 1, 0, 1, 0],
    [1, 0, 0, 0, 0, 0, 0, 0],
  ]);
});

Deno.test("joinWindows: the targets of all windows are the mean responses", async () => {
  const batch = await batchOf();
  const options = { bins: 4 };
  const { data } = windowBatch(batch, options).targets;
  const { data: joined, shape, dtMs } = joinWindows(data, batch, options);
  assertEquals([shape, dtMs], [[2, 2, 7], 5]);
  assertEquals([...joined], [
    ...[1, 2, 3, 4, 5, 6, 7],
    ...[14.5, 15.5, 16.5, 17.5, 18.5, 19.5, 20.5],
    ...[31, 32, 33, 34, 35, 0, 0],
    ...[0, 0, 0, 0, 0, 0, 0],
  ]);
});

Deno.test("windowBatch: refusals", async () => {
  const batch = await batchOf();
  for (
    const [call, message] of [
      [
        () => windowBatch(batch, { bins: 0 }),
        "Cannot cut windows: bins is 0, expected 1 to 9007199254740991",
      ],
      [
        () =>
          windowBatch({
            ...batch,
            stims: { ...batch.stims, shape: [2, 1, 14] },
          }),
        "Cannot cut windows: stimuli are waveforms, expected spectrograms",
      ],
      [
        () => joinWindows([1, 2], batch, { bins: 4 }),
        "Cannot join windows: number of outputs is 2, expected 32 of 4 windows " +
        "of 4 bins and 2 cells",
      ],
    ] as const
  ) assertThrows(call, RangeError, message);
});
