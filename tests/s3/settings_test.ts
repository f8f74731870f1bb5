import { assertEquals, assertThrows } from "../support/assert.ts";
import { environmentSettings, requestUrl } from "../../src/s3/settings.ts";

type Environment = Readonly<Record<string, string>>;

const read = (env: Environment) => (name: string): string | undefined =>
  env[name];
const KEYS = { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" };

Deno.test("an empty environment is AWS in us-east-1, without a key", () => {
  assertEquals(environmentSettings(read({})), { region: "us-east-1" });
  assertEquals(
    environmentSettings(read({ AWS_ENDPOINT_URL: "", AWS_REGION: "" })),
    { region: "us-east-1" },
  );
});

Deno.test("the special variable precedes the general one", () => {
  const settings = environmentSettings(read({
    ...KEYS,
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_ENDPOINT_URL_S3: "http://127.0.0.1:2",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_REGION: "eu-central-1",
    AWS_SESSION_TOKEN: "token",
  }));
  assertEquals(settings, {
    endpoint: new URL("http://127.0.0.1:2"),
    region: "eu-central-1",
    keys: {
      accessKeyId: "id",
      secretAccessKey: "secret",
      sessionToken: "token",
    },
  });
});

/** Environments that are refused, and the words after "the store:". */
const REFUSED: readonly (readonly [Environment, string])[] = [
  ...["127.0.0.1:9000", "ftp://x", "http://me:pass-word@x", "http://x/?a=b"]
    .map((AWS_ENDPOINT_URL) =>
      [
        { AWS_ENDPOINT_URL },
        "AWS_ENDPOINT_URL is not usable, expected https://HOST or http://HOST " +
        "without an account",
      ] as const
    ),
  [
    { AWS_ACCESS_KEY_ID: "pass-word" },
    "AWS_SECRET_ACCESS_KEY is not usable, expected a key",
  ],
  [
    { AWS_SECRET_ACCESS_KEY: "pass-word" },
    "AWS_ACCESS_KEY_ID is not usable, expected a key",
  ],
  [
    { ...KEYS, AWS_SECRET_ACCESS_KEY: "pass-word\n" },
    "AWS_SECRET_ACCESS_KEY is not usable, expected no spaces or line ends in it",
  ],
  [
    { ...KEYS, AWS_SESSION_TOKEN: "pass word" },
    "AWS_SESSION_TOKEN is not usable, expected no spaces or line ends in it",
  ],
  [
    { AWS_REGION: "pass/word" },
    "AWS_REGION is not usable, expected a name such as us-east-1",
  ],
];

for (const [env, text] of REFUSED) {
  Deno.test(`refused without its value: ${JSON.stringify(env)}`, () => {
    const error = assertThrows(
      () => environmentSettings(read(env)),
      RangeError,
    );
    assertEquals(error.message, `Cannot use the store: ${text}`);
  });
}

Deno.test("the bucket is in the path of an endpoint, and in the host at AWS", () => {
  const region = "eu-west-1";
  const url = (
    bucket: string,
    key: string,
    endpoint?: string,
    at = region,
  ): string => {
    const settings = endpoint ? { endpoint: new URL(endpoint) } : {};
    return requestUrl({ ...settings, region: at }, { bucket, key }, "").href;
  };
  const aws = "s3.eu-west-1.amazonaws.com";
  assertEquals(url("bucket", "a/b"), `https://bucket.${aws}/a/b`);
  assertEquals(url("bucket", ""), `https://bucket.${aws}/`);
  assertEquals(url("my.bucket", "a"), `https://${aws}/my.bucket/a`);
  assertEquals(
    url("bucket", "a", undefined, "cn-north-1"),
    "https://bucket.s3.cn-north-1.amazonaws.com.cn/a",
  );
  assertEquals(url("bucket", "a/b", "http://x:9"), "http://x:9/bucket/a/b");
  assertEquals(url("bucket", "", "http://x:9/"), "http://x:9/bucket");
  assertEquals(url("b-1", "a", "https://x/s3/v1/"), "https://x/s3/v1/b-1/a");
  assertEquals(
    url("bucket", "a b/\u00e4+(1)?#%"),
    `https://bucket.${aws}/a%20b/%C3%A4%2B%281%29%3F%23%25`,
  );
  assertEquals(url("bucket", "a/"), `https://bucket.${aws}/a/`);
});
