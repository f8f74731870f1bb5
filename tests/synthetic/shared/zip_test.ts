import { Uint8ArrayReader, ZipReader } from "@zip-js/zip-js";
import {
  type SyntheticMember,
  writeSyntheticZip,
} from "../../../src/synthetic/shared/zip.ts";
import { assert, assertEquals, assertRejects } from "../../support/assert.ts";

const MEMBER_BYTES = 200_000;

Deno.test("writeSyntheticZip: makes a member once the sink has the one before it", async () => {
  let made = 0;
  let received = 0;
  let largestPiece = 0;
  let furthestAhead = 0;
  const members = Array.from({ length: 12 }, (_, i) => member(i, () => made++));
  const sink = new WritableStream<Uint8Array>({
    async write(piece): Promise<void> {
      received += piece.length;
      largestPiece = Math.max(largestPiece, piece.length);
      furthestAhead = Math.max(furthestAhead, made * MEMBER_BYTES - received);
      await Promise.resolve();
    },
  });
  await writeSyntheticZip(sink, members);
  assertEquals(made, 12);
  assert(
    furthestAhead <= MEMBER_BYTES,
    `${furthestAhead} bytes were made ahead of what was received`,
  );
  assert(largestPiece <= MEMBER_BYTES, `a piece of ${largestPiece} bytes`);
});

Deno.test("writeSyntheticZip: waits for a sink that is not ready", async () => {
  let made = 0;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
  const sink = new WritableStream<Uint8Array>({
    write(): Promise<void> {
      reach();
      return gate;
    },
  });
  const members = Array.from({ length: 12 }, (_, i) => member(i, () => made++));
  const writing = writeSyntheticZip(sink, members);
  await reached;
  // One turn of the event loop, in which a writer ahead of the sink would run.
  await new Promise((resolve) => setTimeout(resolve));
  assert(made <= 1, `${made} members were made`);
  open();
  await writing;
  assertEquals(made, 12);
});

Deno.test("writeSyntheticZip: members come back, folders once each", async () => {
  const members: SyntheticMember[] = [
    { path: "a/b/x.mat", packing: "store", bytes: () => Uint8Array.of(1, 2) },
    { path: "a/b/y.mat", packing: "deflate", bytes: () => new Uint8Array(99) },
    { path: "z.txt", packing: "deflate", bytes: () => new Uint8Array(0) },
  ];
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  await writeSyntheticZip(
    new WritableStream({
      write: (piece) => {
        pieces.push(new Uint8Array(piece));
      },
    }),
    members,
  );
  const zip = new Uint8Array(await new Blob(pieces).arrayBuffer());
  const reader = new ZipReader(new Uint8ArrayReader(zip), {
    checkSignature: true,
    useWebWorkers: false,
  });
  const entries = await reader.getEntries();
  assertEquals(
    entries.map(({ filename, compressionMethod, uncompressedSize }) => [
      filename,
      compressionMethod,
      uncompressedSize,
    ]),
    [
      ["a/", 0, 0],
      ["a/b/", 0, 0],
      ["a/b/x.mat", 0, 2],
      ["a/b/y.mat", 8, 99],
      ["z.txt", 8, 0],
    ],
  );
  for (const entry of entries) {
    if (entry.directory) continue;
    const known = members.find(({ path }) => path === entry.filename);
    assertEquals(
      new Uint8Array(await entry.arrayBuffer({ checkSignature: true })),
      known?.bytes(),
    );
  }
});

Deno.test("writeSyntheticZip: an error of the sink comes back", async () => {
  const full = new Error("disk full");
  const sink = new WritableStream<Uint8Array>({
    write(): void {
      throw full;
    },
  });
  const error = await assertRejects(() =>
    writeSyntheticZip(sink, [member(0, () => {})])
  );
  assertEquals(error, full);
});

function member(i: number, onMade: () => void): SyntheticMember {
  return {
    path: `folder/${i}.mat`,
    packing: "store",
    bytes: () => {
      onMade();
      return new Uint8Array(MEMBER_BYTES).fill(i);
    },
  };
}
