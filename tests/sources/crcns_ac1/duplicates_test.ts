import { assertEquals } from "../../support/assert.ts";
import { itemAt } from "../../support/item_at.ts";
import { SESSION, sessionsOf, STIMULUS, withRelease } from "./_release.ts";

const TRIAL = `${SESSION}/trial.mat`;
const HEADER_BYTES = 128;

async function repeatOf(folder: string): Promise<{
  repeat: readonly number[];
  kinds: readonly string[];
}> {
  const { sessions, warnings } = await sessionsOf(folder);
  const [presentation] = await itemAt(sessions, 0).presentations();
  const read = await presentation?.read();
  const samples = read?.responses[0]?.repeats[0] ?? [];
  const kinds = warnings.map(({ kind, message }) => `${kind}: ${message}`);
  return { repeat: [...samples], kinds };
}

Deno.test("wehr: of variables of one name the last is read, with a warning", async () => {
  const files = { ...STIMULUS, [TRIAL]: "trial-double" };
  await withRelease(files, async (folder) => {
    const last = await repeatOf(folder);
    assertEquals(last.kinds, []);
    const path = `${folder}/${TRIAL}`;
    const own = await Deno.readFile(path);
    const parts = new URL(
      "../../fixtures/ac1-parts/trial.mat",
      import.meta.url,
    );
    const first = await Deno.readFile(parts);
    await Deno.writeFile(path, first);
    const other = await repeatOf(folder);
    const both = [...first, ...own.subarray(HEADER_BYTES)];
    await Deno.writeFile(path, Uint8Array.from(both));
    const { repeat, kinds } = await repeatOf(folder);
    assertEquals(repeat, last.repeat);
    assertEquals(repeat.join() === other.repeat.join(), false);
    assertEquals(kinds, [
      'duplicate-variable: it has 2 variables "triggers", and the last is read',
      'duplicate-variable: it has 2 variables "response", and the last is read',
    ]);
  });
});

Deno.test("wehr: a second folder wehr is left out, with a warning", async () => {
  const again = Object.fromEntries(
    Object.entries({ ...STIMULUS, [TRIAL]: "trial" })
      .flatMap(([path, part]) => [[`a/${path}`, part], [`b/${path}`, part]]),
  );
  await withRelease(again, async (folder) => {
    await Deno.mkdir(`${folder}/crcns-ac1`);
    await Deno.rename(`${folder}/a`, `${folder}/crcns-ac1/a`);
    await Deno.rename(`${folder}/b`, `${folder}/crcns-ac1/b`);
    const { kinds } = await repeatOf(folder);
    assertEquals(kinds, [
      "duplicate-folder: a/wehr is read, and this folder of the same name is " +
      "not",
    ]);
  });
});
