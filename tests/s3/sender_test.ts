import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "../support/assert.ts";
import { itemAt } from "../support/item_at.ts";
import { impatient } from "../support/servers/downloads.ts";
import type { Transport } from "../../src/http/transport.ts";
import { S3Sender } from "../../src/s3/sender.ts";
import type { S3Keys } from "../../src/s3/settings.ts";
import {
  CredentialError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../../src/errors.ts";

/** A request that botocore has signed. */
interface Signed {
  readonly method: string;
  readonly key: string;
  readonly search?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly keys?: S3Keys;
  readonly region?: string;
  readonly authorization: string;
}

const FIXTURE = new URL("../fixtures/s3/signatures.json", import.meta.url);
const { when, keys: KEYS, requests: SIGNED } = JSON.parse(
  await Deno.readTextFile(FIXTURE),
) as {
  readonly when: string;
  readonly keys: S3Keys;
  readonly requests: readonly Signed[];
};
const ENDPOINT = new URL("http://store.test:9000");
const NOW = Date.parse(when);
const ADDRESS = new URL("s3://bucket/run-1/job.json");

/** A network in which a function answers, without waits. */
function network(
  answer: (request: Request, number: number) => Response | Error,
  waits: number[] = [],
): Transport {
  let number = 0;
  return {
    ...impatient(waits),
    now: () => NOW,
    fetch(url, init): Promise<Response> {
      const found = answer(new Request(url, init), number++);
      return found instanceof Error
        ? Promise.reject(found)
        : Promise.resolve(found);
    },
  };
}

function senderOn(transport: Transport, keys?: S3Keys): S3Sender {
  const settings = { endpoint: ENDPOINT, region: "us-east-1" };
  return new S3Sender({
    transport,
    settings: keys === undefined ? settings : { ...settings, keys },
  });
}

/** Error of a store, as S3 words it. */
function refusal(
  status: number,
  code: string,
  more = "",
  headers: Record<string, string> = {},
): Response {
  const xml = '<?xml version="1.0"?><Error><Code>' + code +
    `</Code><Message>for ${KEYS.accessKeyId}</Message>${more}</Error>`;
  return new Response(xml, { status, headers });
}

for (const { key, search = "", ...signed } of SIGNED) {
  const { method, body, headers = {}, keys = KEYS } = signed;
  const region = signed.region ?? "us-east-1";
  Deno.test(`signs ${method} ${key}${search} in ${region} as botocore does`, async () => {
    const seen: Request[] = [];
    const sender = new S3Sender({
      transport: network((request) => {
        seen.push(request);
        return new Response();
      }),
      settings: { endpoint: ENDPOINT, region, keys },
    });
    const path = key.split("/").map(encodeURIComponent).join("/");
    const address = new URL(`s3://bucket/${path}${search}`);
    const sent = body === undefined
      ? undefined
      : new TextEncoder().encode(body);
    await sender.request(address, { method, headers, body: sent });
    const request = itemAt(seen, 0);
    assertEquals(request.headers.get("authorization"), signed.authorization);
    assertEquals(
      request.headers.get("x-amz-security-token"),
      keys.sessionToken ?? null,
    );
  });
}

Deno.test("a range is not signed, and bytes come as they are stored", async () => {
  const seen: Request[] = [];
  const transport = network((request) => {
    seen.push(request);
    return new Response("x", { status: 206 });
  });
  const sender = senderOn(transport, KEYS);
  const { signal } = new AbortController();
  const headers = { range: "bytes=0-0" };
  await sender.send(new URL("s3://bucket/crcns-ac1.zip"), { headers, signal });
  const request = itemAt(seen, 0);
  assertEquals(request.headers.get("range"), "bytes=0-0");
  assertEquals(request.headers.get("accept-encoding"), "identity");
  assertStringIncludes(
    request.headers.get("authorization") ?? "",
    "SignedHeaders=host;x-amz-content-sha256;x-amz-date,",
  );
});

Deno.test("without keys a request has no signature", async () => {
  let names: string[] = [];
  const transport = network((request) => {
    names = [...request.headers.keys()];
    return new Response();
  });
  await senderOn(transport).request(ADDRESS, {});
  assertEquals(names, ["accept-encoding"]);
});

/** Answers that end a request: their class, and the words after "the store". */
const REFUSALS: readonly (readonly [
  what: string,
  answer: () => Response,
  kind: abstract new (...args: never[]) => Error,
  text: string,
])[] = [
  [
    "a key without rights",
    () => refusal(403, "AccessDenied"),
    CredentialError,
    "it refuses access (403 AccessDenied), check the rights of the access key",
  ],
  [
    "an unknown key",
    () => refusal(403, "InvalidAccessKeyId"),
    CredentialError,
    "it does not know the access key (403 InvalidAccessKeyId), check " +
    "AWS_ACCESS_KEY_ID",
  ],
  [
    "a wrong secret",
    () => refusal(403, "SignatureDoesNotMatch"),
    CredentialError,
    "it finds the signature wrong (403 SignatureDoesNotMatch), check " +
    "AWS_SECRET_ACCESS_KEY",
  ],
  [
    "an old token",
    () => refusal(400, "ExpiredToken"),
    CredentialError,
    "it finds the session token expired (400 ExpiredToken), renew " +
    "AWS_SESSION_TOKEN",
  ],
  [
    "a clock an hour ahead",
    () =>
      refusal(
        403,
        "RequestTimeTooSkewed",
        "<ServerTime>2026-11-21T19:30:05Z</ServerTime>",
      ),
    CredentialError,
    "this machine's clock is 60 min ahead of the store's (403 " +
    "RequestTimeTooSkewed), expected at most 15 min; set the clock",
  ],
  [
    "a clock an hour behind, after HEAD",
    () =>
      new Response(null, {
        status: 403,
        headers: { date: "Sat, 21 Nov 2026 21:30:05 GMT" },
      }),
    CredentialError,
    "this machine's clock is 60 min behind the store's (403), expected at " +
    "most 15 min; set the clock",
  ],
  [
    "a clock that the store does not compare",
    () => refusal(403, "RequestTimeTooSkewed"),
    CredentialError,
    "the clocks of this machine and the store differ (403 " +
    "RequestTimeTooSkewed), expected at most 15 min; set the clock",
  ],
  [
    "no such bucket",
    () => refusal(404, "NoSuchBucket"),
    DataNotFoundError,
    "there is no such bucket (404 NoSuchBucket)",
  ],
  [
    "a bucket of another region, by a redirect",
    () =>
      refusal(301, "PermanentRedirect", "", {
        "x-amz-bucket-region": "eu-west-1",
        location: "https://elsewhere.test/",
      }),
    DataNotFoundError,
    "the bucket is in region eu-west-1 (301 PermanentRedirect), set AWS_REGION",
  ],
  [
    "a bucket of another region, by the signature",
    () =>
      refusal(
        400,
        "AuthorizationHeaderMalformed",
        "<Region>eu-west-1</Region>",
      ),
    DataNotFoundError,
    "the bucket is in region eu-west-1 (400 AuthorizationHeaderMalformed), " +
    "set AWS_REGION",
  ],
  [
    "a redirect to anywhere",
    () =>
      new Response(null, { status: 302, headers: { location: "http://x" } }),
    DownloadError,
    "it answers 302",
  ],
  [
    "a request that it does not know",
    () => refusal(501, "NotImplemented"),
    UnsupportedError,
    "it does not know this kind of request (501 NotImplemented)",
  ],
  [
    "a code that is none",
    () => refusal(400, `${KEYS.secretAccessKey}`),
    DownloadError,
    "it answers 400",
  ],
  [
    "a 404 that is not about the object",
    () => refusal(404, "UserNotFound"),
    DownloadError,
    "it answers 404 UserNotFound",
  ],
];

for (const [what, answer, kind, text] of REFUSALS) {
  Deno.test(`refused at once: ${what}`, async () => {
    const waits: number[] = [];
    const sender = senderOn(network(answer, waits), KEYS);
    const error = await assertRejects(() => sender.request(ADDRESS, {}));
    assert(error instanceof kind);
    assertEquals(
      (error as Error).message,
      `Cannot use the store: ${text} (archive "${ADDRESS.href}")`,
    );
    assertEquals(waits, []);
    const shown = Deno.inspect(error, { depth: 100, showHidden: true });
    for (const secret of Object.values(KEYS)) {
      assertEquals(shown.includes(secret), false);
    }
  });
}

Deno.test("without keys, a refusal asks for them", async () => {
  const sender = senderOn(network(() => refusal(403, "AccessDenied")));
  await assertRejects(
    () => sender.request(ADDRESS, {}),
    CredentialError,
    "it refuses access (403 AccessDenied), set AWS_ACCESS_KEY_ID and " +
      "AWS_SECRET_ACCESS_KEY",
  );
});

const PASSING: readonly (readonly [string, () => Response | Error])[] = [
  ["503 SlowDown", () => refusal(503, "SlowDown")],
  ["500 InternalError", () => refusal(500, "InternalError")],
  ["400 RequestTimeout", () => refusal(400, "RequestTimeout")],
  [
    "409 ConditionalRequestConflict",
    () => refusal(409, "ConditionalRequestConflict"),
  ],
  ["a broken connection", () => new TypeError("connection reset")],
];

for (const [what, answer] of PASSING) {
  Deno.test(`tries again after ${what}, with another signature`, async () => {
    const waits: number[] = [];
    const dates: (string | null)[] = [];
    let now = NOW;
    const transport = network((request, number) => {
      dates.push(request.headers.get("x-amz-date"));
      now += 60_000;
      return number < 2 ? answer() : new Response("whole");
    }, waits);
    const sender = senderOn({ ...transport, now: () => now }, KEYS);
    const body = new Uint8Array([1, 2, 3]);
    const response = await sender.request(ADDRESS, { method: "PUT", body });
    assertEquals(await response.text(), "whole");
    assertEquals(waits, [750, 1500]);
    assertEquals(new Set(dates).size, 3);
  });
}

Deno.test("gives up after six attempts", async () => {
  const waits: number[] = [];
  const sender = senderOn(network(() => refusal(503, "SlowDown"), waits), KEYS);
  await assertRejects(
    () => sender.request(ADDRESS, {}),
    DownloadError,
    "Cannot use the server: it is out of order (503), try again later " +
      '(archive "s3://bucket/run-1/job.json")',
  );
  assertEquals(waits.length, 5);
});

Deno.test("an address without bucket is refused", async () => {
  const sender = senderOn(network(() => new Response()), KEYS);
  for (const address of ["s3:///key", "s3://a/b", "s3://bucket/%ff"]) {
    await assertRejects(
      () => sender.request(new URL(address), {}),
      TypeError,
      `Cannot use the store: the address is ${address}, expected s3://bucket/key`,
    );
  }
});
