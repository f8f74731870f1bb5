import { contentRange, rangeHeaders } from "../../src/http/range.ts";
import { type FileVersion, isSameVersion } from "../../src/http/version.ts";
import { assertEquals } from "../support/assert.ts";

const version = (etag: string | null, date: string | null): FileVersion => ({
  etag,
  lastModified: date,
});

const PAIRS: [string, FileVersion, FileVersion, boolean][] = [
  ["nothing known", version(null, null), version(null, null), true],
  ["equal strong tags", version('"a"', "1"), version('"a"', "2"), true],
  ["other strong tags", version('"a"', "1"), version('"b"', "1"), false],
  ["equal weak tags", version('W/"a"', "1"), version('W/"a"', "1"), true],
  [
    "equal weak tags, other dates",
    version('W/"a"', "1"),
    version('W/"a"', "2"),
    false,
  ],
  ["other weak tags", version('W/"a"', "1"), version('W/"b"', "1"), false],
  ["a tag made weak", version('"a"', null), version('W/"a"', null), true],
  ["one tag, other dates", version('"a"', "1"), version(null, "2"), false],
  ["one tag, one date", version('"a"', "1"), version(null, null), true],
];

for (const [name, a, b, expected] of PAIRS) {
  Deno.test(`versions of one file: ${name}`, () => {
    assertEquals([isSameVersion(a, b), isSameVersion(b, a)], [
      expected,
      expected,
    ]);
  });
}

Deno.test("a range is asked for as stored, and by a strong tag or a date", () => {
  const plain = { "accept-encoding": "identity" };
  assertEquals(rangeHeaders(), plain);
  const range = { ...plain, range: "bytes=5-" };
  assertEquals(rangeHeaders("5-"), range);
  assertEquals(rangeHeaders("5-", version('"a"', "1")), {
    ...range,
    "if-range": '"a"',
  });
  assertEquals(rangeHeaders("5-", version('W/"a"', "1")), {
    ...range,
    "if-range": "1",
  });
  assertEquals(rangeHeaders("5-", version('W/"a"', null)), range);
});

Deno.test("a Content-Range is sound or none", () => {
  const read = (text: string): unknown =>
    contentRange(new Headers({ "content-range": text }));
  assertEquals(read("bytes 0-9/10"), { first: 0, last: 9, size: 10 });
  assertEquals(read("Bytes 3-4/*"), { first: 3, last: 4, size: null });
  for (
    const text of [
      "",
      "bytes 9-0/10",
      "bytes 0-10/10",
      "items 0-1/2",
      "bytes */5",
      "bytes 0-1/1e3",
      `bytes 0-1/${"9".repeat(30)}`,
    ]
  ) {
    assertEquals(read(text), null);
  }
});
