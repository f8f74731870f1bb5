import { assert, assertEquals } from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { inFolder } from "../support/in_folder.ts";
import { faultyProxy } from "../support/servers/faulty_proxy.ts";
import {
  environmentOf,
  STORE_KEYS,
  STORES,
} from "../support/servers/s3_store.ts";
import { openPlace } from "../../src/places/open_place.ts";
import type { Place } from "../../src/places/place.ts";
import { S3Place } from "../../src/places/_s3_place.ts";
import { S3Sender } from "../../src/s3/sender.ts";
import { runCommand } from "./_run_command.ts";

/** Objects of a place by key, as text of their bytes. */
async function contentOf(place: Place): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for await (const { key, bytes } of place.list("")) {
    const stored = await place.get(key, { maxBytes: bytes });
    content[key] = new TextDecoder("latin1").decode(stored);
  }
  return content;
}

for (const { name, start } of STORES) {
  Deno.test(`${name}: two programs write the shards of a folder to a bucket, through faults`, async () => {
    await using store = await start();
    const bucket = await store.newBucket();
    await using proxy = await faultyProxy(
      store.endpoint,
      ({ number, method }) =>
        number === 4
          ? { status: 503, code: "SlowDown" }
          : number % 25 === 24 && method === "PUT"
          ? { drop: "after" }
          : { delayMs: 5 },
    );
    const env = environmentOf(proxy.endpoint);
    const written = async (place: string): Promise<void> => {
      const args = ["convert", AC1_TINY, place, "--shards", "npz", "--json"];
      const runs = [["--shard", "0/2"], ["--shard", "1/2"]].map((share) =>
        runCommand([...args, ...share], { env })
      );
      for (const { code, out, err } of await Promise.all(runs)) {
        assertEquals(code, 0, err);
        for (const secret of Object.values(STORE_KEYS)) {
          assert(!(out + err).includes(secret), "a key in an output");
        }
      }
    };
    await inFolder(async (folder) => {
      const [, inBucket] = await Promise.all([
        written(`${folder}/shards`),
        (async () => {
          await written(`s3://${bucket}/run-1`);
          const sender = new S3Sender({ settings: store.settings });
          const place = new S3Place({ bucket, key: "run-1" }, { sender });
          return await contentOf(place);
        })(),
      ]);
      const inFolder = await contentOf(await openPlace(`${folder}/shards`));
      assertEquals(Object.keys(inBucket), Object.keys(inFolder));
      for (const [key, text] of Object.entries(inBucket)) {
        assert(text === inFolder[key], `${key} differs`);
        for (const secret of Object.values(STORE_KEYS)) {
          assert(!text.includes(secret), `a key in ${key}`);
        }
      }
      assert(Object.keys(inBucket).length > 10);
    });
  });
}
