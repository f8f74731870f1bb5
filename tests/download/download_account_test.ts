import { assert, assertEquals } from "../support/assert.ts";
import { tracesIn, tracesInError } from "../support/servers/account_traces.ts";
import { fetched, namesIn, randomBytes } from "../support/servers/downloads.ts";
import {
  ACCOUNT,
  fakeCrcns,
  type FakeCrcnsOptions,
  LOGIN_PAGE,
} from "../support/servers/fake_crcns.ts";
import type { FakeRequest } from "../support/servers/fake_files.ts";
import { inFolder } from "../support/in_folder.ts";

const ZIP = "crcns-ac1.zip";
const FILE = { bytes: randomBytes(50_000, 1), etag: '"one"' };
const { username, password } = ACCOUNT;
const ECHO = new URLSearchParams({ username, password });
const HTML = { headers: { "content-type": "text/html" } };

/** Port without a listener. */
function closedPort(): number {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return (listener.addr as Deno.NetAddr).port;
}

/** Whether a request has the account in it, at either login. */
function isLogin({ method }: FakeRequest): boolean {
  return method === "POST";
}

/** Servers whose responses repeat the account. */
const ECHOES: Readonly<Record<string, FakeCrcnsOptions>> = {
  "a login that redirects to an address with it": {
    answer: (request) =>
      isLogin(request)
        ? new Response(null, {
          status: 302,
          headers: { location: `/welcome?${ECHO}` },
        })
        : request.url.pathname === "/welcome"
        ? new Response(`${ECHO}`, { status: 500 })
        : undefined,
  },
  "one that redirects to where nobody listens": {
    answer: (request) =>
      isLogin(request)
        ? Response.redirect(`http://127.0.0.1:${closedPort()}/?${ECHO}`)
        : undefined,
  },
  "one that redirects to another protocol": {
    answer: (request) =>
      isLogin(request)
        ? new Response(null, {
          status: 302,
          headers: { location: `ftp://127.0.0.1/?${ECHO}` },
        })
        : undefined,
  },
  "a page that has it, instead of the file": {
    fault: ({ url }) =>
      url.pathname.endsWith(ZIP)
        ? { kind: "page", html: `<html>${username} ${password}` }
        : undefined,
  },
  "a login page that has it": {
    answer: ({ method, url }) =>
      method === "GET" && url.pathname === "/ac-1"
        ? new Response(`${LOGIN_PAGE} ${username} ${password}`, HTML)
        : undefined,
  },
  "a status line that has it": {
    answer: ({ url }) =>
      url.pathname.endsWith(ZIP)
        ? new Response(`${ECHO}`, { status: 418, statusText: password })
        : undefined,
  },
};

for (const [server, options] of Object.entries(ECHOES)) {
  Deno.test(`download: reveals nothing of the account after ${server}`, () =>
    inFolder(async (dir) => {
      await using crcns = fakeCrcns({ [ZIP]: FILE }, options);
      const error = await fetched({ dir, crcns }).catch((error) => error);
      assert(error instanceof Error, "it fails");
      assertEquals(tracesInError(error), []);
      assertEquals(namesIn(dir), []);
    }));
}

Deno.test("download: the account is in no address, no header and no file", () =>
  inFolder(async (dir) => {
    await using crcns = fakeCrcns({ [ZIP]: FILE }, {
      login: "own",
      fault: ({ url }) =>
        url.pathname.endsWith(ZIP)
          ? { kind: "stall", after: 20_000 }
          : undefined,
    });
    const controller = new AbortController();
    const reports: string[] = [];
    const error = await fetched({
      dir,
      crcns,
      signal: controller.signal,
      onProgress: (progress) => {
        reports.push(JSON.stringify(progress));
        if (progress.bytesFetched === 20_000) controller.abort();
      },
    }).catch((error) => error);
    assertEquals(tracesInError(error), []);
    assertEquals(tracesIn(reports.join("\n")), []);
    for (const { url, headers } of crcns.log.requests) {
      assertEquals(tracesIn(url.href + JSON.stringify([...headers])), []);
    }
    assertEquals(namesIn(dir), [`${ZIP}.part`, `${ZIP}.part.json`]);
    for (const name of namesIn(dir)) {
      const bytes = await Deno.readFile(`${dir}/${name}`);
      assertEquals(tracesIn(new TextDecoder("latin1").decode(bytes)), []);
    }
    // The account reaches the login forms; otherwise this test would be vacuous.
    const bodies = crcns.log.requests.map(({ body }) => body).join("\n");
    assertEquals(tracesIn(bodies).length > 0, true);
  }));

Deno.test("download: a form is not repeated to another host", () =>
  inFolder(async (dir) => {
    await using other = fakeCrcns({});
    const target = `${other.hosts.download}/login_form`;
    await using crcns = fakeCrcns({ [ZIP]: FILE }, {
      answer: (request) =>
        isLogin(request) ? Response.redirect(target, 307) : undefined,
    });
    const error = await fetched({ dir, crcns }).catch((error) => error);
    assertEquals(error.name, "DownloadError");
    assert(error.message.includes("it redirects a form to another host"));
    assertEquals(other.log.requests, []);
  }));
