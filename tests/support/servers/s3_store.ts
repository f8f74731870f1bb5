import { succeeds } from "../succeeds.ts";
import { S3Sender } from "../../../src/s3/sender.ts";
import type { S3Settings } from "../../../src/s3/settings.ts";

/** Key of the account at the stores; both are secrets in the tests. */
export const STORE_KEYS = {
  accessKeyId: "AKIAMADEUPFORTESTS01",
  secretAccessKey: "made/up+for=tests<of>the&stores",
};

/** Python with moto, if given. */
const s3Python = Deno.env.get("S3_PYTHON") ?? "";

if (s3Python !== "") {
  const imports = ["-c", "import moto.server, flask_cors, py_partiql_parser"];
  if (!await succeeds(s3Python, imports)) {
    throw new Error(`S3_PYTHON is ${s3Python}, expected a Python with moto`);
  }
}
/** Program `versitygw`, if given. */
const versitygw = Deno.env.get("VERSITYGW") ?? "";

/** An S3-compatible store that runs on this machine. */
export interface TestStore extends AsyncDisposable {
  readonly endpoint: string;
  readonly settings: S3Settings;
  /** Fewest bytes of a part of a large object. */
  readonly partBytes: number;
  /** Variables of the environment, for other processes. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes an empty bucket, and gives its name. */
  newBucket(): Promise<string>;
}

/** Starts one kind of store. */
export interface StoreKind {
  readonly name: string;
  start(): Promise<TestStore>;
}

/** Kinds of stores that can be started here; may be none. */
export const STORES: readonly StoreKind[] = [
  ...(s3Python === "" ? [] : [{ name: "moto", start: startMoto }]),
  ...(versitygw === "" ? [] : [{ name: "versitygw", start: startVersitygw }]),
];

if (STORES.length === 0) {
  console.log(
    "No S3_PYTHON: places in an object store are not tested. Set it to a Python " +
      "with moto 5.2.5, flask, flask-cors, py-partiql-parser and PyYAML, or " +
      "VERSITYGW to that program.",
  );
}

/** moto keeps objects in memory, and checks neither signatures nor clocks. */
function startMoto(): Promise<TestStore> {
  return started({
    command: [s3Python, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
    env: { S3_UPLOAD_PART_MIN_SIZE: "100000" },
    partBytes: 100_000,
    ready: /Running on (http:\/\/127\.0\.0\.1:\d+)/,
    clean: () => Promise.resolve(),
  });
}

/** versitygw keeps objects in a folder, and checks signatures and clocks. */
async function startVersitygw(): Promise<TestStore> {
  const folder = await Deno.makeTempDir();
  const at = `127.0.0.1:${freePort()}`;
  return await started({
    command: [versitygw, "--port", at, "posix", folder],
    partBytes: 5 << 20,
    env: {
      ROOT_ACCESS_KEY: STORE_KEYS.accessKeyId,
      ROOT_SECRET_KEY: STORE_KEYS.secretAccessKey,
    },
    ready: /listening on:[^h]*(http:\/\/127\.0\.0\.1:\d+)/,
    clean: () => Deno.remove(folder, { recursive: true }),
  });
}

function freePort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return listener.addr.port;
}

interface Program {
  readonly command: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Text that it prints once it listens; the group is its address. */
  readonly ready: RegExp;
  readonly partBytes: number;
  readonly clean: () => Promise<void>;
}

async function started(
  { command: [program, ...args], env = {}, ready, partBytes, clean }: Program,
): Promise<TestStore> {
  const process = new Deno.Command(program, {
    args,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // A test that fails must not leave the server behind.
  const kill = (): void => process.kill("SIGKILL");
  globalThis.addEventListener("unload", kill);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  // Read to the end: a full pipe would stop the server at its log.
  const logs = [process.stdout, process.stderr].map(async (stream) => {
    for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
      text = (text + piece).slice(-10_000);
      const endpoint = ready.exec(text)?.[1];
      if (endpoint !== undefined) resolve(endpoint);
    }
  });
  process.status.then(({ code }) =>
    reject(new Error(`${program} ends with ${code}: ${text}`))
  );
  const endpoint = await promise;
  const settings: S3Settings = {
    endpoint: new URL(endpoint),
    region: "us-east-1",
    keys: STORE_KEYS,
  };
  return {
    endpoint,
    settings,
    partBytes,
    env: environmentOf(endpoint),
    async newBucket(): Promise<string> {
      const name = `bucket-${crypto.randomUUID().slice(0, 8)}`;
      const sender = new S3Sender({ settings });
      const address = new URL(`s3://${name}`);
      const response = await sender.request(address, { method: "PUT" });
      await response.body?.cancel();
      return name;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      globalThis.removeEventListener("unload", kill);
      kill();
      await process.status;
      await Promise.all(logs);
      await clean();
    },
  };
}

/** Variables by which a process finds the store at an address. */
export function environmentOf(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: STORE_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: STORE_KEYS.secretAccessKey,
  };
}
