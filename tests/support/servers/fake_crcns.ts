import {
  answerFile,
  type FakeFile,
  FakeLog,
  type FakeOptions,
  type FakeRequest,
  latency,
  logged,
} from "./fake_files.ts";
import { md5Hex } from "../archives/md5_hex.ts";

/** Account at the fake CRCNS. */
export const ACCOUNT = {
  username: "ferret&cortex",
  password: "pa ss=w%rd<7>Q",
};

/** Options of {@linkcode fakeCrcns}. */
export interface FakeCrcnsOptions extends FakeOptions {
  /**
   * Login that opens the files: that of `crcns.org`, whose cookie goes to
   * `download.crcns.org`, or that of `download.crcns.org` alone.
   */
  readonly login?: "shared" | "own";
  /** Answers in place of the server, before anything else. */
  readonly answer?: (request: FakeRequest) => Response | undefined;
}

/** A fake CRCNS, over real sockets. */
export interface FakeCrcns extends AsyncDisposable {
  /** Its origins, as `crcnsSession` and `download` take them. */
  readonly hosts: { readonly login: string; readonly download: string };
  /** Its files, by path below `ac-1/`; the lists are made from them unless given. */
  readonly files: Map<string, FakeFile>;
  readonly log: FakeLog;
  /** Ends all logins. */
  forget(): void;
}

/** Starts a fake CRCNS with `files` on a free port. */
export function fakeCrcns(
  files: Readonly<Record<string, FakeFile>>,
  options: FakeCrcnsOptions = {},
): FakeCrcns {
  const { login = "shared" } = options;
  const own = new Map(Object.entries(files));
  const log = new FakeLog();
  const known = new Set<string>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (raw) => {
      const request = await logged(raw, log);
      await latency(options);
      return options.answer?.(request) ?? await answer(request);
    },
  );
  const { port } = server.addr;
  const download = `http://127.0.0.1:${port}`;
  // Cookies ignore ports, so the second host needs another name.
  const host = login === "shared" ? "127.0.0.1" : "localhost";
  return {
    hosts: { login: `http://${host}:${port}`, download },
    files: own,
    log,
    forget: () => known.clear(),
    async [Symbol.asyncDispose](): Promise<void> {
      log.close();
      await server.shutdown();
    },
  };

  async function answer(request: FakeRequest): Promise<Response> {
    const { method, url: { pathname } } = request;
    if (method === "POST" && pathname === "/login_form") {
      return logIn(request, "__ac_name", "__ac_password");
    }
    if (pathname === "/ac-1") {
      return method === "POST"
        ? logIn(request, "username", "password")
        : dataSetPage(request);
    }
    if (!pathname.startsWith("/ac-1/")) return nothing();
    if (!isKnown(request)) return loginPage();
    const file = fileAt(pathname.slice("/ac-1/".length));
    return file ? await answerFile(request, file, log, options) : nothing();
  }

  function logIn(request: FakeRequest, name: string, word: string): Response {
    const form = new URLSearchParams(request.body);
    const isRight = form.get(name) === ACCOUNT.username &&
      form.get(word) === ACCOUNT.password;
    // The real server answers 200 and a page either way, with the name in it.
    const headers = new Headers({ "content-type": "text/html" });
    if (isRight) {
      const id = crypto.randomUUID();
      known.add(id);
      headers.append("set-cookie", `__ac="${id}"; Path=/; HttpOnly`);
      headers.append("set-cookie", "theme=plain; Path=/elsewhere");
    }
    return new Response(`<html>Hello ${form.get(name)}</html>`, { headers });
  }

  function isKnown(request: FakeRequest): boolean {
    const id = /__ac="([^"]+)"/.exec(request.headers.get("cookie") ?? "")?.[1];
    return id !== undefined && known.has(id);
  }

  function dataSetPage(request: FakeRequest): Response {
    if (!isKnown(request)) return loginPage();
    return page(`<html>Logged in as ${ACCOUNT.username}</html>`);
  }

  function fileAt(path: string): FakeFile | undefined {
    const given = own.get(path);
    if (given) return given;
    if (path === "filelist.txt") return textFile(fileList(own));
    return path === "checksums.md5" ? textFile(checksums(own)) : undefined;
  }
}

/** Answer of CRCNS to a request without login. */
export const LOGIN_PAGE =
  '<!DOCTYPE html><html>Login below<form><input name="username">' +
  '<input name="password" type="password"></form></html>';

/** List of file sizes. */
export function fileList(files: ReadonlyMap<string, FakeFile>): string {
  const rows = [...files].map(([path, { bytes: { length } }]) =>
    ` ${path}\t${length} (${(length / 1e6).toFixed(1)} MB)`
  );
  return ["# Files of ac-1", ...rows, ""].join("\n");
}

/** List of checksums. */
export function checksums(files: ReadonlyMap<string, FakeFile>): string {
  const rows = [...files].map(([path, { bytes }], i) =>
    `${md5Hex(bytes)}  ${["", "./", "*"][i % 3]}${path}`
  );
  return [...rows, ""].join("\n");
}

/** A plain text on a fake server. */
export function textFile(text: string): FakeFile {
  return { bytes: new TextEncoder().encode(text), type: "text/plain" };
}

function loginPage(): Response {
  return page(LOGIN_PAGE);
}

function page(html: string): Response {
  return new Response(html, { headers: { "content-type": "text/html" } });
}

function nothing(): Response {
  const headers = { "content-type": "text/html" };
  return new Response("<html>Not here</html>", { status: 404, headers });
}
