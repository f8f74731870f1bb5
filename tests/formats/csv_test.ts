// @ts-types="../../src/formats/_std_csv.d.ts"
import { parse } from "@std/csv";
import fc from "fast-check";
import { csvRecords } from "../../src/formats/csv.ts";
import { assertEquals } from "../support/assert.ts";

const field = fc.string({ unit: fc.constantFrom(..."ab0.- \t;'") });

Deno.test("csvRecords: records without a quote are as std's parser reads them", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(field, { minLength: 1, maxLength: 6 }),
      async (fields) => {
        const text = fields.join(",");
        fc.pre(text !== "");
        const bytes = new TextEncoder().encode(`${text}\r\n`);
        const records = await Array.fromAsync(csvRecords([bytes], "read", {}));
        assertEquals(records.map(({ fields }) => fields), parse(text));
      },
    ),
    { seed: 3, numRuns: 500 },
  );
});
