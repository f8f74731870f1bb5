import { assertEquals } from "../support/assert.ts";
import { freeArray, givesAway, givingAway } from "../../src/base/sole_owner.ts";

Deno.test("freeArray: the array and its buffer become empty", () => {
  const whole = new Float64Array(1000);
  const part = whole.subarray(10, 20);
  freeArray(part);
  assertEquals([whole.length, part.length], [0, 0]);
  assertEquals(whole.buffer.byteLength, 0);
});

Deno.test("givesAway: only the function that was marked", () => {
  const read = givingAway(() => [1]);
  assertEquals(givesAway(read), true);
  assertEquals(givesAway(() => read()), false);
});
