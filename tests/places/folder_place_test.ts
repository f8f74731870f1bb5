import { assertEquals, assertRejects } from "../support/assert.ts";
import { inFolder } from "../support/in_folder.ts";
import { storeNew } from "../../src/places/_new_file.ts";
import { openPlace } from "../../src/places/open_place.ts";
import { DataNotFoundError, OutputError } from "../../src/errors.ts";
import { someBytes, testContract } from "./_contract.ts";

testContract({
  name: "folder",
  run: (check) =>
    inFolder((folder) => check(() => openPlace(`${folder}/new/place`))),
});

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name).sort();
}

Deno.test("the parts of killed writers go with the next write, others stay", async () => {
  await inFolder(async (folder) => {
    const left = `${folder}/a/.${crypto.randomUUID()}.part`;
    const growing = `${folder}/a/.${crypto.randomUUID()}.part`;
    await Deno.mkdir(`${folder}/a`);
    await Deno.writeTextFile(left, "half");
    using file = await Deno.open(growing, { write: true, createNew: true });
    await file.lock(true);
    await Deno.writeTextFile(`${folder}/a/.other`, "a user's own");
    const place = await openPlace(folder);
    await place.put("a/b", new Uint8Array(1));
    assertEquals(
      await namesIn(`${folder}/a`),
      [
        growing.slice(folder.length + 3),
        ".other",
        "b",
      ].sort(),
    );
    assertEquals(await Array.fromAsync(place.list("")), [
      { key: "a/b", bytes: 1 },
    ]);
    file.unlockSync();
  });
});

Deno.test("a part that a cleaner takes away is written again", async () => {
  await inFolder(async (folder) => {
    let times = 0;
    const stored = await storeNew(`${folder}/a`, async (file) => {
      await file.write(new Uint8Array([7]));
      if (times++ > 0) return;
      const [name = ""] = await namesIn(folder);
      await Deno.remove(`${folder}/${name}`);
    });
    assertEquals([stored, times], ["stored", 2]);
    assertEquals(await Deno.readFile(`${folder}/a`), new Uint8Array([7]));
    assertEquals(await namesIn(folder), ["a"]);
  });
});

Deno.test("a file system without hard links has one winner of 32, too", async () => {
  await inFolder(async (folder) => {
    const noLinks = (): Promise<void> => {
      const error = new Deno.errors.PermissionDenied("Operation not permitted");
      return Promise.reject(Object.assign(error, { code: "EPERM" }));
    };
    const stored = await Promise.all(
      Array.from({ length: 32 }, (_, n) =>
        storeNew(
          `${folder}/a`,
          async (file) => void await file.write(new Uint8Array([n])),
          {},
          noLinks,
        )),
    );
    assertEquals(stored.filter((outcome) => outcome === "stored").length, 1);
    const winner = stored.indexOf("stored");
    assertEquals(await Deno.readFile(`${folder}/a`), new Uint8Array([winner]));
    assertEquals(await namesIn(folder), ["a"]);
  });
});

Deno.test("a link whose answer was lost counts as made", async () => {
  await inFolder(async (folder) => {
    const twice = async (from: string, to: string): Promise<void> => {
      await Deno.link(from, to);
      await Deno.link(from, to);
    };
    assertEquals(
      await storeNew(`${folder}/a`, () => Promise.resolve(), {}, twice),
      "stored",
    );
  });
});

Deno.test("a failed write leaves nothing", async () => {
  await inFolder(async (folder) => {
    const place = await openPlace(folder);
    const path = `${folder}/source`;
    await Deno.writeFile(path, someBytes(3_000_000));
    const controller = new AbortController();
    const stored = place.putFile("a/b", path, controller);
    controller.abort(new Error("enough"));
    await assertRejects(() => stored, Error, "enough");
    assertEquals(
      (await namesIn(folder)).filter((name) => name !== "a"),
      ["source"],
    );
    await Deno.writeTextFile(`${folder}/file`, "x");
    await assertRejects(
      () => place.put("file/b", new Uint8Array(1)),
      OutputError,
      "Cannot write object: a file stands in its path",
    );
  });
});

Deno.test("a folder or a link to nothing in an object's place is refused", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/a`);
    const place = await openPlace(folder);
    await assertRejects(
      () => place.get("a", { maxBytes: 1 }),
      DataNotFoundError,
      "Cannot read object: it is no file",
    );
  });
});

Deno.test("a final file becomes the object, under another name", async () => {
  await inFolder(async (folder) => {
    const place = await openPlace(`${folder}/place`);
    const path = `${folder}/file`;
    await Deno.writeFile(path, someBytes(5000));
    const final = { isFinal: true };
    assertEquals(await place.putFile("a/b", path, final), "stored");
    const [own, object] = [path, `${folder}/place/a/b`].map(Deno.statSync);
    assertEquals(object?.ino, own?.ino);
    // As after an answer that was lost: it is this file.
    assertEquals(await place.putFile("a/b", path, final), "stored");
    await Deno.copyFile(path, `${folder}/copy`);
    assertEquals(await place.putFile("a/b", `${folder}/copy`, final), "exists");
    await Deno.remove(path);
    assertEquals(
      await place.get("a/b", { maxBytes: 5000 }),
      someBytes(5000),
    );
  });
});

const isOtherDisk = Deno.build.os === "linux" &&
  Deno.statSync("/dev/shm").dev !== Deno.statSync("/tmp").dev;

Deno.test({
  name: "a final file on another disk is copied",
  ignore: !isOtherDisk,
  fn: () =>
    inFolder(async (folder) => {
      const path = await Deno.makeTempFile({ dir: "/dev/shm" });
      try {
        await Deno.writeFile(path, someBytes(5000));
        const place = await openPlace(folder);
        const final = { isFinal: true };
        assertEquals(await place.putFile("a", path, final), "stored");
        assertEquals(await place.putFile("a", path, final), "exists");
        assertEquals(
          await place.get("a", { maxBytes: 5000 }),
          someBytes(5000),
        );
      } finally {
        await Deno.remove(path);
      }
    }),
});
