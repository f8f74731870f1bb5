import { fromFileUrl } from "@std/path";
import { lastValueFrom } from "rxjs";
import {
  ArchiveError,
  type DataError,
  DataNotFoundError,
  FormatError,
  LimitError,
  UnsupportedError,
} from "../../src/errors.ts";
import { wehr } from "../../src/sources/crcns_ac1/crcns_ac1.ts";
import { DEFAULT_LIMITS, type Limits } from "../../src/base/limits.ts";
import { assert, assertEquals, assertRejects } from "../support/assert.ts";
import { HOSTILE_READERS } from "./_hostile_readers.ts";
import { countFiles } from "../support/archives/byte_sources.ts";
import { firstOf, itemAt } from "../support/item_at.ts";

const FOLDER = new URL("../fixtures/hostile/", import.meta.url);
const TRIAL = "wehr/Results/20020508-mw-003/trial.mat";
const MIB = 2 ** 20;
/** Archive and member of the files whose reader takes both. */
const PLACES: Readonly<Record<string, string>> = {
  tar: "recordings.zip",
  gzip: "recordings.zip",
  mat: "crcns-ac1.zip",
  hdf5: "P.tgz",
  csv: "data",
};
/** Placeholder of the file itself as the member of its archive. */
const OWN = Symbol("the file");

type ErrorClass = new (message: string) => DataError;

/** File, class, message behind "Cannot", member, byte, and limits lowered. */
type Refusal = readonly [
  file: string,
  ErrorClass: ErrorClass,
  why: string,
  member: string | typeof OWN | undefined,
  offset?: number,
  limits?: Partial<Limits>,
];

