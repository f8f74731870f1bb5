import zlib from "node:zlib";
import type {
  Inflated,
  InflateFormat,
  Zlib,
} from "../../src/platform/_inflate.ts";
import { nodeZlib } from "../../src/platform/_node_zlib.ts";
import { pakoZlib } from "../../src/platform/_pako_zlib.ts";
import { assertEquals } from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { flipByte } from "../support/flip_byte.ts";

const NODE = nodeZlib(zlib);
const PACK = {
  raw: zlib.deflateRawSync,
  zlib: zlib.deflateSync,
  gzip: zlib.gzipSync,
};
const FORMATS = ["raw", "zlib", "gzip"] as const;
const PIECE = 1000;

let state = 1;
function random(below: number): number {
  state = Math.imul(state, 1664525) + 1013904223 | 0;
  return Math.floor((state >>> 0) / 2 ** 32 * below);
}

/** Noise, runs or a walk: deflate packs each by other means. */
function content(): Uint8Array {
  const bytes = new Uint8Array(random(20_000));
  const kind = random(3);
  let level = 0;
  return bytes.map((_, i) => {
    level += random(5) - 2;
    return itemAt([random(256), i >> 9, level], kind);
  });
}

/** Sound packed bytes, or damaged, cut short, or followed by others. */
function* packedOf(
  bytes: Uint8Array,
  format: InflateFormat,
): Generator<Uint8Array> {
  const packed = new Uint8Array(PACK[format](bytes));
  yield packed;
  yield packed.slice(0, random(packed.length));
  const flipped = packed.slice();
  flipByte(flipped, random(packed.length), 1 << random(8));
  yield flipped;
  const tails = [[0, 0, 0], [7, 7, 7], [0x1f], [0x1f, 0x8b, 8], [0, 5]];
  for (const tail of tails) yield Uint8Array.of(...packed, ...tail);
  yield Uint8Array.of(...packed, ...packed);
}

/** Outcome in a form that shows both values and errors. */
async function outcome(act: () => unknown): Promise<unknown> {
  try {
    const value = await act();
    if (typeof value === "string") return value;
    const { bytes, consumed } = value as Inflated;
    return { bytes: bytes.toHex(), consumed };
  } catch (error) {
    const { name, message, isTooLong } = error as Error & {
      isTooLong?: boolean;
    };
    return { name, message, isTooLong };
  }
}

async function* pieces(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const step = 1 + random(3 * PIECE);
  for (let at = 0; at < packed.length; at += step) {
    await Promise.resolve();
    yield packed.subarray(at, at + step);
  }
}

async function streamed(
  { inflateStream }: Zlib,
  format: InflateFormat,
  packed: Uint8Array,
): Promise<unknown> {
  let leaves = 0;
  const options = { format, pieceBytes: PIECE, onLeave: () => void leaves++ };
  const stream = inflateStream(pieces(packed), options);
  const all: number[] = [];
  const end = await outcome(async () => {
    for await (const piece of stream) all.push(...piece);
    return "end";
  });
  assertEquals(leaves, 1);
  // How much comes out before a fault differs: what was read is provisional.
  return end === "end" ? { all: all.join(), consumed: stream.consumed } : end;
}

for (const format of FORMATS) {
  Deno.test(`pako inflates ${format} as Node does, faults included`, async () => {
    for (let round = 0; round < 60; round++) {
      const bytes = content();
      for (const packed of packedOf(bytes, format)) {
        for (const spare of [0, -1, 7, 30_000]) {
          const maxBytes = Math.max(0, bytes.length + spare);
          const options = { format, maxBytes };
          const expected = await outcome(() => NODE.inflate(packed, options));
          const found = await outcome(() => pakoZlib.inflate(packed, options));
          assertEquals(found, expected);
          if (format === "raw") {
            const later = pakoZlib.inflateRawAsync(packed, maxBytes);
            assertEquals(await outcome(() => later), expected);
          }
          const many = { ...options, blockBytes: 300 };
          assertEquals(
            await outcome(() => pakoZlib.inflate(packed, many)),
            await outcome(() => NODE.inflate(packed, many)),
          );
        }
      }
    }
  });

  Deno.test(`pako streams ${format} as Node does, faults included`, async () => {
    for (let round = 0; round < 60; round++) {
      for (const packed of packedOf(content(), format)) {
        const seed = state;
        const expected = await streamed(NODE, format, packed);
        state = seed;
        assertEquals(await streamed(pakoZlib, format, packed), expected);
      }
    }
  });
}

Deno.test("crc32 of pako's platform is zlib's, in one part or several", () => {
  for (let round = 0; round < 200; round++) {
    const bytes = content();
    const at = random(bytes.length + 1);
    const parted = pakoZlib.crc32(
      bytes.subarray(at),
      pakoZlib.crc32(bytes.subarray(0, at)),
    );
    assertEquals(pakoZlib.crc32(bytes), zlib.crc32(bytes));
    assertEquals(parted, zlib.crc32(bytes));
  }
});

Deno.test("the start of a content is at least as long as asked, not much more", () => {
  const zeros = new Uint8Array(zlib.deflateSync(new Uint8Array(50_000_000)));
  const hundred = new Uint8Array(100).fill(7);
  const short = new Uint8Array(zlib.deflateSync(hundred));
  for (const { inflateStart } of [NODE, pakoZlib]) {
    const { length } = inflateStart(zeros, 4096);
    assertEquals(length >= 4096 && length <= 4096 + 2 ** 16, true);
    const start = inflateStart(short, 4096);
    assertEquals(start.toHex(), hundred.toHex());
    assertEquals(inflateStart(short.subarray(0, 4), 4096).length < 100, true);
  }
});

Deno.test("Deno does not load pako", async () => {
  const zlibUrl = import.meta.resolve("../../src/platform/zlib.ts");
  const imports = { pako: "data:text/javascript,throw new Error('loaded')" };
  const map = `data:application/json,${JSON.stringify({ imports })}`;
  const code = `const { crc32 } = await import("${zlibUrl}");
    console.log(crc32(new Uint8Array([1, 2, 3])));`;
  const args = ["eval", "--no-config", `--import-map=${map}`, code];
  const options = { args, stdout: "piped", stderr: "piped" } as const;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), options)
    .output();
  const decoder = new TextDecoder();
  assertEquals(decoder.decode(stderr), "");
  assertEquals(decoder.decode(stdout).trim(), "1438416925");
});
