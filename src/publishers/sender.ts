import { SharedLoad } from "../base/shared_load.ts";
import {
  CRCNS_HOSTS,
  type CrcnsSession,
  crcnsSession,
  type CrcnsSessionOptions,
} from "./crcns_session.ts";
import { retryingFetch } from "../http/fetch.ts";
import {
  platformTransport,
  type Sender,
  type Transport,
} from "../http/transport.ts";
import { shownAddress } from "../http/address.ts";

/**
 * Sends the requests for all files of a release: those to CRCNS in one session,
 * with the credentials of the environment, those to an S3-compatible store
 * signed with its keys, all others as they are.
 *
 * The query of an address, which may be a signature, goes to its own server and
 * into no error.
 */
export class HttpSender implements Sender {
  readonly transport: Transport;
  readonly #crcns: string;
  readonly #session: SharedLoad<CrcnsSession>;
  readonly #store: SharedLoad<Sender>;

  /** @param options Network, and addresses and account of CRCNS. */
  constructor(options: Omit<CrcnsSessionOptions, "signal"> = {}) {
    const { transport = platformTransport, hosts = CRCNS_HOSTS } = options;
    this.transport = transport;
    this.#crcns = hosts.download;
    this.#session = new SharedLoad((signal) =>
      crcnsSession({ ...options, signal })
    );
    this.#store = new SharedLoad(async () => {
      const { S3Sender } = await import("../s3/sender.ts");
      return new S3Sender(options.transport && { transport });
    });
  }

  /** Sends a request, again after a temporary failure. */
  async send(
    address: URL,
    init: RequestInit & { readonly signal: AbortSignal },
  ): Promise<Response> {
    const shown = shownAddress(address);
    if (address.protocol === "s3:") {
      const store = await this.#store.get(init.signal);
      return await store.send(address, init);
    }
    if (address.origin === this.#crcns) {
      const session = await this.#session.get(init.signal);
      shown.search = "?agent=1";
      return await session.fetch(shown, init);
    }
    const { fetch } = this.transport;
    const transport: Transport = {
      ...this.transport,
      fetch: (at, hop) => fetch(at.href === shown.href ? address : at, hop),
    };
    return await retryingFetch(shown, init, { transport });
  }
}
