import { ArchiveError, crcnsAc1Pipeline, DataError, toDataset } from "rxephys";
import { lastValueFrom } from "rxjs";
import { asari } from "../../../src/sources/crcns_ac1/crcns_ac1.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";
import { AC1_TINY } from "../../support/golden/golden_ac1.ts";
import { itemAt } from "../../support/item_at.ts";

const RESULTS = "crcns-ac1-asari-results-1.zip";
const STIMULI = "crcns-ac1.zip";
const SESSION = "asari-results-1/20050310-ha1-001/20050310-ha1-001";

/** Loads a release with one damaged zip and returns the error. */
async function refusal(
  damaged: string,
  damage: (zip: Uint8Array) => Uint8Array,
): Promise<{ error: DataError; path: string }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/${damaged}`;
  try {
    for await (const { name } of Deno.readDir(AC1_TINY)) {
      if (!name.endsWith(".zip")) continue;
      await Deno.copyFile(`${AC1_TINY}/${name}`, `${folder}/${name}`);
    }
    await Deno.writeFile(path, damage(await Deno.readFile(path)));
    const error = await assertRejects(
      () => lastValueFrom(asari(folder).pipe(crcnsAc1Pipeline(), toDataset())),
      DataError,
    );
    return { error, path };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Byte of a member's local header, which ends with its name. */
function localHeader(zip: Uint8Array, member: string): number {
  const name = new TextEncoder().encode(member);
  const at = zip.findIndex((_, i) =>
    name.every((byte, j) => zip[i + j] === byte)
  );
  assert(at >= 30);
  return at - 30;
}

for (const kept of [0.5, 0.999]) {
  Deno.test(`asari: results cut at ${100 * kept} % are refused`, async () => {
    const { error, path } = await refusal(
      RESULTS,
      (zip) => zip.subarray(0, kept * zip.length),
    );
    assertEquals(error.constructor, ArchiveError);
    assertEquals(error.archive, path);
    assert(error.offset !== undefined);
  });
}

// A session's first file, another of its files, and a segment that is heard.
for (
  const [zipName, member] of [
    [RESULTS, `${SESSION}-001.mat`],
    [RESULTS, `${SESSION}-003.mat`],
    [STIMULI, "asari/Stimuli/class3/3l.mat"],
  ] as const
) {
  Deno.test(`asari: a flipped byte in ${member} is refused`, async () => {
    let local = 0;
    const { error, path } = await refusal(zipName, (zip) => {
      local = localHeader(zip, member);
      const at = local + 30 + member.length + 2000;
      zip[at] = itemAt(zip, at) ^ 0x10;
      return zip;
    });
    assertEquals(error.constructor, ArchiveError);
    assertEquals([error.archive, error.member], [path, member]);
    assertEquals(error.offset, local);
  });
}
