import { FormatError } from "rxephys";
import { readEpochs } from "../../../src/sources/wingert2026/_epochs.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";

const PLACE = { archive: "recordings.zip", member: "a.tgz!A/A.resp.epoch.csv" };

function epochs(text: string): ReturnType<typeof readEpochs> {
  return readEpochs(new TextEncoder().encode(text), PLACE);
}

Deno.test("epochs: keeps times as written, and repeats in the order of rows", async () => {
  const table = await epochs(
    "name,start,end\nSTIM_a,208.84694000000002,210\nTRIAL,1e-05,0\n"
      .replace("1e-05,0", "1e-05,1e-05") + "STIM_a,3.5,4\nSTIM_b,-1,+2.\n",
  );
  assertEquals(Object.fromEntries(table), {
    STIM_a: [
      { start: 208.84694000000002, end: 210 },
      { start: 3.5, end: 4 },
    ],
    TRIAL: [{ start: 1e-5, end: 1e-5 }],
    STIM_b: [{ start: -1, end: 2 }],
  });
});

Deno.test("epochs: columns by name, quoted names, CR LF, no last line feed", async () => {
  const table = await epochs(
    'end,note,start,name\r\n2,x,1,"a ""b"", c"\r\n4,,3,"two\nlines"',
  );
  assertEquals([...table.keys()], ['a "b", c', "two\nlines"]);
  assertEquals(table.get("two\nlines"), [{ start: 3, end: 4 }]);
});

Deno.test("epochs: accepts a table without rows", async () => {
  assertEquals((await epochs("name,start,end\n")).size, 0);
  assertEquals((await epochs("name,start,end")).size, 0);
});

const BAD: Readonly<Record<string, string>> = {
  "": "it is empty",
  "name,start\na,1\n": "record 1: column end is missing",
  "end,name,start,end\n2,a,1,2\n": "record 1: column end is there twice",
  "name,start,end\na,1,2\nb,1\n": "record 3: 2 fields, expected 3",
  "name,start,end\na,1,2,3\n": "record 2: 4 fields, expected 3",
  "name,start,end\n\na,1,2\n": "record 2: it is blank",
  "name,start,end\na,,2\n":
    'record 2: start is "", expected a time within 10000000 s',
  "name,start,end\na,nan,2\n": 'record 2: start is "nan"',
  "name,start,end\na,0x1,2\n": 'record 2: start is "0x1"',
  "name,start,end\na,1,inf\n": 'record 2: end is "inf"',
  "name,start,end\na,1,1e999\n": 'record 2: end is "1e999"',
  'name,start,end\n"a\nb",1,2\nc,2,1.5\n':
    "record 3: end is 1.5, expected 2 or later",
  'name,start,end\n"a,1,2\n':
    "record 2: a quote is out of place, or not closed",
  'name,start,end\na"b,1,2\n':
    "record 2: a quote is out of place, or not closed",
};

for (const [text, message] of Object.entries(BAD)) {
  Deno.test(`epochs: refuses ${JSON.stringify(text)}`, async () => {
    const error = await assertRejects(
      () => epochs(text),
      FormatError,
      `Cannot read epochs: ${message}`,
    );
    assertEquals([error.archive, error.member], Object.values(PLACE));
  });
}

Deno.test("epochs: refuses what is not UTF-8", async () => {
  await assertRejects(
    () => readEpochs(Uint8Array.of(0x6e, 0xff), PLACE),
    FormatError,
    "Cannot read epochs: it is not UTF-8",
  );
});
