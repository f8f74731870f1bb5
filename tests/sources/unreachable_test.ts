import { DataError, DataNotFoundError, wehr, wingert2026 } from "rxephys";
import { lastValueFrom, toArray } from "rxjs";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

const SOURCES = { wehr, wingert2026 };

for (const [name, source] of Object.entries(SOURCES)) {
  Deno.test(`${name}: a path that leads nowhere is refused in words`, () =>
    inFolder(async (folder) => {
      const [loop, file] = [`${folder}/loop`, `${folder}/file`];
      await Deno.symlink(loop, loop);
      await Deno.writeTextFile(file, "text");
      const reasons: [string, string][] = [
        [`${folder}/none`, "nothing is"],
        [loop, "its links lead in a circle"],
        [`${loop}/inside`, "its links lead in a circle"],
        [`${folder}/${"x".repeat(300)}`, "a part of it, is too long"],
      ];
      for (const [path, reason] of reasons) {
        const load = (): Promise<unknown> =>
          lastValueFrom(source(path).pipe(toArray()));
        const error = await assertRejects(load, DataNotFoundError, reason);
        assertEquals(error.archive, path);
        assertEquals(/os error|stat/.test(error.message), false);
      }
    }));

  Deno.test(`${name}: links in a folder lead in a circle`, () =>
    inFolder(async (folder) => {
      for (const link of ["crcns-ac1.zip", "cell_list.csv"]) {
        await Deno.symlink(`${folder}/${link}`, `${folder}/${link}`);
      }
      await assertRejects(
        () => lastValueFrom(source(folder).pipe(toArray())),
        DataError,
        "its links lead in a circle",
      );
    }));

  Deno.test(`${name}: a path that can be none is refused at the call`, () => {
    for (const data of ["file:///%E0%A4%A", "file:///a%00b", "file://["]) {
      assertThrows(
        () => source(data),
        TypeError,
        `data is ${data}, expected a URL`,
      );
    }
    assertThrows(
      () => source("a\0b"),
      TypeError,
      'data is "a\\u0000b", expected no NUL in it',
    );
  });
}
