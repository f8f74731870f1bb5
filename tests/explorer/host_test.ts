import type { ByteSource } from "../../src/archive/bytes/byte_source.ts";
import { hostAnswer } from "../../src/explorer/host.ts";
import { assert, assertEquals } from "../support/assert.ts";

const BYTES = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
const ARCHIVE: ByteSource = {
  name: "a.zip",
  size: BYTES.length,
  read: (offset, length) =>
    Promise.resolve(BYTES.slice(offset, offset + length)),
};
const CONTENT = {
  page: { "index.html": { type: "text/html", text: "<p>page</p>" } },
  archives: new Map([["data/a%20b.zip", ARCHIVE]]),
  token: "secret",
};
const HOST = "http://127.0.0.1:8000";

function answer(path: string, init: RequestInit = {}): Response {
  return hostAnswer(CONTENT, new Request(`${HOST}${path}`, init));
}

Deno.test("explorer: the server hands out the page by its token alone", async () => {
  const page = answer("/secret/");
  assertEquals(page.status, 200);
  assertEquals(await page.text(), "<p>page</p>");
  assertEquals(answer("/secret/index.html", { method: "HEAD" }).status, 200);
  for (const path of ["/", "/index.html", "/secret", "/Secret/", "//secret/"]) {
    assertEquals(answer(path).status, 404, path);
  }
  assertEquals(answer("/secret/", { method: "POST" }).status, 405);
});

Deno.test("explorer: no path leads to a file that is not listed", () => {
  const paths = [
    "/secret/../secret/data/",
    "/secret/data/../../etc/passwd",
    "/secret/data/%2e%2e/%2e%2e/etc/passwd",
    "/secret/data/..%2f..%2fetc%2fpasswd",
    "/secret/%2fetc%2fpasswd",
    "/secret//etc/passwd",
    "/secret/data/",
    "/secret/data/b.zip",
    "/secret/constructor",
    "/secret/__proto__",
  ];
  for (const path of paths) assertEquals(answer(path).status, 404, path);
});

Deno.test("explorer: a request that names another host is refused", () => {
  const ask = (host: string): number =>
    answer("/secret/", { headers: { host } }).status;
  assertEquals(ask("127.0.0.1:8000"), 200);
  assertEquals(ask("localhost:8000"), 200);
  const foreign = ["example.com", "127.0.0.1.example.com", "example.com:8000"];
  for (const host of [...foreign, "localhost.example.com", "[::1]:8000"]) {
    assertEquals(ask(host), 403, host);
  }
});

Deno.test("explorer: archives come by range", async () => {
  const ranges: readonly (readonly [string, number, number])[] = [
    ["bytes=0-9", 0, 10],
    ["bytes=5-2999999", 5, 3_000_000],
    ["bytes=2999990-", 2_999_990, 3_000_000],
    ["bytes=-7", 2_999_993, 3_000_000],
    ["bytes=10-9999999", 10, 3_000_000],
  ];
  for (const [range, start, end] of ranges) {
    const part = answer("/secret/data/a%20b.zip", { headers: { range } });
    assertEquals(part.status, 206, range);
    assertEquals(
      part.headers.get("content-range"),
      `bytes ${start}-${end - 1}/3000000`,
    );
    const bytes = new Uint8Array(await part.arrayBuffer());
    assertEquals(bytes.length, end - start);
    assert(bytes.every((byte, i) => byte === (start + i) % 251), range);
  }
  const wrong = ["bytes=3000000-", "bytes=9-5", "bytes=-", "bytes=0-1,4-5"];
  for (const range of wrong) {
    const { status } = answer("/secret/data/a%20b.zip", { headers: { range } });
    assertEquals(status, 416, range);
  }
  const whole = answer("/secret/data/a%20b.zip");
  assertEquals(whole.status, 200);
  assertEquals((await whole.arrayBuffer()).byteLength, BYTES.length);
});

Deno.test("explorer: every answer has the policy of the page", () => {
  for (const path of ["/secret/", "/", "/secret/data/a%20b.zip"]) {
    const { headers } = answer(path);
    const policy = headers.get("content-security-policy") ?? "";
    for (
      const part of [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "require-trusted-types-for 'script'",
        "frame-ancestors 'none'",
      ]
    ) assert(policy.includes(part), `${path}: ${part}`);
    assert(
      !/unsafe-inline|'unsafe-eval'|\*\s*;/.test(policy.replace(/:\*/g, "")),
    );
    assertEquals(headers.get("referrer-policy"), "no-referrer");
    assertEquals(headers.get("cross-origin-resource-policy"), "same-origin");
  }
});
