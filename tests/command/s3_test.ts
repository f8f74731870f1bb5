import {
  assert,
  assertEquals,
  assertStringIncludes,
} from "../support/assert.ts";
import { AC1_TINY } from "../support/golden/golden_ac1.ts";
import { WINGERT_SMALL } from "../support/golden/golden_wingert.ts";
import { inFolder } from "../support/in_folder.ts";
import { faultyProxy } from "../support/servers/faulty_proxy.ts";
import {
  environmentOf,
  STORE_KEYS,
  STORES,
  type TestStore,
} from "../support/servers/s3_store.ts";
import { S3Sender } from "../../src/s3/sender.ts";
import { runCommand } from "./_run_command.ts";

const FOLDERS: Readonly<Record<string, string>> = {
  ac1: AC1_TINY,
  wingert: WINGERT_SMALL,
};

/** Uploads the files of both data sets, without their fixtures' other files. */
async function filled(store: TestStore): Promise<string> {
  const bucket = await store.newBucket();
  const sender = new S3Sender({ settings: store.settings });
  for (const [name, folder] of Object.entries(FOLDERS)) {
    for await (const { name: file } of Deno.readDir(folder)) {
      if (!/\.(zip|csv)$/.test(file)) continue;
      const body = await Deno.readFile(`${folder}/${file}`);
      const address = new URL(`s3://${bucket}/a b/${name}/${file}`);
      const response = await sender.request(address, { method: "PUT", body });
      await response.body?.cancel();
    }
  }
  return bucket;
}

/** A text that has no secret of the account. */
function withoutSecrets(text: string): string {
  for (const secret of Object.values(STORE_KEYS)) {
    for (const form of [secret, encodeURIComponent(secret), btoa(secret)]) {
      assert(!text.includes(form), "a secret in a text");
    }
  }
  return text;
}

for (const { name, start } of STORES) {
  Deno.test(`${name}: data sets in a bucket are converted as on disk, through faults`, async () => {
    await using store = await start();
    const bucket = await filled(store);
    await using proxy = await faultyProxy(
      store.endpoint,
      ({ number }) =>
        number === 2
          ? { status: 503, code: "SlowDown" }
          : number === 4
          ? { drop: "within" }
          : undefined,
    );
    const env = environmentOf(proxy.endpoint);
    await inFolder(async (folder) => {
      const converted = async (data: string): Promise<string> => {
        const path = `${folder}/out.ndjson`;
        const args = ["convert", data, path, "--overwrite", "--debug"];
        const { code, err } = await runCommand(args, { env });
        assertEquals(code, 0, err);
        withoutSecrets(err);
        return withoutSecrets(await Deno.readTextFile(path));
      };
      const inBucket = `s3://${bucket}/a%20b`;
      const pairs = [
        [`${AC1_TINY}/crcns-ac1.zip`, `${inBucket}/ac1/crcns-ac1.zip`],
        [AC1_TINY, `${inBucket}/ac1/`],
        [WINGERT_SMALL, `${inBucket}/wingert/`],
      ] as const;
      for (const [local, remote] of pairs) {
        assertEquals(await converted(remote), await converted(local));
      }
    });
    assert(proxy.requests.length < 60, `${proxy.requests.length} requests`);
  });

  Deno.test(`${name}: what is wrong with a bucket is named on one line`, async () => {
    await using store = await start();
    const bucket = await store.newBucket();
    await using proxy = await faultyProxy(
      store.endpoint,
      ({ path }) =>
        path.includes("closed")
          ? { status: 403, code: "AccessDenied" }
          : undefined,
    );
    const env = environmentOf(proxy.endpoint);
    const failures: readonly (readonly [string, typeof env, string])[] = [
      [
        `s3://${bucket}/none.zip`,
        env,
        "nothing is at the address (404), check the address (archive " +
        `"s3://${bucket}/none.zip")`,
      ],
      ["s3://no-such-bucket/x.zip", env, "there is no such bucket"],
      ["s3://closed/x.zip", env, "it refuses access (403 AccessDenied), check"],
      ["s3://x/y.zip", env, "expected s3://bucket/key"],
      [
        `s3://${bucket}/none.zip`,
        { ...env, AWS_SECRET_ACCESS_KEY: "" },
        "AWS_SECRET_ACCESS_KEY is not usable, expected a key",
      ],
    ];
    for (const [data, env, text] of failures) {
      const { code, err } = await runCommand(["info", data, "-q"], { env });
      assert(code > 0);
      assertStringIncludes(withoutSecrets(err), text);
      assertEquals(err.trim().split("\n").length, 1, err);
    }
  });
}
