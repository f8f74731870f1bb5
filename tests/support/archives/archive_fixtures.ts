import { fileURLToPath } from "node:url";

/** Facts about a member, from Python. */
export interface MemberFacts {
  readonly size: number;
  readonly packedSize: number;
  readonly offset: number;
  readonly sha256: string;
}

interface Truth {
  readonly zips: Readonly<
    Record<string, Readonly<Record<string, MemberFacts>>>
  >;
  readonly sparse: {
    readonly tailOffset: number;
    readonly size: number;
    readonly zeros: number;
  };
}

const FOLDER = new URL("../../fixtures/archive/", import.meta.url);

/** Path of a fixture. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(name, FOLDER));
}

/** Bytes of a fixture. */
export function fixtureBytes(name: string): Uint8Array {
  return Deno.readFileSync(fixture(name));
}

/** Notes of make_archives.py. */
export const truth: Truth = JSON.parse(
  Deno.readTextFileSync(fixture("truth.json")),
);

/** SHA-256 in hex. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new Uint8Array(bytes));
  return Array.from(
    new Uint8Array(hash),
    (byte) => byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** All bytes of a stream. */
export async function drain(
  stream: ReadableStream<Uint8Array>,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  const bytes = new Uint8Array(pieces.reduce((sum, p) => sum + p.length, 0));
  pieces.reduce((at, piece) => (bytes.set(piece, at), at + piece.length), 0);
  return bytes;
}

/** Reason with which a promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`expected a rejection, got ${String(value)}`);
}

/** Random whole numbers below `n`, the same for the same seed (mulberry32). */
export function randomBelow(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t ^= t + Math.imul(t ^ (t >>> 7), 61 | t);
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}
