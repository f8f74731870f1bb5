import {
  type NeuralDataset,
  RecordingError,
  type Session,
  type SinkProgress,
  toDataset,
} from "rxephys";
import { EMPTY, from, lastValueFrom, NEVER, throwError } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { fakeSamples, fakeSession } from "../support/sessions/fake_session.ts";
import {
  type ReadLog,
  readySession,
} from "../support/sessions/ready_session.ts";
import { itemAt } from "../support/item_at.ts";

function load(...sessions: Session[]): Promise<NeuralDataset> {
  return lastValueFrom(from(sessions).pipe(toDataset()));
}

Deno.test("toDataset: numbers stimuli and cells by first use", async () => {
  const dataset = await load(
    readySession("x", 2, [
      { key: "unheard", bins: 3, repeats: [null, null] },
      { key: "b", bins: 3, repeats: [null, [[1, 2, 3]]] },
    ]),
    readySession("silent", 1, []),
    readySession("y", 1, [
      { key: "a", bins: 2, repeats: [[[4, 5], [6, 7]]] },
      { key: "b", bins: 3, repeats: [[[8, 9, 10]]] },
    ]),
  );
  assertEquals(dataset.stimMeta.map(({ description }) => description), [
    "b",
    "a",
  ]);
  assertEquals(dataset.nrnMeta.map(({ cellId }) => cellId), ["x.1", "y.0"]);
  assertEquals(dataset.nrnMasks, [[true, true], [false, true]]);
  assertEquals(itemAt(dataset.responses, 1)[1]?.shape, [2, 2]);
  assertEquals([...itemAt(itemAt(dataset.responses, 1), 1).data], [4, 5, 6, 7]);
  assertEquals(dataset.tally, { range: 0, step: 0, xcorr: 0, kept: 4 });
});

Deno.test("toDataset: pairs never presented share one sentinel", async () => {
  const { responses } = await load(
    readySession("x", 1, [{ key: "a", bins: 1, repeats: [[[1]]] }]),
    readySession("y", 1, [{ key: "b", bins: 1, repeats: [[[2]]] }]),
  );
  assertEquals(itemAt(responses, 0)[1], {
    data: new Float32Array([NaN]),
    shape: [1, 1],
  });
  assertEquals(itemAt(responses, 0)[1] === itemAt(responses, 1)[0], true);
});

Deno.test("toDataset: cuts a stimulus to its length common to all sessions", async () => {
  const { stims, responses } = await load(
    readySession("x", 1, [{ key: "a", bins: 3, repeats: [[[1, 2, 3]]] }]),
    readySession("y", 1, [{ key: "a", bins: 3, repeats: [[[4, 5], [6, 7]]] }]),
  );
  assertEquals(stims[0], {
    data: Float32Array.of(0, 1, 3, 4),
    shape: [1, 2, 2],
    unit: "dB",
    dtMs: 5,
  });
  assertEquals([...itemAt(itemAt(responses, 0), 0).data], [1, 2]);
  assertEquals([...itemAt(itemAt(responses, 0), 1).data], [4, 5, 6, 7]);
});

Deno.test("toDataset: reads each stimulus once, before its responses", async () => {
  const log: ReadLog = [];
  await load(
    readySession("x", 1, [{ key: "a", bins: 1, repeats: [[[1]]] }], log),
    readySession("y", 1, [{ key: "a", bins: 1, repeats: [[[1]]] }], log),
  );
  assertEquals(log, [
    "x list",
    "x stimulus a",
    "x trials a",
    "y list",
    "y trials a",
  ]);
});

Deno.test("toDataset: any concurrency gives the same dataset", async () => {
  const sessions = ["x", "y"].map((id) =>
    readySession(
      id,
      1,
      ["a", "b", "c", "d", "e"].map((key, i) => ({
        key,
        bins: 4,
        repeats: [[[i, 1, 2, 3]]],
      })),
    )
  );
  const one = await load(...sessions);
  const three = await lastValueFrom(
    from(sessions).pipe(toDataset({ concurrency: 3 })),
  );
  assertEquals(three.responses, one.responses);
  assertEquals(three.stimMeta, one.stimMeta);
});

Deno.test("toDataset: reports its progress", async () => {
  const steps: SinkProgress[] = [];
  const sessions = from([
    readySession("x", 1, [{ key: "a", bins: 1, repeats: [[[1]]] }]),
    readySession("y", 1, []),
  ]);
  await lastValueFrom(
    sessions.pipe(toDataset({ onProgress: (step) => steps.push(step) })),
  );
  assertEquals(
    steps.map((step) => Object.values(step)),
    [[0, 2, 1], [1, 2, 1], [2, 2, 1]],
  );
});

Deno.test("toDataset: refuses a stream without responses", async () => {
  await assertRejects(
    () => lastValueFrom(EMPTY.pipe(toDataset())),
    RecordingError,
    "Cannot make a dataset: no session has a response left",
  );
});

Deno.test("toDataset: passes on an error of the source", async () => {
  await assertRejects(
    () =>
      lastValueFrom(throwError(() => new SyntaxError("x")).pipe(toDataset())),
    SyntaxError,
  );
});

Deno.test("toDataset: refuses what is not binned and aligned", async () => {
  const raw = fakeSession("raw", [{}], [{
    key: "a",
    durationMs: 1,
    waveform: fakeSamples(4, 1),
    repeats: [[fakeSamples(4, 2)]],
  }]);
  await assertRejects(
    () => load(raw),
    RecordingError,
    "stimulus a is a waveform, expected mask()",
  );
  await assertRejects(
    () =>
      load(readySession("x", 1, [{
        key: "a",
        bins: 2,
        repeats: [[[1, 2], [3]]],
      }])),
    RecordingError,
    "repeats of a are not aligned, expected bin() and mask()",
  );
});

Deno.test("toDataset: unsubscribing aborts the current read", async () => {
  const { promise, resolve } = Promise.withResolvers<AbortSignal>();
  const endless: Session = {
    id: "endless",
    cells: [],
    presentations: ({ signal } = {}) => {
      resolve(signal as AbortSignal);
      return new Promise(() => {});
    },
  };
  const subscription = from([endless]).pipe(toDataset()).subscribe();
  const signal = await promise;
  assertEquals(signal.aborted, false);
  subscription.unsubscribe();
  assertEquals(signal.aborted, true);
});

Deno.test("toDataset: refuses a bad concurrency", () => {
  assertThrows(
    () => NEVER.pipe(toDataset({ concurrency: 0 })),
    RangeError,
    "Cannot make a dataset: concurrency is 0, expected 1 to 64",
  );
});
