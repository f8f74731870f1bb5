/** Server that only this machine reaches. */
export interface LocalServer {
  readonly port: number;
  /** Resolves when the server has ended. */
  readonly finished: Promise<void>;
}

/**
 * Serves HTTP on 127.0.0.1 until a signal aborts.
 *
 * @param answer Makes the answer to a request.
 * @param port Number of the port; 0 takes one that is free.
 */
export function serveLocally(
  answer: (request: Request) => Response | Promise<Response>,
  { port, signal }: { readonly port: number; readonly signal: AbortSignal },
): LocalServer {
  const options = { hostname: "127.0.0.1", port, signal, onListen: () => {} };
  const server = Deno.serve(options, answer);
  return { port: server.addr.port, finished: server.finished };
}
