import {
  type CellResponse,
  type NeuralDataset,
  RecordingError,
  type Session,
  type Tensor,
  toDataset,
} from "rxephys";
import { from, lastValueFrom } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";

function tensor(shape: number[], extra: Partial<Tensor> = {}): Tensor {
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length }, (_, i) => i);
  return { data, shape, dtMs: 5, ...extra };
}

/** A session of one cell that heard stimulus `a`. */
function session(stimulus: Tensor, response: Partial<CellResponse>): Session {
  const repeats = [Float32Array.of(1, 2, 3)];
  return {
    id: "x",
    cells: [{}],
    presentations: () =>
      Promise.resolve([{
        stimulus: {
          key: "a",
          meta: {},
          durationMs: 15,
          read: () => Promise.resolve(stimulus),
        },
        read: () =>
          Promise.resolve({
            tally: { range: 0, step: 0, xcorr: 0, kept: 1 },
            responses: [{
              repeats,
              scale: 1,
              rateHz: 200,
              kind: "subthresh",
              dtMs: 5,
              ...response,
            }],
          }),
      }]),
  };
}

function load(...sessions: Session[]): Promise<NeuralDataset> {
  return lastValueFrom(from(sessions).pipe(toDataset()));
}

Deno.test("toDataset: scales responses that are stored in steps", async () => {
  const { responses } = await load(
    session(tensor([1, 2, 3]), {
      repeats: [Int16Array.of(-2, 0, 6)],
      scale: 0.5,
    }),
  );
  assertEquals([...itemAt(itemAt(responses, 0), 0).data], [-1, 0, 3]);
});

Deno.test("toDataset: cuts waveforms to the bins common to all sessions", async () => {
  const waveform = tensor([1, 12], { samplesPerBin: 4 });
  const data = await load(
    session(waveform, {}),
    session(waveform, { repeats: [Float32Array.of(4, 5)] }),
  );
  assertEquals([data.F, data.dt, data.samplesPerBin], [0, 5, 4]);
  assertEquals(data.stims[0], tensor([1, 8], { samplesPerBin: 4 }));
  const shapes = itemAt(data.responses, 0).map(({ shape }) => shape);
  assertEquals(shapes, [[1, 2], [1, 2]]);
  assertEquals(waveform.shape, [1, 12]);
});

Deno.test("toDataset: refuses a response without repeats", async () => {
  await assertRejects(
    () => load(session(tensor([1, 2, 3]), { repeats: [] })),
    RecordingError,
    "repeats of a are not aligned, expected bin() and mask()",
  );
});

Deno.test("toDataset: refuses stimuli and responses whose bins differ", async () => {
  await assertRejects(
    () => load(session(tensor([1, 2, 3]), { dtMs: 10 })),
    RangeError,
    "dtMs of the response of cell 0 to stimulus 0 is 10, expected 5",
  );
  await assertRejects(
    () => load(session(tensor([2, 3]), {})),
    RangeError,
    "shape of stimulus 0 is 2,3 of 6 values, expected 1,F,T",
  );
});