const REFUSALS: readonly Refusal[] = [
  [
    "csv-endless.csv",
    FormatError,
    "read cell list: record 2: a quote is out of place, or not closed",
    OWN,
  ],
  [
    "csv-endless.csv",
    LimitError,
    "read cell list: record 2 has 5061 characters at least: limits.recordLength is 4096 and can be raised",
    OWN,
    5120,
    { recordLength: 4096 },
  ],
  [
    "gzip-bomb-behind.tgz",
    LimitError,
    "read tar: it is longer: limits.tarballBytes is 1048576 and can be raised",
    OWN,
    1048576,
    { tarballBytes: MIB },
  ],
  [
    "gzip-bomb-wanted.tgz",
    LimitError,
    'read tar: "P/P.resp.json" has 10485760 bytes: limits.memberBytes is 1048576 and can be raised',
    OWN,
    0,
    { memberBytes: MIB },
  ],
  [
    "gzip-bomb.tgz",
    LimitError,
    'read tar: "P/other" ends at byte 10486272: limits.tarballBytes is 1048576 and can be raised',
    OWN,
    0,
    { tarballBytes: MIB },
  ],
  [
    "gzip-nested.tgz",
    ArchiveError,
    "read tar: it ends inside a header; download the file again",
    OWN,
    495,
  ],
  [
    "hdf5-chunk-cycle.h5",
    FormatError,
    'read HDF5: dataset "x" has a node out of place: {"type":1,"level":1,"entries":3,"again":true}',
    OWN,
    1400,
  ],
  [
    "hdf5-chunk.h5",
    LimitError,
    'read HDF5: dataset "x" claims chunks of 17179869184 bytes: limits.arrayBytes is 2147483648 and can be raised',
    OWN,
    800,
  ],
  [
    "hdf5-cycle.h5",
    FormatError,
    'read HDF5: the root group has a node out of place: {"type":0,"level":1,"entries":1,"again":true}',
    OWN,
    136,
  ],
  [
    "hdf5-group-in-itself.h5",
    UnsupportedError,
    'read HDF5: dataset "x" is a group',
    OWN,
    96,
  ],
  [
    "hdf5-shape-unsafe.h5",
    FormatError,
    "read HDF5: a number is beyond every file",
    OWN,
    832,
  ],
  [
    "hdf5-shape.h5",
    LimitError,
    'read HDF5: dataset "x" claims 8796093022208 bytes, 8796093022208 with those before: limits.arrayBytes is 2147483648 and can be raised',
    OWN,
    800,
  ],
  [
    "mat-blank-text.mat",
    LimitError,
    "read MAT file: text claims 268435456 characters: limits.textLength is 1048576 and can be raised",
    OWN,
    184,
  ],
  [
    "mat-cells-claim.mat",
    FormatError,
    "read MAT file: 16777216 elements need 134217728 bytes where 64 are left",
    OWN,
    184,
  ],
  [
    "mat-cells.mat",
    LimitError,
    "read MAT file: it holds 2000 arrays: limits.arrays is 1000 and can be raised, at byte 56 of what the variable inflates to",
    OWN,
    128,
    { arrays: 1000 },
  ],
  [
    "mat-elements-level4.mat",
    UnsupportedError,
    "read MAT file: it is of level 4 (-v4), expected v6 or v7; save it with -v7",
    OWN,
    0,
  ],
  [
    "mat-elements-packed.mat",
    LimitError,
    "read MAT file: an array claims 65536 x 32768 elements: limits.arrayElements is 268435456 and can be raised, at byte 8 of what the variable inflates to",
    OWN,
    128,
  ],
  [
    "mat-elements.mat",
    LimitError,
    "read MAT file: an array claims 65536 x 32768 elements: limits.arrayElements is 268435456 and can be raised",
    OWN,
    136,
  ],
  [
    "mat-nested.mat",
    LimitError,
    "read MAT file: arrays are nested deeper: limits.nesting is 100 and can be raised, at byte 4848 of what the variable inflates to",
    OWN,
    128,
  ],
  [
    "mat-packed-bomb.mat",
    LimitError,
    "read MAT file: a variable claims 10485824 bytes of 10248: limits.compressionRatio is 100 and can be raised",
    OWN,
    128,
    { compressionRatio: 100 },
  ],
  [
    "mat-packed-bomb.mat",
    LimitError,
    "read MAT file: a variable claims 10485824 bytes: limits.arrayBytes is 1048576 and can be raised",
    OWN,
    128,
    { arrayBytes: MIB },
  ],
  [
    "mat-packed-bomb.mat",
    LimitError,
    "read MAT file: an array claims 1 x 10485760 elements: limits.arrayElements is 1048576 and can be raised, at byte 8 of what the variable inflates to",
    OWN,
    128,
    { arrayElements: MIB },
  ],
  [
    "mat-packed-claim.mat",
    LimitError,
    "read MAT file: a variable claims 4294967288 bytes: limits.arrayBytes is 2147483648 and can be raised",
    OWN,
    128,
  ],
  [
    "mat-packed-ratio.mat",
    FormatError,
    "read MAT file: a variable claims 1073741832 bytes where 39 compressed ones are left",
    OWN,
    128,
  ],
  [
    "mat-sparse-columns.mat",
    UnsupportedError,
    "read MAT file: it is of level 4 (-v4), expected v6 or v7; save it with -v7",
    OWN,
    0,
  ],
  [
    "mat-structs.mat",
    LimitError,
    "read MAT file: 2097152 elements take no byte: limits.emptyElements is 1048576 and can be raised",
    OWN,
    208,
  ],
  [
    "mat-variables.mat",
    LimitError,
    "read MAT file: it has more variables: limits.members is 100 and can be raised",
    OWN,
    6528,
    { members: 100 },
  ],
  [
    "tar-absolute.tgz",
    ArchiveError,
    'read tar: its path is absolute ("/P/P.resp.json")',
    OWN,
    0,
  ],
  [
    "tar-block-device.tgz",
    ArchiveError,
    'read tar: "P/other" is a block device',
    OWN,
    0,
  ],
  [
    "tar-case.tgz",
    ArchiveError,
    'read tar: its path is that of "P/P.resp.json" ("P/P.RESP.JSON")',
    OWN,
    1024,
  ],
  [
    "tar-device.tgz",
    ArchiveError,
    'read tar: "P/other" is a character device',
    OWN,
    0,
  ],
  [
    "tar-dot-dot.tgz",
    ArchiveError,
    'read tar: its path has the part ".." ("../P/P.resp.json")',
    OWN,
    0,
  ],
  [
    "tar-extended-size.tgz",
    LimitError,
    "read tar: an extended header has 2147483647 bytes: limits.textLength is 1048576 and can be raised",
    OWN,
    0,
  ],
  [
    "tar-hard-link.tgz",
    ArchiveError,
    'read tar: "P/other" is a hard link',
    OWN,
    0,
  ],
  [
    "tar-pax-size.tgz",
    ArchiveError,
    'read tar: a size is "9007199254740991000"',
    OWN,
    512,
  ],
  ["tar-pipe.tgz", ArchiveError, 'read tar: "P/other" is a pipe', OWN, 0],
  [
    "tar-size-passed-over.tgz",
    LimitError,
    'read tar: "P/other" ends at byte 4503599627371008: limits.tarballBytes is 17179869184 and can be raised',
    OWN,
    0,
  ],
  [
    "tar-size-unsafe.tgz",
    ArchiveError,
    "read tar: a size is no number",
    OWN,
    0,
  ],
  [
    "tar-size.tgz",
    LimitError,
    'read tar: "P/P.resp.json" has 4503599627370496 bytes: limits.memberBytes is 1073741824 and can be raised',
    OWN,
    0,
  ],
  [
    "tar-symlink.tgz",
    ArchiveError,
    'read tar: "P/other" is a symbolic link',
    OWN,
    0,
  ],
  [
    "zip-absolute.zip",
    ArchiveError,
    "open zip: its path is absolute",
    "/etc/passwd",
    0,
  ],
  [
    "zip-back-slash.zip",
    ArchiveError,
    "open zip: its path has a back-slash",
    "..\\..\\win.ini",
    0,
  ],
  [
    "zip-bomb-claims-less.zip",
    ArchiveError,
    "read member: it unpacks to more than its 100 bytes; download the file again",
    TRIAL,
    0,
  ],
  [
    "zip-bomb-claims-more.zip",
    LimitError,
    "read member: 11 bytes cannot unpack to 2147483632",
    TRIAL,
    0,
  ],
  [
    "zip-bomb.zip",
    LimitError,
    "read member: 10203 bytes claim to unpack to 10485760: limits.compressionRatio is 100 and can be raised",
    TRIAL,
    0,
    { compressionRatio: 100 },
  ],
  [
    "zip-bomb.zip",
    LimitError,
    "read member: it claims 10485760 bytes: limits.memberBytes is 1048576 and can be raised",
    TRIAL,
    0,
    { memberBytes: MIB },
  ],
  [
    "zip-case.zip",
    ArchiveError,
    'open zip: its path is that of "wehr/Trial.mat"',
    "wehr/tRIAL.mat",
    47,
  ],
  [
    "zip-deep-path.zip",
    LimitError,
    "open zip: a path has 101 folders: limits.nesting is 100 and can be raised",
    "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/...",
    0,
  ],
  [
    "zip-dot-dot.zip",
    ArchiveError,
    'open zip: its path has the part ".."',
    "wehr/../../../etc/passwd",
    0,
  ],
  [
    "zip-drive.zip",
    ArchiveError,
    "open zip: its path names a drive",
    "C:/Windows/win.ini",
    0,
  ],
  [
    "zip-file-as-folder.zip",
    ArchiveError,
    "open zip: another file has the path of its folder",
    "wehr/trial.mat",
    37,
  ],
  [
    "zip-link.zip",
    UnsupportedError,
    "read member: it is a symbolic link",
    TRIAL,
    0,
  ],
  [
    "zip-long-path.zip",
    LimitError,
    "open zip: a path has 5000 characters: limits.pathLength is 4096 and can be raised",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...",
    0,
  ],
  [
    "zip-many.zip",
    LimitError,
    "open zip: it lists more files: limits.members is 100 and can be raised",
    "100",
    3390,
    { members: 100 },
  ],
  [
    "zip-many.zip",
    LimitError,
    "open zip: its directory claims 8286 bytes: limits.directoryBytes is 4096 and can be raised",
    undefined,
    0,
    { directoryBytes: 4096 },
  ],
  [
    "zip-nul.zip",
    ArchiveError,
    "open zip: its path has a NUL",
    "trial.mat\u0000.txt",
    0,
  ],
  [
    "zip-overlap-quoted.zip",
    ArchiveError,
    "read member: it reaches beyond byte 40, where what follows it starts",
    "a.mat",
    0,
  ],
  [
    "zip-overlap.zip",
    ArchiveError,
    "read member: it reaches beyond byte 0, where what follows it starts",
    "wehr/0.mat",
    0,
  ],
  [
    "zip-same-path.zip",
    ArchiveError,
    "open zip: another file has its path",
    TRIAL,
    71,
  ],
  [
    "zip-unicode.zip",
    ArchiveError,
    'open zip: its path is that of "M\u00fcller.mat"',
    "Mu\u0308ller.mat",
    44,
  ],
];

