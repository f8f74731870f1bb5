import {
  ArchiveError,
  crcnsAc1Pipeline,
  DataError,
  toDataset,
  UnsupportedError,
  wehr,
} from "rxephys";
import { Uint8ArrayReader, ZipReader } from "@zip-js/zip-js";
import { lastValueFrom } from "rxjs";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { itemAt } from "../support/item_at.ts";

const ZIP = await Deno.readFile(`${AC1_TINY}/crcns-ac1.zip`);
const TRIAL = "wehr/Results/20020509-mw-002/20020509-mw-002-0010.mat";
const STIMULUS = "wehr/Stimuli/fragments/3.mat";

/** Loads a damaged copy of the zip and returns the error. */
async function refusal(
  damage: (zip: Uint8Array) => Uint8Array,
): Promise<{ error: DataError; path: string }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/crcns-ac1.zip`;
  try {
    await Deno.writeFile(path, damage(ZIP.slice()));
    const error = await assertRejects(
      () => lastValueFrom(wehr(folder).pipe(crcnsAc1Pipeline(), toDataset())),
      DataError,
    );
    return { error, path };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Byte of a member's local header, and of the record in the directory. */
async function placesOf(
  member: string,
): Promise<{ local: number; central: number }> {
  const reader = new ZipReader(new Uint8ArrayReader(ZIP));
  const entries = await reader.getEntries();
  const found = entries.find(({ filename }) => filename === member);
  assert(found);
  await reader.close();
  const name = new TextEncoder().encode(member);
  // The name stands last in the directory, 46 bytes into its record.
  const at = lastIndexOf(ZIP, name);
  return { local: found.offset, central: at - 46 };
}

function lastIndexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = bytes.length - part.length; at >= 0; at--) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

for (const kept of [0.2, 0.9, 0.999]) {
  Deno.test(`wehr: a zip cut at ${100 * kept} % is refused`, async () => {
    const { error, path } = await refusal((zip) =>
      zip.subarray(0, kept * zip.length)
    );
    assertEquals(error.constructor, ArchiveError);
    assertEquals(error.archive, path);
    assert(error.offset !== undefined);
  });
}

for (const member of [TRIAL, STIMULUS]) {
  Deno.test(`wehr: a flipped byte in ${member} is refused`, async () => {
    const { local } = await placesOf(member);
    const { error, path } = await refusal((zip) => {
      const at = local + 30 + member.length + 2000;
      zip[at] = itemAt(zip, at) ^ 0x10;
      return zip;
    });
    assertEquals(error.constructor, ArchiveError);
    assertEquals([error.archive, error.member], [path, member]);
    assertEquals(error.offset, local);
  });
}

Deno.test("wehr: a member larger than it says is refused", async () => {
  const { local, central } = await placesOf(TRIAL);
  const { error } = await refusal((zip) => {
    const view = new DataView(zip.buffer);
    const size = view.getUint32(central + 24, true);
    view.setUint32(central + 24, size - 100, true);
    view.setUint32(local + 22, size - 100, true);
    return zip;
  });
  assertEquals(error.constructor, ArchiveError);
  assertEquals(error.member, TRIAL);
});

Deno.test("wehr: an encrypted member is refused", async () => {
  const { local, central } = await placesOf(TRIAL);
  const { error } = await refusal((zip) => {
    for (const at of [central + 8, local + 6]) zip[at] = itemAt(zip, at) | 1;
    return zip;
  });
  assertEquals(error.constructor, UnsupportedError);
  assertEquals(error.member, TRIAL);
});
