import { assertEquals, assertRejects } from "../support/assert.ts";
import { DownloadError } from "../../src/errors.ts";
import { CookieJar } from "../../src/http/cookie_jar.ts";
import { retryingFetch } from "../../src/http/fetch.ts";
import type { Transport } from "../../src/http/transport.ts";
import { impatient } from "../support/servers/downloads.ts";

interface Sent {
  readonly href: string;
  readonly method: string;
  readonly cookie: string | null;
  readonly body: string;
}

/** A network of https hosts that are not there. */
function network(
  answers: Readonly<Record<string, () => Response>>,
): { transport: Transport; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: Transport["fetch"] = (url, init) => {
    const { method = "GET", body, redirect } = init;
    assertEquals(redirect, "manual");
    const cookie = new Headers(init.headers).get("cookie");
    sent.push({ href: url.href, method, cookie, body: String(body ?? "") });
    const answer = answers[url.origin + url.pathname];
    if (answer === undefined) throw new TypeError("nobody there");
    return Promise.resolve(answer());
  };
  return { transport: { ...impatient(), fetch }, sent };
}

function redirect(status: number, location: string, cookie?: string): Response {
  const headers = new Headers({ location });
  if (cookie) headers.set("set-cookie", cookie);
  return new Response(null, { status, headers });
}

const ok = (): Response => new Response("ok");
const FROM = new URL("https://crcns.org/from");

Deno.test("retryingFetch: cookies follow their rules from hop to hop", async () => {
  const { transport, sent } = network({
    "https://crcns.org/from": () =>
      redirect(302, "https://download.crcns.org/a", "a=1; Domain=crcns.org"),
    "https://download.crcns.org/a": () =>
      redirect(302, "https://bucket.example/b", "b=2; Path=/"),
    "https://bucket.example/b": () =>
      redirect(302, "https://download.crcns.org/c", "c=3; Path=/"),
    "https://download.crcns.org/c": ok,
  });
  const jar = new CookieJar(
    ["crcns.org", "download.crcns.org", "bucket.example"],
    () => 0,
  );
  const response = await retryingFetch(FROM, {}, { transport, jar });
  assertEquals(await response.text(), "ok");
  assertEquals(sent.map(({ cookie }) => cookie), [
    null,
    "a=1",
    null,
    "a=1; b=2",
  ]);
});

const METHODS = [[301, "GET", ""], [302, "GET", ""], [303, "GET", ""], [
  307,
  "POST",
  "x=1",
], [308, "POST", "x=1"]] as const;

for (const [status, method, body] of METHODS) {
  Deno.test(`retryingFetch: a form after ${status} is sent on as ${method}`, async () => {
    const { transport, sent } = network({
      "https://crcns.org/from": () => redirect(status, "/to"),
      "https://crcns.org/to": ok,
    });
    const form = new URLSearchParams({ x: "1" });
    await retryingFetch(FROM, { method: "POST", body: form }, { transport });
    const last = sent[1];
    assertEquals([last?.method, last?.body], [method, body]);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["http://crcns.org/plain", "it redirects to http://, expected https://"],
  ["ftp://crcns.org/x", "it redirects to ftp://, expected https://"],
  ["https://user:word@crcns.org/x", "to an address with an account in it"],
  ["https://[", "it redirects to no address"],
  ["/from", "it redirects more than 10 times"],
];

for (const [location, message] of REFUSED) {
  Deno.test(`retryingFetch: ${location} is not followed`, async () => {
    const { transport, sent } = network({
      "https://crcns.org/from": () => redirect(302, location),
    });
    const error = await assertRejects(
      () => retryingFetch(FROM, {}, { transport }),
      DownloadError,
      message,
    );
    assertEquals(error.archive, FROM.href);
    assertEquals(sent.every(({ href }) => href === FROM.href), true);
  });
}

for (const status of [307, 308]) {
  Deno.test(`retryingFetch: a form stays with its host after ${status}`, async () => {
    const { transport, sent } = network({
      "https://crcns.org/from": () => redirect(status, "https://x.org/to"),
    });
    const form = new URLSearchParams({ x: "1" });
    await assertRejects(
      () => retryingFetch(FROM, { method: "POST", body: form }, { transport }),
      DownloadError,
      "it redirects a form to another host",
    );
    assertEquals(sent.length, 1);
  });
}

Deno.test("retryingFetch: as many tries as asked for, then what went wrong", async () => {
  const { transport, sent } = network({});
  await assertRejects(
    () => retryingFetch(FROM, {}, { transport, tries: 3 }),
    DownloadError,
    'Cannot reach the server: nobody there (archive "https://crcns.org/from")',
  );
  assertEquals(sent.length, 3);
});

Deno.test("retryingFetch: a certificate that is wrong stays so", async () => {
  let tries = 0;
  const transport = {
    ...impatient(),
    fetch: (): Promise<Response> => {
      tries++;
      const cause = new Error(
        "error sending request for url (https://crcns.org/from?x=secret): " +
          "client error (Connect): invalid peer certificate: UnknownIssuer",
      );
      return Promise.reject(new TypeError("fetch failed", { cause }));
    },
  };
  const error = await assertRejects(
    () => retryingFetch(FROM, {}, { transport }),
    DownloadError,
    "Cannot reach the server: invalid peer certificate: UnknownIssuer",
  );
  assertEquals(tries, 1);
  assertEquals(error.message.includes("secret"), false);
});

Deno.test("retryingFetch: a missing permission is thrown unchanged", async () => {
  const transport = {
    ...impatient(),
    fetch: (): Promise<Response> =>
      Promise.reject(new Deno.errors.NotCapable("Requires net access")),
  };
  await assertRejects(
    () => retryingFetch(FROM, {}, { transport }),
    Deno.errors.NotCapable,
  );
});

for (
  const [to, outcome] of [
    ["https://bucket.example/b", "ok"],
    ["http://bucket.example/b", "Cannot follow the server: it redirects to"],
  ] as const
) {
  Deno.test(`retryingFetch: a browser follows to ${to} itself: ${outcome}`, async () => {
    const modes: unknown[] = [];
    const transport: Transport = {
      ...impatient(),
      fetch: (_, { redirect, headers }) => {
        modes.push([redirect, new Headers(headers).get("range")]);
        return Promise.resolve(
          redirect === "manual" ? likeBrowser("") : likeBrowser(to),
        );
      },
    };
    const init = { headers: { range: "bytes=0-1" } };
    const result = await retryingFetch(FROM, init, { transport })
      .then((response) => response.text(), ({ message }) => message);
    assertEquals(result.slice(0, outcome.length), outcome);
    assertEquals(modes, [["manual", "bytes=0-1"], ["follow", "bytes=0-1"]]);
  });
}

/** Response of a browser: it hides a redirect, or has followed it to a URL. */
function likeBrowser(url: string): Response {
  const type = url === "" ? "opaqueredirect" : "basic";
  return Object.defineProperties(ok(), {
    type: { value: type },
    url: { value: url },
  });
}
