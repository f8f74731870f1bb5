import type { Session } from "rxephys";
import { assertEquals, assertRejects } from "../support/assert.ts";
import {
  ASARI_MODEL,
  asariIn,
  filesOf,
  readAll,
  WEHR_MODEL,
  wehrIn,
  WINGERT_MODEL,
  wingertIn,
} from "../support/release_models.ts";
import { EPOCHS, epochsOf, HOSTILE } from "./_hostile_values.ts";

for (const [what, { sessions, error, message }] of Object.entries(HOSTILE)) {
  Deno.test(`hostile values: ${what} is refused by name`, async () => {
    await assertRejects(
      async () => await readAll(await sessions()),
      error,
      message,
    );
  });
}

Deno.test("hostile values: a million spikes in a bin count at once", async () => {
  const sessions = await wingertIn(filesOf({
    ...WINGERT_MODEL,
    [EPOCHS]: epochsOf(20_000, ["0.1", "0.2"]),
    "TST001a/P.resp.h5": {
      hdf5: ["TST001a-001-1", "TST001a-002-1"].map((name) => ({
        name,
        data: new Float64Array(1_000_000).fill(0.155),
        rows: null,
      })),
    },
  }));
  const [, presentation] = await (sessions[0] as Session).presentations();
  const { responses } = await presentation?.read() ?? { responses: [] };
  const [repeat] = responses[0]?.repeats ?? [];
  assertEquals(repeat?.[5], 1_000_000);
});

Deno.test("hostile values: the unchanged models are accepted", async () => {
  for (
    const [sessions, count] of [
      [wehrIn(filesOf(WEHR_MODEL)), 1],
      [await asariIn(filesOf(ASARI_MODEL)), 2],
      [await wingertIn(filesOf(WINGERT_MODEL)), 2],
    ] as const
  ) {
    await readAll(sessions);
    assertEquals((await sessions[0]?.presentations())?.length, count);
  }
});
