import { fromFileUrl } from "@std/path";
import {
  DataNotFoundError,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../../../src/errors.ts";
import {
  type Hdf5File,
  openHdf5,
} from "../../../../src/nwb/read/hdf5/hdf5_file.ts";
import type {
  Hdf5Data,
  Hdf5Type,
} from "../../../../src/nwb/read/hdf5/model.ts";
import {
  assert,
  assertEquals,
  assertRejects,
} from "../../../support/assert.ts";
import { inFolder } from "../../../support/in_folder.ts";

const FIXTURES = new URL("../../../fixtures/nwb-hdf5/", import.meta.url);
const EXPECTED: {
  readonly datasets: Record<string, { shape: number[]; values: unknown }>;
  readonly attributes: Record<string, unknown>;
} = JSON.parse(Deno.readTextFileSync(new URL("expected.json", FIXTURES)));
const FILES = ["earliest.h5", "v110.h5", "latest.h5"];

const pathOf = (name: string): string => fromFileUrl(new URL(name, FIXTURES));

/** Values in the form of `expected.json`. */
function plain(data: Hdf5Data, type?: Hdf5Type): unknown {
  if (ArrayBuffer.isView(data)) {
    const values = Array.from(
      data as ArrayLike<number | bigint>,
      (value) => typeof value === "bigint" ? inexact(value) : special(value),
    );
    return values;
  }
  if (Array.isArray(data)) {
    return data.map((value) =>
      typeof value === "string" ? value : plain(value)
    );
  }
  return Object.fromEntries(
    Object.entries(data).map(([name, column]) => [name, plain(column, type)]),
  );
}

const inexact = (value: bigint): number | string =>
  value < 2n ** 53n ? Number(value) : `${value}`;
const special = (value: number): number | string =>
  Number.isNaN(value) ? "nan" : value === Infinity ? "inf" : value;

for (const name of FILES) {
  Deno.test(`openHdf5: ${name} holds the values that h5py reads`, async () => {
    await using file = await openHdf5(pathOf(name));
    for (const [path, { shape, values }] of Object.entries(EXPECTED.datasets)) {
      const read = await file.read(path);
      assertEquals(read.shape, shape, path);
      assertEquals(plain(read.data), values, path);
      const dataset = await file.dataset(path);
      assertEquals(dataset.shape, shape, path);
    }
    assertEquals(plainAttributes(await file.group("attributes")), {
      ...EXPECTED.attributes,
      boolean: true,
    });
  });
}

function plainAttributes(
  { attributes }: Awaited<ReturnType<Hdf5File["group"]>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === "object" && value !== null && !("address" in value)
        ? plain(value)
        : value,
    ]),
  );
}

Deno.test("openHdf5: rows of every layout are those of the whole", async () => {
  await using file = await openHdf5(pathOf("latest.h5"));
  for (const name of await file.names("layouts")) {
    const path = `layouts/${name}`;
    const whole = (await file.read(path)).data as Int16Array;
    const { shape: [length = 0, width = 1] } = await file.dataset(path);
    for (
      const [start, stop] of [[0, 1], [13, 35], [59, 60], [10, 10], [50, 99]]
    ) {
      const { shape, data } = await file.read(path, { start, stop });
      const last = Math.min(stop as number, length);
      assertEquals(shape[0], last - (start as number), path);
      const rows = whole.subarray(start as number * width, last * width);
      assertEquals(data, rows.slice(), path);
    }
  }
});

Deno.test("openHdf5: groups list their members and where links lead", async () => {
  await using file = await openHdf5(pathOf("v110.h5"));
  const { members } = await file.group("/links");
  assertEquals(Object.fromEntries(members), {
    broken: { kind: "missing", link: "/nowhere" },
    external: { kind: "external", link: "other.h5:/x" },
    hard: { kind: "group" },
    itself: { kind: "missing", link: "/links/itself" },
    soft: { kind: "dataset", link: "/numbers/cube" },
    type: { kind: "type" },
    up: { kind: "group", link: "/" },
  });
  const cube = await file.read("links/up/links/soft", { start: 4 });
  assertEquals(cube.shape, [1, 4, 3]);
  const paths = (await file.tree("/")).map(({ path }) => path);
  assertEquals(paths.length, new Set(paths).size);
  assert(paths.includes("/numbers/cube") && !paths.includes("/links/soft"));
  await assertRejects(
    () => file.tree("/", { maxObjects: 5 }),
    LimitError,
    "Cannot read HDF5: it holds more than 5 objects",
  );
});

Deno.test("openHdf5: references are paths", async () => {
  await using file = await openHdf5(pathOf("earliest.h5"));
  const { attributes: { target } } = await file.group("references");
  assert(typeof target === "object" && target !== null && "address" in target);
  const references = [target as { address: bigint }, { address: 0n }, {
    address: 12n,
  }];
  assertEquals(await file.paths(references), ["/numbers/cube", "", ""]);
});

Deno.test("openHdf5: what is not read is a typed error that names it", async () => {
  await using file = await openHdf5(pathOf("v110.h5"));
  const other = "it is stored in another file, ";
  const refused = {
    "refused/lzf":
      "its chunks are packed by lzf (filter 32000), which is not " +
      "read; repack it as gzip",
    "refused/opaque": "its type is of class 5, which is not read",
    "refused/region": "it refers to regions of datasets, which is not read",
    "refused/external": `${other}"dev/urandom", which is not read`,
    "refused/virtual": `${other}"other.h5", which is not read`,
    "links/external": `${other}"other.h5", which is not read`,
  };
  for (const [path, why] of Object.entries(refused)) {
    await assertRejects(
      () => file.read(path),
      UnsupportedError,
      `Cannot read HDF5: ${why} (archive "${file.name}", member "/${path}")`,
    );
  }
  await assertRejects(
    () => file.read("refused/huge"),
    LimitError,
    "these rows claim 8796093022208 bytes: limits.readBytes is 268435456",
  );
  await assertRejects(
    () => file.read("refused/chunk", { stop: 1 }),
    LimitError,
    "a chunk claims 2147483648 bytes: limits.readBytes is 268435456",
  );
  assertEquals((await file.read("refused/huge", { stop: 2 })).shape, [2]);
  await assertRejects(() => file.read("no/such"), FormatError, "no/such");
  await assertRejects(() => file.dataset("links/broken"), FormatError);
});

Deno.test("openHdf5: other files are refused when they are opened", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.nwb`;
    await assertRejects(() => openHdf5(path), DataNotFoundError, path);
    await Deno.writeTextFile(path, "no HDF5 at all".repeat(100));
    await assertRejects(
      () => openHdf5(path),
      FormatError,
      "Cannot read HDF5: file signature not found",
    );
    const whole = await Deno.readFile(pathOf("latest.h5"));
    await Deno.writeFile(path, whole.subarray(0, whole.length - 100));
    await assertRejects(() => openHdf5(path), FormatError, "truncated file");
  });
});
