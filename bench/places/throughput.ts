/**
 * Measures places: a large file up and down, many small objects, a list. Stores are
 * those that `S3_PYTHON` (moto) and `VERSITYGW` name, on this machine; boto3 of
 * `S3_PYTHON` is the peer, in the same run.
 *
 * Run: `deno run -A bench/places/throughput.ts [megabytes]`
 */
import { openPlace } from "../../src/places/open_place.ts";
import type { Place } from "../../src/places/place.ts";
import { S3Place } from "../../src/places/_s3_place.ts";
import { S3Sender } from "../../src/s3/sender.ts";
import {
  STORES,
  type TestStore,
} from "../../tests/support/servers/s3_store.ts";

const megabytes = Number(Deno.args[0] ?? 256);
const SMALL = 200;
const python = Deno.env.get("S3_PYTHON") ?? "";
const folder = await Deno.makeTempDir();
const path = `${folder}/source`;

try {
  using file = await Deno.open(path, { write: true, create: true });
  const piece = new Uint8Array(1 << 16);
  for (let at = 0; at < megabytes * 1e6; at += piece.length) {
    crypto.getRandomValues(piece);
    await file.write(piece);
  }
  const size = (await file.stat()).size;
  await large("folder", `${folder}/place`, size, {});
  await small("folder", await openPlace(`${folder}/place`));
  for (const { name, start } of STORES) {
    await using store = await start();
    const bucket = await store.newBucket();
    await large(name, `s3://${bucket}`, size, store.env);
    if (python !== "") await peer(name, bucket, size, store);
    const sender = new S3Sender({ settings: store.settings });
    await small(name, new S3Place({ bucket, key: "small" }, { sender }));
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}

async function large(
  name: string,
  place: string,
  size: number,
  env: Record<string, string>,
): Promise<void> {
  for (const verb of ["up", "down"]) {
    const script = new URL("_place_run.ts", import.meta.url).pathname;
    const args = ["run", "-A", "--quiet", script, verb, place, "large", path];
    print(`${name} ${verb}`, size, await ran(Deno.execPath(), args, env));
  }
}

async function peer(
  name: string,
  bucket: string,
  size: number,
  { env }: TestStore,
): Promise<void> {
  const script = new URL("../peers/s3_boto3.py", import.meta.url).pathname;
  for (const verb of ["up", "down"]) {
    const to = verb === "up" ? path : `${folder}/copy`;
    const args = [script, verb, bucket, "peer", to];
    print(`${name} ${verb}, boto3`, size, await ran(python, args, env));
  }
}

async function ran(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<string> {
  const { code, stdout } = await new Deno.Command(program, {
    args: [...args],
    env,
    stderr: "inherit",
  }).output();
  if (code !== 0) throw new Error(`${program} ends with ${code}`);
  return new TextDecoder().decode(stdout);
}

function print(what: string, size: number, output: string): void {
  const [seconds = 0, peak = 0] = output.trim().split(" ").map(Number);
  const speed = (size / 1e6 / seconds).toFixed(0);
  console.log(`${what.padEnd(24)} ${speed} MB/s, peak RSS ${peak} MB`);
}

/** Small objects one after the other, and all of them listed. */
async function small(name: string, place: Place): Promise<void> {
  const bytes = new Uint8Array(2000);
  const keys = Array.from({ length: SMALL }, (_, n) => `sessions/${n}.json`);
  const timed = async (
    what: string,
    run: () => Promise<void>,
  ): Promise<void> => {
    const start = performance.now();
    await run();
    const ms = (performance.now() - start) / SMALL;
    console.log(`${`${name} ${what}`.padEnd(24)} ${ms.toFixed(2)} ms each`);
  };
  await timed("put", async () => {
    for (const key of keys) await place.put(key, bytes);
  });
  await timed("get", async () => {
    for (const key of keys) await place.get(key, { maxBytes: 4000 });
  });
  await timed("list", async () => void await Array.fromAsync(place.list("")));
}
