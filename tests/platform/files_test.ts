import { readBytes, readText } from "../../src/platform/files.ts";
import { assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";

Deno.test({
  name: "files: never wait for a pipe",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      const pipe = `${folder}/pipe`;
      await new Deno.Command("mkfifo", { args: [pipe] }).output();
      for (const read of [readBytes, readText]) {
        await assertRejects(
          () => read(pipe),
          Deno.errors.NotSupported,
          "it is no file",
        );
      }
    }),
});
