import { lastValueFrom, of } from "rxjs";
import { toDataset, toNpz } from "rxephys";
import { notedSession } from "../../src/shards/_session_facts.ts";
import { withLineage } from "../../src/stream/lineage.ts";
import { assertEquals, assertThrows } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { readySession } from "../support/sessions/ready_session.ts";

const TALLY = { range: 1, step: 0, xcorr: 2, kept: 0 };

Deno.test("a sink that reads a noted session leaves the facts about it", () =>
  inFolder(async (folder) => {
    const session = withLineage(
      readySession("a", 3, [
        { key: "x", bins: 3, repeats: [[[1, 2, 3]], null, [[4, 5, 6]]] },
        { key: "y", bins: 2, repeats: [null, null, null], tally: TALLY },
        { key: "z", bins: 2, repeats: [[[1, 2]], [[3, 4]], [[5, 6]]] },
      ]),
      { cellNumbers: [7, 8, 5] },
    );
    const noted = notedSession(session);
    const writing = of(noted.session).pipe(toNpz(`${folder}/a.npz`));
    const { stimuli, responses } = await lastValueFrom(writing);
    assertEquals({ stimuli, responses }, { stimuli: 3, responses: 5 });
    const { presentations, ...facts } = noted.facts();
    assertEquals(facts, {
      cells: session.cells,
      cellNumbers: [7, 8, 5],
      forms: [{ kind: "subthresh", rateHz: 200, dtMs: 5, unit: "mV" }],
    });
    const kept = { range: 0, step: 0, xcorr: 0, kept: 1 };
    assertEquals(presentations, [
      {
        ...{ key: "x", durationMs: 15, meta: { description: "x" } },
        ...{ bins: 3, tally: kept, responses: [0, null, 0] },
      },
      {
        ...{ key: "y", durationMs: 10, meta: { description: "y" } },
        ...{ bins: 2, tally: TALLY, responses: null },
      },
      {
        ...{ key: "z", durationMs: 10, meta: { description: "z" } },
        ...{ bins: 2, tally: kept, responses: 0 },
      },
    ]);
  }));

Deno.test("the file of a noted session holds the stimuli that no cell answered", async () => {
  const session = readySession("a", 1, [
    { key: "x", bins: 3, repeats: [null] },
    { key: "y", bins: 2, repeats: [[[1, 2]]] },
  ]);
  const read = async (sessions: typeof session): Promise<readonly string[]> =>
    (await lastValueFrom(of(sessions).pipe(toDataset()))).stimKeys;
  assertEquals(await read(session), ["y"]);
  assertEquals(await read(notedSession(session).session), ["x", "y"]);
});

Deno.test("facts about a session that was not read are refused", async () => {
  const noted = notedSession(
    readySession("a", 1, [{ key: "x", bins: 2, repeats: [[[1, 2]]] }]),
  );
  await noted.session.presentations();
  assertThrows(
    () => noted.facts(),
    TypeError,
    "Cannot describe shard: a presentation was not read, expected all",
  );
});
