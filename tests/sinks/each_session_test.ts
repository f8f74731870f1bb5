import { eachSession, type Session } from "rxephys";
import { concat, finalize, from, NEVER, of, throwError } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { readySession } from "../support/sessions/ready_session.ts";

const sessions = (...ids: string[]): Session[] =>
  ids.map((id) => readySession(id, 1, []));

async function idsOf(
  stream: Parameters<typeof eachSession>[0],
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of eachSession(stream)) ids.push(id);
  return ids;
}

Deno.test("eachSession: yields sessions in order, and again in a second loop", async () => {
  const stream = from(sessions("x", "y", "z"));
  assertEquals(await idsOf(stream), ["x", "y", "z"]);
  assertEquals(await idsOf(stream), ["x", "y", "z"]);
  assertEquals(await idsOf(of()), []);
});

Deno.test("eachSession: waits for sessions that arrive later", async () => {
  const later = Promise.resolve().then(() => readySession("y", 1, []));
  const stream = concat(from(sessions("x")), from(later));
  assertEquals(await idsOf(stream), ["x", "y"]);
});

Deno.test("eachSession: throws an error after the sessions before it", async () => {
  const ids: string[] = [];
  const failing = concat(
    from(sessions("x")),
    throwError(() => new TypeError("not my day")),
  );
  await assertRejects(
    async () => {
      for await (const { id } of eachSession(failing)) ids.push(id);
    },
    TypeError,
    "not my day",
  );
  assertEquals(ids, ["x"]);
});

Deno.test("eachSession: leaving the loop unsubscribes", async () => {
  let left = 0;
  const endless = concat(from(sessions("x", "y")), NEVER)
    .pipe(finalize(() => left++));
  for await (const { id } of eachSession(endless)) {
    assertEquals([id, left], ["x", 0]);
    break;
  }
  assertEquals(left, 1);
});
