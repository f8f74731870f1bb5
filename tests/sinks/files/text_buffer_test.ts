import { assertEquals } from "../../support/assert.ts";
import { seeded, whole } from "../../support/sessions/traces.ts";
import { TextBuffer } from "../../../src/sinks/files/ndjson_format.ts";
import { itemAt } from "../../support/item_at.ts";

Deno.test("TextBuffer: equals TextEncoder on the joined parts", () => {
  const random = seeded(5);
  const buffer = new TextBuffer();
  const letters = ["a", "\u00e9", "\u2581", "\u{1f400}"];
  for (let round = 0; round < 60; round++) {
    const parts = Array.from({ length: whole(random, 0, 4) }, () => {
      const letter = itemAt(letters, whole(random, 0, 3));
      return letter.repeat(whole(random, 0, round % 10 === 0 ? 200_000 : 50));
    });
    for (const part of parts) buffer.append(part);
    assertEquals(
      buffer.take().slice(),
      new TextEncoder().encode(parts.join("")),
    );
  }
  assertEquals(buffer.take().length, 0);
});
