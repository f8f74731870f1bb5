import {
  addressBeside,
  addressInFolder,
  isFolderAddress,
} from "../../src/http/address.ts";
import { assertEquals } from "../support/assert.ts";

for (
  const [zip, beside] of [
    ["https://x.org/a/b.zip", "https://x.org/a/c%20d.csv"],
    ["https://x.org/a/b.zip?token=1", "https://x.org/a/c%20d.csv?token=1"],
    ["https://x.org/b.zip/content", "https://x.org/c%20d.csv/content"],
    ["https://x.org/a/", "https://x.org/a/c%20d.csv"],
    ["s3://bucket/a/b.zip", "s3://bucket/a/c%20d.csv"],
    ["s3://bucket/b.zip", "s3://bucket/c%20d.csv"],
  ] as const
) {
  Deno.test(`addressBeside: ${zip}`, () => {
    assertEquals(addressBeside(zip, "c d.csv"), beside);
  });
}

for (
  const [folder, inside] of [
    ["https://x.org/a/?token=1", "https://x.org/a/c%20d.csv?token=1"],
    ["s3://bucket/a/", "s3://bucket/a/c%20d.csv"],
    ["s3://bucket/", "s3://bucket/c%20d.csv"],
    ["s3://bucket", "s3://bucket/c%20d.csv"],
  ] as const
) {
  Deno.test(`addressInFolder: ${folder}`, () => {
    assertEquals(isFolderAddress(folder), true);
    assertEquals(addressInFolder(folder, "c d.csv"), inside);
  });
}
