import {
  bin,
  mask,
  OutputError,
  type Session,
  toNdjson,
  type WriteSummary,
} from "rxephys";
import { concat, from, lastValueFrom, NEVER, of, throwError } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { fakeSession } from "../support/sessions/fake_session.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { inFolder } from "../support/in_folder.ts";
import { firstOf } from "../support/item_at.ts";

const SESSIONS = [
  readySession("x", 2, [
    { key: "a", bins: 2, repeats: [[[1, 2], [3, 4]], null] },
    { key: "unheard", bins: 2, repeats: [null, null] },
  ]),
  readySession("y", 1, [{ key: "a", bins: 2, repeats: [[[5, 6]]] }]),
];

function write(
  target: Parameters<typeof toNdjson>[0],
  options: Parameters<typeof toNdjson>[1] = {},
  sessions: readonly Session[] = SESSIONS,
): Promise<WriteSummary> {
  return lastValueFrom(from(sessions).pipe(toNdjson(target, options)));
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name);
}

Deno.test("toNdjson: writes each stimulus once, and a line for each pair", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x.ndjson`;
    const summary = await write(path, { arrays: "numbers" });
    const text = await Deno.readTextFile(path);
    const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines, [
      {
        type: "stimulus",
        name: "stimuli/0",
        stimulus: 0,
        key: "a",
        session: "x",
        durationMs: 10,
        unit: "dB",
        dtMs: 5,
        shape: [1, 2, 2],
        dtype: "float32",
        meta: { description: "a" },
        tally: { range: 0, step: 0, xcorr: 0, kept: 1 },
        data: [0, 1, 2, 3],
      },
      response(0, "x", "x.0", [2, 2], [1, 2, 3, 4]),
      response(1, "y", "y.0", [1, 2], [5, 6], { kept: 2 }, {
        stimuli: 1,
        responses: 2,
      }),
    ]);
    assertEquals(summary, {
      path,
      bytes: text.length,
      stimuli: 1,
      responses: 2,
      cells: 2,
      tally: { range: 0, step: 0, xcorr: 0, kept: 3 },
    });
    assertEquals(namesIn(folder), ["x.ndjson"]);
  }));

function response(
  cell: number,
  session: string,
  cellId: string,
  shape: number[],
  data: number[],
  tally?: { kept: number },
  end?: { stimuli: number; responses: number },
): unknown {
  return {
    type: "response",
    name: `responses/0.${cell}`,
    stimulus: 0,
    cell,
    key: "a",
    session,
    kind: "subthresh",
    unit: "mV",
    dtMs: 5,
    shape,
    dtype: "float32",
    meta: { cellId, signalType: "subthresh" },
    ...(tally && { tally: { range: 0, step: 0, xcorr: 0, ...tally } }),
    data,
    ...(end && { end }),
  };
}

Deno.test("toNdjson: base64 encodes little-endian float32", () =>
  inFolder(async (folder) => {
    await write(`${folder}/x`);
    const text = await Deno.readTextFile(`${folder}/x`);
    const [, line] = firstOf(2, text.split("\n"));
    const bytes = Uint8Array.from(
      atob(JSON.parse(line).data),
      (c) => c.charCodeAt(0),
    );
    // struct.pack("<4f", 1, 2, 3, 4).hex()
    assertEquals(
      Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
      "0000803f000000400000404000008040",
    );
  }));

Deno.test("toNdjson: writes sessions at any stage of a chain", () =>
  inFolder(async (folder) => {
    const raw = fakeSession("raw", [{ recordingType: "whole-cell" }], [{
      key: "a",
      durationMs: 3,
      waveform: Int16Array.of(7, 8),
      repeats: [[Int16Array.of(2, 4, 6), Int16Array.of(8)]],
    }], { scale: 0.5 });
    const path = `${folder}/raw`;
    await write(path, { arrays: "numbers" }, [raw]);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    const [stimulus, trace] = lines.map((line) => JSON.parse(line));
    assertEquals(
      [stimulus.unit, stimulus.rateHz, stimulus.shape, stimulus.data],
      ["sample", 10_000, [2], [7, 8]],
    );
    assertEquals(
      [trace.kind, trace.rateHz, trace.lengths, trace.shape, trace.data],
      ["raw", 1000, [3, 1], undefined, [1, 2, 3, 4]],
    );
  }));

Deno.test("toNdjson: writes rate and bins of an aligned waveform", () =>
  inFolder(async (folder) => {
    const raw = fakeSession("raw", [{}], [{
      key: "a",
      durationMs: 2,
      waveform: Int16Array.of(7, 8),
      repeats: [[Int16Array.of(2, 4)]],
    }]);
    const path = `${folder}/sound`;
    const aligned = of(raw).pipe(
      bin({ dtMs: 1 }),
      mask({ audioRateHz: 10_000 }),
    );
    await lastValueFrom(aligned.pipe(toNdjson(path, { arrays: "numbers" })));
    const [line] = firstOf(1, (await Deno.readTextFile(path)).split("\n"));
    assertEquals(JSON.parse(line), {
      type: "stimulus",
      name: "stimuli/0",
      stimulus: 0,
      key: "a",
      session: "raw",
      durationMs: 2,
      unit: "sample",
      dtMs: 1,
      samplesPerBin: 10,
      rateHz: 10_000,
      shape: [1, 10],
      dtype: "float32",
      meta: { description: "a" },
      data: [7, 8, 0, 0, 0, 0, 0, 0, 0, 0],
    });
  }));

Deno.test("toNdjson: writes to a stream and leaves it open", async () => {
  const chunks: Uint8Array[] = [];
  const stream = new WritableStream<Uint8Array>({
    write: (chunk) => void chunks.push(chunk),
  });
  const { path, bytes } = await write(stream);
  assertEquals(path, undefined);
  assertEquals(chunks.reduce((sum, { length }) => sum + length, 0), bytes);
  assertEquals(chunks.length, 3);
  await stream.close();
});

Deno.test("toNdjson: a slow stream delays further reads", async () => {
  const reads: string[] = [];
  const session = readySession(
    "x",
    1,
    ["a", "b", "c"].map((key) => ({ key, bins: 1, repeats: [[[1]]] })),
    reads,
  );
  const gate = Promise.withResolvers<void>();
  const first = Promise.withResolvers<void>();
  const stream = new WritableStream<Uint8Array>({
    write: () => {
      first.resolve();
      return gate.promise;
    },
  });
  const writing = write(stream, {}, [session]);
  await first.promise;
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  assertEquals(reads, ["x list", "x stimulus a", "x trials a"]);
  gate.resolve();
  await writing;
  assertEquals(reads.length, 7);
});

Deno.test("toNdjson: after an error only the unchanged old file remains", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await Deno.writeTextFile(path, "old");
    const failing = concat(
      from(SESSIONS),
      throwError(() => new SyntaxError("of the source")),
    );
    await assertRejects(
      () => lastValueFrom(failing.pipe(toNdjson(path, { overwrite: true }))),
      SyntaxError,
      "of the source",
    );
    assertEquals(namesIn(folder), ["x"]);
    assertEquals(await Deno.readTextFile(path), "old");
  }));

Deno.test("toNdjson: unsubscribing midway closes and removes the partial file", () =>
  inFolder(async (folder) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stream = concat(firstOf(1, SESSIONS), NEVER).pipe(
      toNdjson(`${folder}/x`, {
        onProgress: ({ sessionsDone }) => sessionsDone === 1 && resolve(),
      }),
    );
    const subscription = stream.subscribe();
    await promise;
    assertEquals(namesIn(folder).sort(), ["x.part", "x.part.journal"]);
    subscription.unsubscribe();
    assertEquals(namesIn(folder), []);
  }));

Deno.test("toNdjson: a second subscription writes the same file", () =>
  inFolder(async (folder) => {
    const stream = from(SESSIONS).pipe(
      toNdjson(`${folder}/x`, { overwrite: true }),
    );
    const first = await lastValueFrom(stream);
    const text = await Deno.readTextFile(`${folder}/x`);
    assertEquals(await lastValueFrom(stream), first);
    assertEquals(await Deno.readTextFile(`${folder}/x`), text);
  }));

Deno.test("toNdjson: a missing folder is an error", () =>
  inFolder(async (folder) => {
    await assertRejects(
      () => write(`${folder}/absent/x`),
      OutputError,
      "Cannot write NDJSON: No such file or directory",
    );
  }));

Deno.test("toNdjson: refuses bad options at the call", () => {
  assertThrows(
    () => toNdjson("x", { arrays: "hex" as "numbers" }),
    TypeError,
    "Cannot write NDJSON: arrays is hex, expected base64 or numbers",
  );
  assertThrows(
    () => toNdjson("x", { concurrency: 65 }),
    RangeError,
    "Cannot write NDJSON: concurrency is 65, expected 1 to 64",
  );
});
