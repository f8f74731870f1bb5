import { parseSequence } from "../../../src/sources/crcns_ac1/_asari_file.ts";
import { assertEquals } from "../../support/assert.ts";
import { goldenCases } from "../../support/golden/golden_operators.ts";

for (
  const { name, input, output } of goldenCases<string, number[] | null>(
    "parseSequence",
  )
) {
  Deno.test(`${name} ${input}`, () => {
    assertEquals(parseSequence(input), output);
  });
}

Deno.test("parseSequence: reads any list, in any case and with any blanks", () => {
  let state = 5;
  const draw = (limit: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
  const blanks = (least: number): string =>
    Array.from({ length: least + draw(3) }, () => " \t\n"[draw(3)]).join("");
  for (let time = 0; time < 500; time++) {
    const rows = Array.from({ length: 1 + draw(12) }, () => draw(200));
    const word = [..."sequence"]
      .map((char) => draw(2) ? char.toUpperCase() : char).join("");
    const list = rows.map((row, i) => (i ? blanks(1) : "") + row).join("");
    const text = blanks(0) + word + blanks(1) + draw(99) + blanks(0) + ":" +
      blanks(0) + list + blanks(0);
    assertEquals(parseSequence(text), rows, JSON.stringify(text));
  }
});

Deno.test("parseSequence: ignores text around a list, and refuses half a list", () => {
  assertEquals(parseSequence("(A1) Sequence 1: 2 3 (class3)"), [2, 3]);
  assertEquals(parseSequence("Sequence 1: 2, 3"), null);
  assertEquals(parseSequence("Sequence 1: 2 3, 4"), null);
  assertEquals(parseSequence("Sequence 1: 2 3x"), null);
  assertEquals(parseSequence("Sequence 1: 12.5"), null);
  assertEquals(parseSequence("Sequence : 1 2"), null);
});
