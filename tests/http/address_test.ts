import { addressBeside } from "../../src/http/address.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [zip, beside] of [
    ["https://x.org/a/b.zip", "https://x.org/a/c%20d.csv"],
    ["https://x.org/a/b.zip?token=1", "https://x.org/a/c%20d.csv?token=1"],
    ["https://x.org/b.zip/content", "https://x.org/c%20d.csv/content"],
    ["https://x.org/a/", "https://x.org/a/c%20d.csv"],
  ] as const
) {
  Deno.test(`addressBeside: ${zip}`, () => {
    assertEquals(addressBeside(zip, "c d.csv"), beside);
  });
}
