import {
  DataNotFoundError,
  LimitError,
  readDataset,
  UnsupportedError,
} from "rxephys";
import { lastValueFrom } from "rxjs";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { FILE_SINKS } from "../support/sessions/file_sinks.ts";
import { inFolder } from "../support/in_folder.ts";
import { itemAt } from "../support/item_at.ts";
import { randomDataset } from "../support/sessions/random_dataset.ts";

const write = async (format: string, path: string): Promise<void> => {
  const sink = itemAt(FILE_SINKS, format);
  await lastValueFrom(randomDataset(3).sessions().pipe(sink(path)));
};

/** Format, limit that a small file exceeds when it is 1, and the error. */
const BEYOND: readonly (readonly [string, string, string])[] = [
  ["NDJSON", "memberBytes", "Cannot read lines: one has "],
  ["NDJSON", "arrayElements", "Cannot read arrays: one claims "],
  ["NPZ", "members", "Cannot open zip: it lists more files"],
  ["NPZ", "directoryBytes", "Cannot open zip: "],
  ["NPZ", "memberBytes", "Cannot read member: "],
  ["NPZ", "arrayElements", "Cannot read arrays: one claims "],
  ["safetensors", "arrayElements", "Cannot read arrays: one claims "],
  ["Zarr", "directoryBytes", "Cannot read Zarr: its metadata have "],
  ["Zarr", "members", "Cannot read Zarr: it lists "],
  ["Zarr", "arrayElements", "Cannot read arrays: one claims "],
];

for (const [format, name, why] of BEYOND) {
  Deno.test(`readDataset: ${format} respects limits.${name}, which can be raised`, () =>
    inFolder(async (folder) => {
      const path = `${folder}/x`;
      await write(format, path);
      const error = await assertRejects(
        () => readDataset(path, { limits: { [name]: 1 } }),
        LimitError,
        why,
      ) as LimitError;
      assertEquals(error.message.includes(`limits.${name} is 1`), true);
      await readDataset(path, { limits: { [name]: 2 ** 30 } });
    }));
}

Deno.test("readDataset: refuses unknown limits and options", async () => {
  await assertRejects(
    () => readDataset("x", { limits: { member: 1 } as object }),
    RangeError,
    "Cannot read dataset: limits.member is no limit",
  );
  await assertRejects(
    () => readDataset("x", { limit: {} } as object),
    RangeError,
    "Cannot read dataset: there is no option limit, expected limits",
  );
});

Deno.test({
  name: "readDataset: refuses a pipe at once",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
      await Deno.mkdir(`${folder}/zarr`);
      await Deno.rename(`${folder}/pipe`, `${folder}/zarr/zarr.json`);
      await new Deno.Command("mkfifo", { args: [`${folder}/pipe`] }).output();
      for (const name of ["pipe", "zarr"]) {
        await assertRejects(
          () => readDataset(`${folder}/${name}`),
          DataNotFoundError,
          "Cannot read file: it is no file",
        );
      }
    }),
});

Deno.test("readDataset: refuses Zarr links that lead out of the folder", () =>
  inFolder(async (folder) => {
    const path = `${folder}/x`;
    await write("Zarr", path);
    const whole = await readDataset(path);
    for (const moved of ["stimuli/0/c", "stimuli", "zarr.json"]) {
      await Deno.rename(`${path}/${moved}`, `${folder}/moved`);
      await Deno.symlink(`${folder}/moved`, `${path}/${moved}`);
      await assertRejects(
        () => readDataset(path),
        UnsupportedError,
        "Cannot read file: it is a link that leads out of the folder",
      );
      // Links within the folder and to the folder itself are followed.
      await Deno.remove(`${path}/${moved}`);
      await Deno.rename(`${folder}/moved`, `${path}/moved`);
      await Deno.symlink(`${path}/moved`, `${path}/${moved}`);
      await Deno.symlink(path, `${folder}/link`);
      assertEquals((await readDataset(`${folder}/link`)).stims, whole.stims);
      await Deno.remove(`${folder}/link`);
      await Deno.remove(`${path}/${moved}`);
      await Deno.rename(`${path}/moved`, `${path}/${moved}`);
    }
  }));
