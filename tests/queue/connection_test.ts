import { inFolder } from "../support/in_folder.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertThrows,
} from "../support/assert.ts";
import {
  freePort,
  hasRedis,
  redisServer,
} from "../support/servers/redis_server.ts";
import { parseRedisAddress } from "../../src/queue/address.ts";
import { type Connection, connectRedis } from "../../src/queue/connection.ts";
import { settingWarnings } from "../../src/queue/settings.ts";
import {
  CredentialError,
  DownloadError,
  UnsupportedError,
} from "../../src/errors.ts";

const PASSWORD = "s3cret-w0rd";

function connect(
  url: string,
  { startMs = 500, lostMs = 500 } = {},
): Promise<Connection> {
  return connectRedis(parseRedisAddress(url, "--redis"), {
    ...{ act: "submit", startMs, lostMs },
    signal: new AbortController().signal,
  });
}

Deno.test("parseRedisAddress takes host, port, database, user and password", () => {
  const parse = (address: string): unknown => parseRedisAddress(address, "x");
  const plain = { isEncrypted: false, db: 0, port: 6379 };
  assertEquals(parse("redis://h"), { ...plain, shown: "h:6379", host: "h" });
  assertEquals(parse("redis://:p%40@h:1/2"), {
    ...plain,
    ...{ shown: "h:1/2", host: "h", port: 1, db: 2, password: "p@" },
  });
  assertEquals(parse("rediss://u:p@[::1]:1"), {
    ...plain,
    ...{ shown: "[::1]:1", host: "::1", port: 1, isEncrypted: true },
    ...{ username: "u", password: "p" },
  });
});

Deno.test("parseRedisAddress refuses what is no address of Redis, and does not repeat it", () => {
  const wrong = [
    ...[
      "",
      "h",
      "h:6379",
      "http://h",
      "redis://",
      "redis://h/x",
      "redis://h/-1",
    ],
    ...["redis://h:99999", "redis://:a%zz@h", "redis://h?db=1", "redis://h#1"],
    `redis://:${PASSWORD}#@h`,
  ];
  for (const address of wrong) {
    assertThrows(
      () => parseRedisAddress(address, "REDIS_URL"),
      RangeError,
      "Cannot reach Redis: the address in REDIS_URL is of another kind, " +
        "expected redis://host:port or rediss://host:port, with " +
        "user:password@ before the host if it asks for them, special " +
        "characters as %40, and /number after the port for another database",
    );
  }
});

Deno.test("connectRedis without a server fails within its limit", async () => {
  const port = freePort();
  const started = performance.now();
  await assertRejects(
    () => connect(`redis://:${PASSWORD}@127.0.0.1:${port}`),
    DownloadError,
    `Cannot submit: Redis at 127.0.0.1:${port} has not answered for 0.5 s: the connection is refused`,
  );
  assert(performance.now() - started < 2000);
});

Deno.test("connectRedis fails within its limit where nobody answers", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const one of listener) accepted.push(one);
  })();
  const started = performance.now();
  await assertRejects(
    () => connect(`redis://127.0.0.1:${port}`),
    DownloadError,
    `Cannot submit: Redis at 127.0.0.1:${port} has not answered for 0.5 s: no answer`,
  );
  assert(performance.now() - started < 3000);
  listener.close();
  await accepting;
  for (const one of accepted) one.close();
});

Deno.test({
  name:
    "connectRedis says that a password is wrong or missing, and does not repeat it",
  ignore: !hasRedis,
  fn: () =>
    inFolder(async (folder) => {
      const settings = ["--requirepass", PASSWORD];
      await using server = await redisServer(folder, { settings });
      const { port } = server;
      for (const start of [":wrong-one@", "", `somebody:${PASSWORD}@`]) {
        const error = await assertRejects(
          () => connect(`redis://${start}127.0.0.1:${port}`),
          CredentialError,
          `Cannot submit: Redis at 127.0.0.1:${port} refuses the user or the password of its address`,
        );
        const shown = Deno.inspect(error, { depth: 9 });
        assert(!/wrong-one|s3cret/.test(shown), shown);
      }
      await using connection = await connect(
        `redis://:${PASSWORD}@127.0.0.1:${port}`,
      );
      assertEquals(await connection.client.ping(), "PONG");
    }),
});

Deno.test({
  name: "a connection survives a restart of Redis, and not a longer absence",
  ignore: !hasRedis,
  fn: () =>
    inFolder(async (folder) => {
      const settings = ["--appendonly", "yes"];
      await using server = await redisServer(folder, { settings });
      await using connection = await connect(server.url, {
        lostMs: 1500,
      });
      const { client } = connection;
      await client.set("a", "1");
      await server.stop();
      const pending = client.get("a");
      await server.start();
      assertEquals(await pending, "1");

      await server.stop();
      const started = performance.now();
      const error = await assertRejects(() => client.get("a"), Error);
      const message =
        `Cannot submit: Redis at 127.0.0.1:${server.port} has not answered for 1.5 s: the connection is refused`;
      await assertRejects(() => connection.lost, DownloadError, message);
      assert(performance.now() - started < 4000);
      assertEquals(
        String(connection.errorOf(error)),
        `DownloadError: ${message}`,
      );
    }),
});

Deno.test({
  name: "a Redis that hangs fails commands within the limit",
  ignore: !hasRedis,
  fn: () =>
    inFolder(async (folder) => {
      await using server = await redisServer(folder);
      await using connection = await connect(server.url);
      server.signal("SIGSTOP");
      const error = await assertRejects(
        () => connection.client.get("a"),
        Error,
      );
      assertEquals(
        String(connection.errorOf(error)),
        `DownloadError: Cannot submit: Redis at 127.0.0.1:${server.port} has not answered for 0.5 s: no answer`,
      );
    }),
});

Deno.test({
  name: "settings with which a queue may lose sessions are named",
  ignore: !hasRedis,
  fn: () =>
    inFolder(async (folder) => {
      const settings = ["--maxmemory-policy", "allkeys-lru"];
      await using server = await redisServer(folder, { settings });
      await using connection = await connect(server.url);
      assertEquals(await settingWarnings(connection), [
        "Redis drops data when its memory is full (maxmemory-policy " +
        "allkeys-lru), sessions of the queue among them; set maxmemory-policy " +
        "noeviction",
        "a restart of Redis forgets the queue; set appendonly yes",
      ]);
      const { client } = connection;
      await client.config("SET", "maxmemory-policy", "noeviction");
      await client.config("SET", "appendonly", "yes");
      assertEquals(await settingWarnings(connection), []);

      // A user who may not ask is not warned.
      await client.acl("SETUSER", "worker", "on", ">w", "~*", "+@all", "-info");
      const address = server.url.replace("//", "//worker:w@");
      await using restricted = await connect(address);
      assertEquals(await settingWarnings(restricted), []);
    }),
});

Deno.test("a Redis that is too old is refused", async () => {
  const answering = (version: string): Pick<Connection, "client"> => {
    const info = (): Promise<string> =>
      Promise.resolve(`# Server\r\nredis_version:${version}\r\n`);
    return { client: { info } } as unknown as Pick<Connection, "client">;
  };
  for (const version of ["6.2.0", "7.0.15", "10.1.0"]) {
    assertEquals(await settingWarnings(answering(version)), []);
  }
  for (const version of ["5.0.14", "6.0.16"]) {
    await assertRejects(
      () => settingWarnings(answering(version)),
      UnsupportedError,
      `Cannot use Redis ${version}, expected 6.2 or later`,
    );
  }
});
