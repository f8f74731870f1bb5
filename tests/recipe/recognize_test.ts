import { recognize } from "../../src/recipe/recognize.ts";
import { DataNotFoundError, UnsupportedError } from "rxephys";
import { assertEquals, assertRejects } from "../support/assert.ts";
import { extract } from "../support/archives/extract.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { rangeServer } from "../support/servers/range_server.ts";
import { runAlone } from "../support/run_alone.ts";

const ZIPS = [
  "crcns-ac1.zip",
  "crcns-ac1-asari-results-1.zip",
  "crcns-ac1-asari-results-2.zip",
];

const found = async (data: string): Promise<string> => {
  const { dataSet, data: path } = await recognize(data);
  assertEquals(path, data);
  return dataSet;
};

Deno.test("recognize: folders of zips, by which of them are there", async () => {
  assertEquals(await found(AC1_TINY), "crcns-ac1");
  assertEquals(await found(WINGERT_SMALL), "wingert2026");
  await inFolder(async (folder) => {
    const copy = (name: string): Promise<void> =>
      Deno.copyFile(`${AC1_TINY}${name}`, `${folder}/${name}`);
    await copy("crcns-ac1-asari-results-1.zip");
    assertEquals(await found(folder), "asari");
    await copy("crcns-ac1.zip");
    assertEquals(await found(folder), "wehr");
    await copy("crcns-ac1-asari-results-2.zip");
    assertEquals(await found(folder), "crcns-ac1");
  });
});

Deno.test("recognize: a zip by what it holds, whatever its name", () =>
  inFolder(async (folder) => {
    const names = [...ZIPS.map((zip) => `${AC1_TINY}${zip}`)];
    const sets: string[] = [];
    for (const name of [...names, `${WINGERT_SMALL}recordings.zip`]) {
      await Deno.copyFile(name, `${folder}/some.zip`);
      sets.push(await found(`${folder}/some.zip`));
    }
    assertEquals(sets, ["wehr", "asari", "asari", "wingert2026"]);
  }));

Deno.test("recognize: what was extracted from the zips", () =>
  inFolder(async (folder) => {
    for (const zip of ZIPS) await extract(`${AC1_TINY}${zip}`, folder);
    assertEquals(await found(folder), "crcns-ac1");
    await extract(`${WINGERT_SMALL}recordings.zip`, `${folder}/wingert`);
    assertEquals(await found(`${folder}/wingert`), "wingert2026");
  }));

Deno.test("recognize: cell_list.csv stands for its folder", async () => {
  assertEquals(await recognize(`${WINGERT_SMALL}cell_list.csv`), {
    dataSet: "wingert2026",
    data: WINGERT_SMALL.slice(0, -1),
  });
});

Deno.test("recognize: addresses of zips and of folders, from some requests", async () => {
  const read = (path: string): Promise<Uint8Array> => Deno.readFile(path);
  const files = await Promise.all(ZIPS.map(async (zip) =>
    [
      `ac1/${zip}`,
      await read(`${AC1_TINY}${zip}`),
    ] as const
  ));
  await using server = rangeServer({
    ...Object.fromEntries(files),
    "half/crcns-ac1.zip": files[0]?.[1] ?? new Uint8Array(),
    "wingert/cell_list.csv": await read(`${WINGERT_SMALL}cell_list.csv`),
    "wingert/recordings.zip": await read(`${WINGERT_SMALL}recordings.zip`),
  });
  assertEquals(await found(`${server.url}ac1/`), "crcns-ac1");
  assertEquals(await found(`${server.url}half/`), "wehr");
  assertEquals(await found(`${server.url}wingert/`), "wingert2026");
  assertEquals(await found(`${server.url}ac1/crcns-ac1.zip`), "wehr");
  assertEquals(
    await found(`${server.url}wingert/recordings.zip`),
    "wingert2026",
  );
});

Deno.test("recognize: a name looks where the data set is kept; a path of that name wins", () =>
  inFolder(async (folder) => {
    const module = import.meta.resolve("../../src/recipe/recognize.ts");
    const found = (name: string): Promise<unknown> =>
      runAlone(
        `import { recognize } from "${module}";
        console.log(JSON.stringify(await recognize("${name}")));`,
        { env: { CRCNS_AC1_DATA: AC1_TINY }, cwd: folder },
      );
    assertEquals(await found("wehr"), { dataSet: "wehr", data: AC1_TINY });
    assertEquals(await found("crcns-ac1"), {
      dataSet: "crcns-ac1",
      data: AC1_TINY,
    });
    await Deno.mkdir(`${folder}/wehr/recordings`, { recursive: true });
    assertEquals(await found("wehr"), {
      dataSet: "wingert2026",
      data: "wehr",
    });
  }));

Deno.test("recognize: something else is refused", () =>
  inFolder(async (folder) => {
    await assertRejects(
      () => recognize(folder),
      DataNotFoundError,
      "Cannot recognize the data set: expected crcns-ac1.zip of CRCNS AC1 or " +
        "what was extracted from it, or cell_list.csv and recordings.zip of " +
        `Wingert 2026 (archive "${folder}")`,
    );
    await assertRejects(
      () => recognize(`${folder}/nothing`),
      DataNotFoundError,
      "Cannot recognize the data set: nothing is there, expected a path, an " +
        "address, or one of crcns-ac1, wehr, asari, wingert2026",
    );
  }));

Deno.test("recognize: an NWB file says which source reads it", async () => {
  const path = new URL("../fixtures/nwb/plain.nwb", import.meta.url).pathname;
  await assertRejects(
    () => recognize(path),
    UnsupportedError,
    "Cannot recognize the data set: it is an NWB file, which has no chain of " +
      "its own, expected a program that streams it with nwb() of rxephys/nwb",
  );
});
