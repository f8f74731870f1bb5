import {
  answerFile,
  type FakeFile,
  FakeLog,
  type FakeOptions,
  latency,
  logged,
} from "./fake_files.ts";
import { md5Hex } from "../archives/md5_hex.ts";

/** A fake Zenodo with one record, over real sockets. */
export interface FakeZenodo extends AsyncDisposable {
  /** Its origin. */
  readonly origin: string;
  /** The record's files, by name. */
  readonly files: Map<string, FakeFile>;
  readonly log: FakeLog;
}

/** Options of {@linkcode fakeZenodo}. */
export interface FakeZenodoOptions extends FakeOptions {
  /** Record in the answer of the API, if it differs from the files. */
  readonly record?: unknown;
}

const RECORD = "/api/records/18331549";

/** Starts a fake Zenodo on a free port whose record 18331549 has `files`. */
export function fakeZenodo(
  files: Readonly<Record<string, FakeFile>>,
  options: FakeZenodoOptions = {},
): FakeZenodo {
  const own = new Map(Object.entries(files));
  const log = new FakeLog();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    async (raw) => {
      const request = await logged(raw, log);
      await latency(options);
      const { pathname } = request.url;
      const [, name] = /\/files\/([^/]+)\/content$/.exec(pathname) ?? [];
      const file = pathname === RECORD
        ? jsonFile(options.record ?? recordOf(own))
        : own.get(decodeURIComponent(name ?? ""));
      if (!file) return new Response('{"status":404}', { status: 404 });
      return await answerFile(request, file, log, options);
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    files: own,
    log,
    async [Symbol.asyncDispose](): Promise<void> {
      log.close();
      await server.shutdown();
    },
  };
}

function recordOf(files: ReadonlyMap<string, FakeFile>): unknown {
  return {
    id: 18331549,
    files: [...files].map(([key, { bytes }]) => ({
      key,
      size: bytes.length,
      checksum: `md5:${md5Hex(bytes)}`,
    })),
  };
}

function jsonFile(value: unknown): FakeFile {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { bytes, type: "application/json" };
}
