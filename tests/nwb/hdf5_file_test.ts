import { Hdf5File } from "../../src/nwb/_hdf5_file.ts";
import { open, type OpenFile } from "../../src/platform/files.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const OPTIONS = { read: true, write: true, create: true };

/** Writes a file to a disk with room for some bytes; returns what it used. */
async function writeNumbers(path: string, room = Infinity): Promise<number> {
  const file = await open(path, OPTIONS);
  let used = 0;
  const disk: OpenFile = {
    ...file,
    writeSync: (piece) => {
      used += piece.length;
      if (used > room) throw new RangeError("disk full");
      return file.writeSync(piece);
    },
  };
  try {
    using h5 = await Hdf5File.create(disk, false);
    h5.numbers("values", new Float64Array(1000).fill(2));
    h5.finish();
    return used;
  } finally {
    file.close();
  }
}

Deno.test("Hdf5File: a full disk is its error, and the next file is whole", async () => {
  await inFolder(async (folder) => {
    const used = await writeNumbers(`${folder}/whole.h5`);
    const bytes = await Deno.readFile(`${folder}/whole.h5`);
    for (let room = 0; room < used; room += 500) {
      const write = () => writeNumbers(`${folder}/full.h5`, room);
      await assertRejects(write, RangeError, "disk full");
    }
    await writeNumbers(`${folder}/again.h5`);
    const again = await Deno.readFile(`${folder}/again.h5`);
    assertEquals(again.length, bytes.length);
  });
});

Deno.test("Hdf5File: a refused call is an error of the library", async () => {
  await inFolder(async (folder) => {
    const file = await open(`${folder}/a.h5`, OPTIONS);
    {
      using h5 = await Hdf5File.create(file, false);
      h5.group("a");
      assertThrows(() => h5.group("a"), Error, "unable to create group");
    }
    file.close();
  });
});
