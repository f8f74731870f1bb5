import { type CellResponse, mapResponses } from "rxephys";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { operatorCases, pass, someSession } from "./_operator_cases.ts";

operatorCases("mapResponses", () => mapResponses((response) => response), [{
  call: () =>
    mapResponses("louder" as unknown as (r: CellResponse) => CellResponse),
  error: TypeError,
  message: "Cannot map responses: apply is string, expected a function",
}]);

Deno.test("mapResponses: the function receives response, session, cell and stimulus", async () => {
  const seen: unknown[] = [];
  const controller = new AbortController();
  const [session] = await pass(
    mapResponses((response, { session, cell, stimulus, signal }) => {
      seen.push([session.id, cell.recordingType, stimulus.key, signal]);
      return { ...response, scale: 2 };
    }),
    someSession(),
  );
  const presentation = itemAt(await session.presentations(), 0);
  const { responses } = await presentation.read({ signal: controller.signal });
  assertEquals(responses[0]?.scale, 2);
  assertEquals(seen, [["some", "whole-cell", "a", controller.signal]]);
});

Deno.test("mapResponses: waits for an asynchronous function", async () => {
  const [session] = await pass(
    mapResponses(async (response) => {
      await Promise.resolve();
      return { ...response, rateHz: 7 };
    }),
    someSession(),
  );
  const presentation = itemAt(await session.presentations(), 0);
  assertEquals((await presentation.read()).responses[0]?.rateHz, 7);
});

Deno.test("mapResponses: null drops a response, which later functions do not receive", async () => {
  let calls = 0;
  const [dropped] = await pass(mapResponses(() => null), someSession());
  const [session] = await pass(
    mapResponses((response) => {
      calls++;
      return response;
    }),
    dropped,
  );
  const presentation = itemAt(await session.presentations(), 0);
  assertEquals((await presentation.read()).responses, [null]);
  assertEquals(calls, 0);
});

Deno.test("mapResponses: an error in the function rejects the read", async () => {
  const [session] = await pass(
    mapResponses(() => {
      throw new SyntaxError("of the user");
    }),
    someSession(),
  );
  const presentation = itemAt(await session.presentations(), 0);
  await assertRejects(() => presentation.read(), SyntaxError, "of the user");
});

Deno.test("mapResponses: an aborted read does not call the function", async () => {
  let calls = 0;
  const [session] = await pass(
    mapResponses((response) => {
      calls++;
      return response;
    }),
    someSession(),
  );
  const presentation = itemAt(await session.presentations(), 0);
  await assertRejects(
    () => presentation.read({ signal: AbortSignal.abort() }),
    DOMException,
  );
  assertEquals(calls, 0);
});
