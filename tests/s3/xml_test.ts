import { assert, assertEquals } from "../support/assert.ts";
import { elements, textOf } from "../../src/s3/xml.ts";

const all = (xml: string, name: string): string[] => [...elements(xml, name)];

Deno.test("elements are found by their whole name, with attributes or empty", () => {
  const xml = '<?xml version="1.0"?><A xmlns="http://x/"><Key>1</Key>' +
    "<KeyMarker/><Keys>2</Keys><Key>\n3</Key><Key />" + "</A>";
  assertEquals(all(xml, "Key"), ["1", "\n3", ""]);
  assertEquals(all(xml, "KeyMarker"), [""]);
  assertEquals(all(xml, "B"), []);
  assertEquals(all(xml, "A").length, 1);
});

Deno.test("text has its entities replaced, once", () => {
  const xml = "<A>&lt;&amp;lt;&gt;&quot;&apos;&#65;&#x41;&#x110000;&no;</A>";
  assertEquals(textOf(xml, "A"), "<&lt;>\"'AA&#x110000;&no;");
  assertEquals(textOf("<B/>", "A"), undefined);
});

Deno.test("a text that is cut has the elements before the cut", () => {
  for (
    const cut of ["<A>1</A><A>2", "<A>1</A><A", "<A>1</A><A b=", "<A>1</A><"]
  ) {
    assertEquals(all(cut, "A"), ["1"]);
  }
});

Deno.test("a hostile text takes no time", () => {
  const start = performance.now();
  for (const piece of ["<A>", "<A ", "<Ab", "<A/>", "<"]) {
    all(piece.repeat(1_000_000), "A");
  }
  const ms = performance.now() - start;
  assert(ms < 5000, `${ms} ms`);
});