for (const [file, ErrorClass, why, member, offset, lowered = {}] of REFUSALS) {
  const [name] = Object.keys(lowered);
  const where = name === undefined ? "" : `, limits.${name} lowered`;
  Deno.test(`hostile: ${file}${where} is refused`, async () => {
    const bytes = await Deno.readFile(new URL(file, FOLDER));
    const [kind] = firstOf(1, file.split("-"));
    const limits = { ...DEFAULT_LIMITS, ...lowered };
    let asked = 0;
    const error = await assertRejects(async () => {
      await itemAt(HOSTILE_READERS, kind)(file, bytes, limits, (count) => {
        asked = count;
      });
    }, ErrorClass);
    const place = [
      `archive "${PLACES[kind] ?? file}"`,
      member !== undefined && `member "${member === OWN ? file : member}"`,
      offset !== undefined && `byte ${offset}`,
    ].filter(Boolean);
    assertEquals(error.message, `Cannot ${why} (${place.join(", ")})`);
    // Some bytes of a small zip are read with its directory and again.
    assert(asked <= 2 * bytes.length, `${asked} bytes were asked for`);
  });
}

Deno.test("hostile: every file of the corpus is in a test", () => {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name);
  const tested = REFUSALS.map(([file]) => file);
  assertEquals(
    files.filter((name) => !tested.includes(name)).sort(),
    ["make_hostile.py", "zip-nested.zip"],
  );
});

Deno.test("hostile: zips inside a zip are never opened", async () => {
  using files = countFiles();
  const path = fromFileUrl(new URL("zip-nested.zip", FOLDER));
  const error = await assertRejects(
    () => lastValueFrom(wehr(path)),
    DataNotFoundError,
  );
  assertEquals(
    error.message,
    "Cannot find CRCNS AC1: expected crcns-ac1.zip or the folder extracted " +
      "from it; the data needs a free account at crcns.org " +
      `(archive "${path}")`,
  );
  // Its directory is all that is read.
  assertEquals([files.opened, files.open], [1, 0]);
});
