import { ArchiveError, DataNotFoundError } from "../../src/errors.ts";
import { openFolder } from "../../src/archive/folder.ts";
import { mount } from "../../src/archive/mount.ts";
import { zipArchive } from "../../src/archive/zip/zip.ts";
import type { Archive } from "../../src/archive/archive.ts";
import { openZip } from "../../src/archive/zip/zip.ts";
import {
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  drain,
  fixture,
  fixtureBytes,
  rejection,
  truth,
} from "../support/archives/archive_fixtures.ts";
import { makeZip } from "../support/archives/make_zip.ts";
import { countingSource } from "../support/archives/byte_sources.ts";
import { ZipEdit } from "../support/archives/zip_edit.ts";
import { itemAt } from "../support/item_at.ts";
import { flipByte } from "../support/flip_byte.ts";

async function zipOf(
  name: string,
  contents: Readonly<Record<string, string>>,
): Promise<Archive> {
  const bytes = await makeZip(Object.fromEntries(
    Object.entries(contents).map((
      [path, text],
    ) => [path, new TextEncoder().encode(text)]),
  ));
  return await zipArchive(countingSource(bytes, name));
}

async function textOf(archive: Archive, path: string): Promise<string> {
  const whole = new TextDecoder().decode(await archive.read(path));
  const streamed = new TextDecoder().decode(await drain(archive.stream(path)));
  assertEquals(streamed, whole);
  return whole;
}

Deno.test("a zip and its extracted folder make the same tree", async () => {
  const zip = await openZip(fixture("plain.zip"));
  const root = await Deno.makeTempDir();
  for (const { path } of zip.members) {
    const file = `${root}/${path}`;
    await Deno.mkdir(file.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(file, await zip.read(path));
  }
  const folder = await openFolder(root);
  const fromZip = mount([{ at: "ac1", archive: zip, from: "wehr" }], "zips");
  const fromFolder = mount(
    [{ at: "ac1/", archive: folder, from: "wehr/" }],
    "folders",
  );
  const byPath = (a: { path: string }, b: { path: string }): number =>
    a.path < b.path ? -1 : 1;
  assertEquals([...fromZip.members].sort(byPath), fromFolder.members);
  assertEquals(fromFolder.members.map(({ path }) => path), [
    "ac1/Results/20020508-mw-003/001.mat",
    "ac1/Results/20020508-mw-003/002.mat",
    "ac1/Summary.mat",
  ]);
  for (const { path } of fromZip.members) {
    assertEquals(await fromZip.read(path), await fromFolder.read(path));
  }
  await Deno.remove(root, { recursive: true });
});

Deno.test("the first part wins, order is part by part", async () => {
  const one = await zipOf("one.zip", { "b": "one b", "a": "one a" });
  const two = await zipOf("two.zip", { "a": "two a", "c/d": "two c/d" });
  const tree = mount([
    { at: "", archive: one },
    { at: "", archive: two },
    { at: "two", archive: two, from: "c" },
  ], "tree");
  assertEquals(tree.name, "tree");
  assertEquals(tree.members.map(({ path }) => path), [
    "b",
    "a",
    "c/d",
    "two/d",
  ]);
  assertEquals(await textOf(tree, "a"), "one a");
  assertEquals(await textOf(tree, "c/d"), "two c/d");
  assertEquals(await textOf(tree, "two/d"), "two c/d");
});

Deno.test("from takes folders, not the beginnings of names", async () => {
  const zip = await zipOf("one.zip", { "ab/c": "1", "a/c": "2", "b": "3" });
  const tree = mount([{ at: "x/y", archive: zip, from: "a" }], "tree");
  assertEquals(tree.members, [{ path: "x/y/c", size: 1 }]);
});

Deno.test("errors name the part and its path, else the tree", async () => {
  const zip = new ZipEdit(fixtureBytes("plain.zip"));
  flipByte(zip.bytes, zip.of("wehr/Summary.mat").data, 1);
  const part = await zipArchive(countingSource(zip.bytes, "part.zip"));
  const tree = mount([{ at: "top", archive: part, from: "wehr" }], "tree");
  const damaged = await assertRejects(
    () => tree.read("top/Summary.mat"),
    ArchiveError,
  );
  assertEquals(
    [damaged.archive, damaged.member],
    ["part.zip", "wehr/Summary.mat"],
  );
  const missing = await assertRejects(
    () => tree.read("wehr/Summary.mat"),
    DataNotFoundError,
  );
  assertEquals(
    [missing.archive, missing.member],
    ["tree", "wehr/Summary.mat"],
  );
});

Deno.test("a member is located in its part, a missing one in the tree", async () => {
  const zip = await zipOf("one.zip", { "a/b": "1", "c": "2" });
  const inner = mount([{ at: "x", archive: zip, from: "a" }], "inner");
  const tree = mount([{ at: "y", archive: inner }], "tree");
  assertEquals(zip.locate("c"), { archive: "one.zip", member: "c" });
  assertEquals(tree.locate("y/x/b"), { archive: "one.zip", member: "a/b" });
  assertEquals(tree.locate("c"), { archive: "tree", member: "c" });
});

Deno.test("a signal reaches the part, whole and as a stream", async () => {
  const source = countingSource(fixtureBytes("plain.zip"));
  const tree = mount([{ at: "", archive: await zipArchive(source) }], "tree");
  source.hang();
  const controller = new AbortController();
  const reads = [
    rejection(tree.read("noise.bin", controller)),
    rejection(drain(tree.stream("noise.bin", controller))),
  ];
  controller.abort("left");
  assertEquals(await Promise.all(reads), ["left", "left"]);
  assertEquals(source.pending, 0);
});

Deno.test("an archive may be in a tree twice", async () => {
  const zip = await openZip(fixture("plain.zip"));
  const tree = mount([
    { at: "a", archive: zip },
    { at: "b", archive: zip },
  ], "tree");
  assertEquals(
    tree.members.length,
    2 * Object.keys(itemAt(truth.zips, "plain.zip")).length,
  );
  const { path } = itemAt(zip.members, 0);
  const bytes = await zip.read(path);
  assertEquals(await tree.read(`a/${path}`), bytes);
  assertEquals(await tree.read(`b/${path}`), bytes);
});

Deno.test("no parts make an empty tree", () => {
  assertEquals(mount([], "tree").members, []);
});

Deno.test("a mount point that is no relative path is refused", async () => {
  const archive = await zipOf("one.zip", { a: "1" });
  for (const folder of ["/", "/a", "a//b", "../a", "a\\b", "C:", "."]) {
    assertThrows(
      () => mount([{ at: folder, archive }], "tree"),
      RangeError,
      `Cannot mount: at is ${folder}, expected a relative path`,
    );
    assertThrows(
      () => mount([{ at: "", archive, from: folder }], "tree"),
      RangeError,
      `Cannot mount: from is ${folder}, expected a relative path`,
    );
  }
});
