import { assertEquals } from "../support/assert.ts";
import { CookieJar } from "../../src/http/cookie_jar.ts";

const HOSTS = [
  "crcns.org",
  "download.crcns.org",
  "www.crcns.org",
  "x.crcns.org",
  "127.0.0.1",
];

function jarOf(from: string, ...lines: string[]): CookieJar {
  const jar = new CookieJar(HOSTS, () => NOW);
  set(jar, from, ...lines);
  return jar;
}

function set(jar: CookieJar, from: string, ...lines: string[]): void {
  const headers = new Headers(
    lines.map((line): [string, string] => ["set-cookie", line]),
  );
  jar.store(new URL(from), headers);
}

const NOW = Date.parse("2026-11-21T10:00:00Z");

/** Cookies that addresses set, and those sent to others. */
const CASES: readonly (readonly [string, string, string, string])[] = [
  // [set by, line, asked for, sent]
  ["https://crcns.org/login", "a=1", "https://crcns.org/x", "a=1"],
  ["https://crcns.org/a/b", "a=1", "https://crcns.org/x", ""],
  ["https://crcns.org/a/b", "a=1; Path=/", "https://crcns.org/x", "a=1"],
  ["https://crcns.org/a/b", "a=1", "https://crcns.org/a/c", "a=1"],
  ["https://crcns.org/a/b", "a=1", "https://crcns.org/ab", ""],
  ["https://crcns.org/", "a=1; Path=/ac", "https://crcns.org/ac-1", ""],
  ["https://crcns.org/", "a=1; Path=/ac", "https://crcns.org/ac/1", "a=1"],
  // Without a domain: that host alone.
  ["https://crcns.org/", "a=1", "https://download.crcns.org/", ""],
  ["https://download.crcns.org/", "a=1", "https://crcns.org/", ""],
  // With one: it, and what is below it.
  [
    "https://crcns.org/",
    "a=1; Domain=crcns.org",
    "https://download.crcns.org/",
    "a=1",
  ],
  [
    "https://crcns.org/",
    "a=1; Domain=.CRCNS.org",
    "https://download.crcns.org/",
    "a=1",
  ],
  [
    "https://www.crcns.org/",
    "a=1; Domain=crcns.org",
    "https://download.crcns.org/",
    "a=1",
  ],
  ["https://crcns.org/", "a=1; Domain=crcns.org", "https://evilcrcns.org/", ""],
  ["https://crcns.org/", "a=1; Domain=crcns.org", "https://crcns.org.x/", ""],
  // Another's domain, one below, or a suffix: refused.
  ["https://evil.org/", "a=1; Domain=crcns.org", "https://crcns.org/", ""],
  ["https://crcns.org/", "a=1; Domain=x.crcns.org", "https://x.crcns.org/", ""],
  ["https://crcns.org/", "a=1; Domain=org", "https://crcns.org/", ""],
  ["http://127.0.0.1/", "a=1; Domain=0.0.1", "http://127.0.0.1/", ""],
  ["http://127.0.0.1/", "a=1; Domain=127.0.0.1", "http://127.0.0.1/", "a=1"],
  // Secure: https alone.
  ["https://crcns.org/", "a=1; Secure", "http://crcns.org/", ""],
  ["https://crcns.org/", "a=1; Secure", "https://crcns.org/", "a=1"],
  // Time.
  ["https://crcns.org/", "a=1; Max-Age=0", "https://crcns.org/", ""],
  ["https://crcns.org/", "a=1; Max-Age=-1", "https://crcns.org/", ""],
  ["https://crcns.org/", "a=1; Max-Age=60", "https://crcns.org/", "a=1"],
  [
    "https://crcns.org/",
    "a=1; Expires=Sat, 21 Nov 2026 09:59:59 GMT",
    "https://crcns.org/",
    "",
  ],
  [
    "https://crcns.org/",
    "a=1; Max-Age=9; Expires=Sat, 21 Nov 2026 09:59:59 GMT",
    "https://crcns.org/",
    "a=1",
  ],
  // Form.
  ["https://crcns.org/", 'a="x=y z"', "https://crcns.org/", 'a="x=y z"'],
  ["https://crcns.org/", " a = 1 ;;HttpOnly", "https://crcns.org/", "a=1"],
  ["https://crcns.org/", "a", "https://crcns.org/", ""],
  ["https://crcns.org/", "=1", "https://crcns.org/", ""],
];

for (const [from, line, to, sent] of CASES) {
  Deno.test(`CookieJar: "${line}" of ${from}, for ${to}`, () => {
    assertEquals(jarOf(from, line).header(new URL(to)), sent);
  });
}

Deno.test("CookieJar: a later one of the same name, domain and path wins", () => {
  const jar = jarOf("https://crcns.org/", "a=1", "b=2");
  set(jar, "https://crcns.org/", "a=3");
  assertEquals(jar.header(new URL("https://crcns.org/")), "b=2; a=3");
  set(jar, "https://crcns.org/", "a=; Max-Age=0");
  assertEquals(jar.header(new URL("https://crcns.org/")), "b=2");
});

Deno.test("CookieJar: longer paths come first", () => {
  const jar = jarOf("https://crcns.org/", "a=1; Path=/", "b=2; Path=/x");
  assertEquals(jar.header(new URL("https://crcns.org/x/y")), "b=2; a=1");
});

Deno.test("CookieJar: one whose time passes meanwhile is not sent", () => {
  let now = NOW;
  const jar = new CookieJar(HOSTS, () => now);
  set(jar, "https://crcns.org/", "a=1; Max-Age=60");
  now += 60_000;
  assertEquals(jar.header(new URL("https://crcns.org/")), "");
});

Deno.test("CookieJar: a host outside the session sets and receives none", () => {
  const jar = new CookieJar(["crcns.org", "download.crcns.org"], () => NOW);
  set(jar, "https://crcns.org/", "a=1; Domain=crcns.org");
  set(jar, "https://evil.crcns.org/", "b=2; Domain=crcns.org");
  for (
    const [to, sent] of [
      ["https://crcns.org/", "a=1"],
      ["https://download.crcns.org/", "a=1"],
      ["https://evil.crcns.org/", ""],
    ] as const
  ) {
    assertEquals(jar.header(new URL(to)), sent, to);
  }
});
