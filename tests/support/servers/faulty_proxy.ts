import { createServer, request as ask } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Request, as a {@linkcode faultyProxy} chooses its fault. */
export interface ProxiedRequest {
  /** Number of the request, from 0. */
  readonly number: number;
  readonly method: string;
  /** Path with its query. */
  readonly path: string;
}

/** Fault of a request; several may come together. */
export interface Fault {
  /** Waits first. */
  readonly delayMs?: number;
  /** Answers with a status, and a code in the body, in place of the server. */
  readonly status?: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Closes the connection: before the server sees the request, after it has acted,
   * or in the middle of the body.
   */
  readonly drop?: "before" | "after" | "within";
  /** Alters the body of the answer, whose length stays. */
  readonly lie?: (body: Uint8Array) => Uint8Array;
}

/** Proxy in front of a server that answers badly. */
export interface FaultyProxy extends AsyncDisposable {
  /** Its address. */
  readonly endpoint: string;
  /** Requests so far, faulty ones included. */
  readonly requests: readonly ProxiedRequest[];
}

/**
 * Starts a proxy whose requests fail as `fault` says; undefined passes them on. It
 * keeps the `Host` header, which a signature covers.
 *
 * @param upstream Address of the server.
 */
export async function faultyProxy(
  upstream: string,
  fault: (request: ProxiedRequest) => Fault | undefined,
): Promise<FaultyProxy> {
  const requests: ProxiedRequest[] = [];
  const { hostname, port } = new URL(upstream);
  const server = createServer((incoming, outgoing) => {
    const { method = "GET", url: path = "/" } = incoming;
    const request = { number: requests.length, method, path };
    requests.push(request);
    answer(incoming, outgoing, fault(request) ?? {}).catch(() =>
      outgoing.destroy()
    );
  });
  await new Promise<void>((resolve) =>
    server.listen(0, "127.0.0.1", () => resolve())
  );
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose](): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    fault: Fault,
  ): Promise<void> {
    const { delayMs = 0, status, code = "Fault", drop } = fault;
    const sent = await bodyOf(incoming);
    if (delayMs > 0) await new Promise((done) => setTimeout(done, delayMs));
    if (drop === "before") return void outgoing.socket?.destroy();
    if (status !== undefined) {
      outgoing.writeHead(status, fault.headers);
      const body = `<Error><Code>${code}</Code></Error>`;
      return void outgoing.end(incoming.method === "HEAD" ? "" : body);
    }
    const { status: found, headers, body } = await passedOn(incoming, sent);
    if (drop === "after") return void outgoing.socket?.destroy();
    outgoing.writeHead(found, headers);
    const bytes = fault.lie?.(body) ?? body;
    if (drop !== "within") return void outgoing.end(bytes);
    outgoing.write(bytes.subarray(0, bytes.length / 2));
    await new Promise((done) => setTimeout(done, 20));
    outgoing.socket?.destroy();
  }

  function passedOn(incoming: IncomingMessage, body: Uint8Array): Promise<{
    readonly status: number;
    readonly headers: IncomingMessage["headers"];
    readonly body: Uint8Array;
  }> {
    const { method, url: path, headers } = incoming;
    const own = { ...headers, "content-length": `${body.length}` };
    return new Promise((resolve, reject) => {
      const options = { hostname, port, method, path, headers: own };
      const passed = ask(options, async (answered) => {
        const { statusCode = 502, headers } = answered;
        delete headers["transfer-encoding"];
        const body = await bodyOf(answered);
        resolve({ status: statusCode, headers, body });
      });
      passed.on("error", reject);
      passed.end(body);
    });
  }
}

async function bodyOf(message: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of message) pieces.push(piece);
  return new Uint8Array(await new Blob(pieces as BlobPart[]).arrayBuffer());
}
