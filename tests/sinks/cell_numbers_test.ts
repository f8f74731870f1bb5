import { mapResponses, type Session, toDataset, toNdjson } from "rxephys";
import { from, lastValueFrom } from "rxjs";
import { lineageOf, withLineage } from "../../src/stream/lineage.ts";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

/** Two sessions that share a table of six cells, some of them silent. */
const SESSIONS: readonly Session[] = [
  withLineage(
    readySession("x", 3, [
      { key: "unheard", bins: 2, repeats: [null, null, null] },
      { key: "a", bins: 2, repeats: [[[1, 2]], null, [[3, 4]]] },
    ]),
    { cellNumbers: [4, 5, 1] },
  ),
  withLineage(
    readySession("y", 2, [
      { key: "b", bins: 3, repeats: [null, [[5, 6, 7]]] },
    ]),
    { cellNumbers: [0, 2] },
  ),
  withLineage(readySession("z", 1, []), { cellNumbers: [3] }),
];

async function dataset(sessions: readonly Session[]): Promise<unknown> {
  const made = await lastValueFrom(from(sessions).pipe(toDataset()));
  return {
    cells: made.nrnMeta.map(({ cellId }) => cellId),
    stims: made.stimMeta.map(({ description }) => description),
    heard: made.nrnMasks.map((row) =>
      row.flatMap((heard, n) => heard ? [n] : [])
    ),
    first: made.responses.map((row) => row.map(({ data }) => data[0])),
  };
}

Deno.test("toDataset: keeps every stimulus, and all cells in table order", async () => {
  assertEquals(await dataset(SESSIONS), {
    cells: ["y.0", "x.2", "y.1", "z.0", "x.0", "x.1"],
    stims: ["unheard", "a", "b"],
    heard: [[], [1, 4], [2]],
    first: [
      [NaN, NaN, NaN, NaN, NaN, NaN],
      [NaN, 3, NaN, NaN, 1, NaN],
      [NaN, NaN, 5, NaN, NaN, NaN],
    ],
  });
});

Deno.test("toDataset: a session missing from the stream leaves no gap", async () => {
  assertEquals(await dataset(SESSIONS.slice(0, 1)), {
    cells: ["x.2", "x.0", "x.1"],
    stims: ["unheard", "a"],
    heard: [[], [0, 1]],
    first: [[NaN, NaN, NaN], [3, 1, NaN]],
  });
});

Deno.test("toDataset: two tables and a session without one share no cells", async () => {
  const other = readySession("w", 2, [
    { key: "c", bins: 2, repeats: [null, [[8, 9]]] },
  ]);
  const session = itemAt(SESSIONS, 1);
  const again = { ...session, id: "again" };
  assertEquals(await dataset([session, other, again]), {
    cells: ["y.0", "y.1", "w.1", "y.0", "y.1"],
    stims: ["b", "c"],
    heard: [[1, 4], [2]],
    first: [[NaN, 5, NaN, NaN, 5], [NaN, NaN, 8, NaN, NaN]],
  });
});

Deno.test("toDataset: accepts silent cells only, but not a stream without stimuli", async () => {
  const silent = withLineage(
    readySession("s", 1, [{ key: "a", bins: 2, repeats: [null] }]),
    { cellNumbers: [0] },
  );
  assertEquals(await dataset([silent]), {
    cells: ["s.0"],
    stims: ["a"],
    heard: [[]],
    first: [[NaN]],
  });
  await assertRejects(() => dataset(SESSIONS.slice(2)), Error, "no session");
});

Deno.test("operators preserve a session's cell table and its partOf link", async () => {
  const [whole] = firstOf(1, SESSIONS);
  const part = withLineage({
    ...whole,
    presentations: async () => (await whole.presentations()).slice(1),
  }, { whole });
  const doubled = mapResponses((response) => ({ ...response, scale: 2 }));
  const out = await lastValueFrom(from([part]).pipe(doubled));
  assertEquals(lineageOf(out).cellNumbers, [4, 5, 1]);
  assertEquals((await out.presentations()).length, 1);
  const all = await lineageOf(out).whole?.presentations() ?? [];
  const heard = itemAt(all, 1);
  assertEquals((await heard.read()).responses[0]?.scale, 2);
});

Deno.test("toNdjson: numbers cells as in the table and writes every stimulus", async () => {
  const lines: Record<string, unknown>[] = [];
  const decoder = new TextDecoder();
  const target = new WritableStream<Uint8Array>({
    write(bytes): void {
      for (const line of decoder.decode(bytes).trimEnd().split("\n")) {
        lines.push(JSON.parse(line));
      }
    },
  });
  const summary = await lastValueFrom(
    from(SESSIONS).pipe(toNdjson(target, { arrays: "numbers" })),
  );
  assertEquals(
    lines.map(({ type, key, stimulus, cell }) => [type, key, stimulus, cell]),
    [
      ["stimulus", "unheard", 0, undefined],
      ["stimulus", "a", 1, undefined],
      ["response", "a", 1, 4],
      ["response", "a", 1, 1],
      ["stimulus", "b", 2, undefined],
      ["response", "b", 2, 2],
      ["rest", undefined, undefined, undefined],
    ],
  );
  assertEquals([summary.stimuli, summary.responses, summary.cells], [3, 3, 3]);
});
