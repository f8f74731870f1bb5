import { CredentialError, DownloadError } from "../errors.ts";
import { SharedLoad } from "../base/shared_load.ts";
import { bodyText, retryingText } from "../http/body.ts";
import { CookieJar } from "../http/cookie_jar.ts";
import { isHtml, webPageError } from "../http/answer.ts";
import { retryingFetch } from "../http/fetch.ts";
import { variable } from "../platform/environment.ts";
import { platformTransport, type Transport } from "../http/transport.ts";

/** A free account at crcns.org. */
export interface CrcnsCredentials {
  /** Its user name. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
}

/**
 * Reads the account from the environment.
 *
 * @throws {CredentialError} If `CRCNS_USERNAME` or `CRCNS_PASSWORD` is not set.
 */
export function crcnsCredentials(): CrcnsCredentials {
  return {
    username: required("CRCNS_USERNAME"),
    password: required("CRCNS_PASSWORD"),
  };
}

function required(name: string): string {
  const value = variable(name);
  if (value) return value;
  throw new CredentialError(
    `Cannot log in to CRCNS: ${name} is not set, expected that of a free ` +
      `account (https://crcns.org/request-account)`,
  );
}

/** Addresses of CRCNS. */
export interface CrcnsHosts {
  /** Origin that logs in. */
  readonly login: string;
  /** Origin that has the files. */
  readonly download: string;
}

/** CRCNS since June 2026. */
export const CRCNS_HOSTS: CrcnsHosts = {
  login: "https://crcns.org",
  download: "https://download.crcns.org",
};

/** Options of {@linkcode crcnsSession}. */
export interface CrcnsSessionOptions {
  /**
   * Addresses of CRCNS.
   *
   * @default {CRCNS_HOSTS}
   */
  readonly hosts?: CrcnsHosts;
  /**
   * User name and password of a free account.
   *
   * @default {CRCNS_USERNAME and CRCNS_PASSWORD}
   */
  readonly credentials?: CrcnsCredentials;
  /**
   * Data set whose page shows whether the session holds.
   *
   * @default {"ac-1"}
   */
  readonly dataset?: string;
  /**
   * Network, clock and random numbers.
   *
   * @default {platformTransport}
   */
  readonly transport?: Transport;
  /** Ends the login. */
  readonly signal?: AbortSignal | undefined;
}

/** A login to CRCNS. */
export interface CrcnsSession {
  /**
   * {@linkcode retryingFetch} with the session's cookies. An answer that is a
   * web page is never returned: if it asks to log in, the session logs in once
   * more and sends the request again.
   *
   * @throws {CredentialError} If the session is refused even then.
   * @throws {DownloadError} If the answer is another web page, or as
   * {@linkcode retryingFetch} does.
   */
  fetch(url: URL, init?: RequestInit): Promise<Response>;
}

/** Bytes of the longest page that is read. */
const LONGEST_PAGE = 1 << 20;
const LOGIN_FORM = /login below|name=["']?(__ac_password|password)\b/i;

/**
 * Logs in to CRCNS by the form and cookies of `crcns.org`, and if
 * `download.crcns.org` does not accept these, by its own form.
 *
 * The credentials and cookies appear in no error, no address and no file.
 *
 * @throws {CredentialError} If the user name or the password is missing, or both
 * forms refuse them.
 * @throws {DownloadError} If CRCNS cannot be reached.
 */
export async function crcnsSession(
  options: CrcnsSessionOptions = {},
): Promise<CrcnsSession> {
  const login = new Login(options);
  await login.cookies(options.signal);
  return { fetch: (url, init) => login.fetch(url, init) };
}

type Form = Readonly<Record<string, string>>;

class Login {
  readonly #credentials: CrcnsCredentials;
  readonly #hosts: CrcnsHosts;
  readonly #dataset: string;
  readonly #transport: Transport;
  #shared: SharedLoad<CookieJar>;

  constructor(options: CrcnsSessionOptions) {
    this.#credentials = options.credentials ?? crcnsCredentials();
    this.#hosts = options.hosts ?? CRCNS_HOSTS;
    this.#dataset = options.dataset ?? "ac-1";
    this.#transport = options.transport ?? platformTransport;
    this.#shared = this.#login();
  }

  /** Cookies of the login, which all requests share. */
  cookies(signal?: AbortSignal): Promise<CookieJar> {
    return this.#shared.get(signal);
  }

  async fetch(url: URL, init: RequestInit = {}): Promise<Response> {
    const used = this.#shared;
    const first = await this.#request(url, init);
    if (!await this.#isRefused(url, first, init)) return first;
    // Another request may have met the same page and logged in meanwhile.
    if (this.#shared === used) this.#shared = this.#login();
    const second = await this.#request(url, init);
    if (!await this.#isRefused(url, second, init)) return second;
    throw refusedError(url);
  }

  async #request(url: URL, init: RequestInit): Promise<Response> {
    const jar = await this.cookies(init.signal ?? undefined);
    return await retryingFetch(url, init, { transport: this.#transport, jar });
  }

  /** Whether an answer refuses the session; if not, its body is unread. */
  async #isRefused(
    url: URL,
    response: Response,
    init: RequestInit,
  ): Promise<boolean> {
    if (response.status === 401 || response.status === 403) {
      await response.body?.cancel();
      return true;
    }
    if (!response.ok || !isHtml(response)) return false;
    const signal = init.signal ?? undefined;
    const options = { transport: this.#transport, signal };
    const page = await bodyText(url, response, LONGEST_PAGE, options);
    if (LOGIN_FORM.test(page)) return true;
    throw webPageError(url);
  }

  #login(): SharedLoad<CookieJar> {
    return new SharedLoad(async (signal) => {
      const hosts = [this.#hosts.login, this.#hosts.download]
        .map((origin) => new URL(origin).hostname);
      const jar = new CookieJar(hosts, this.#transport.now);
      const page = new URL(`${this.#hosts.download}/${this.#dataset}`);
      let fault: DownloadError | null = null;
      for (const [url, form] of this.#forms(page)) {
        const failed = await this.#post(jar, url, form, signal);
        fault ??= failed;
        if (await this.#holds(jar, page, signal)) return jar;
      }
      throw fault ?? refusedError(page);
    });
  }

  #forms(page: URL): readonly (readonly [URL, Form])[] {
    const { username, password } = this.#credentials;
    return [
      [new URL(`${this.#hosts.login}/login_form`), {
        "form.submitted": "1",
        js_enabled: "0",
        pwd_empty: "0",
        came_from: "",
        cookies_enabled: "",
        login_name: "",
        __ac_name: username,
        __ac_password: password,
        submit: "Log in",
      }],
      [page, { fn: this.#dataset, username, password, submit: "Login" }],
    ];
  }

  /** Sends a form and returns its failure: the other form may still succeed. */
  async #post(
    jar: CookieJar,
    url: URL,
    form: Form,
    signal: AbortSignal,
  ): Promise<DownloadError | null> {
    const init = { method: "POST", body: new URLSearchParams(form), signal };
    const options = { transport: this.#transport, jar };
    try {
      const response = await retryingFetch(url, init, options);
      // A refusal answers 200, too: only the data set's page shows it.
      await response.body?.cancel();
      return null;
    } catch (error) {
      if (error instanceof DownloadError) return error;
      throw error;
    }
  }

  async #holds(
    jar: CookieJar,
    page: URL,
    signal: AbortSignal,
  ): Promise<boolean> {
    const options = { transport: this.#transport, signal };
    const text = await retryingText(
      page,
      (url, init) => retryingFetch(url, init, { ...options, jar }),
      options,
    );
    return /logged in as/i.test(text);
  }
}

function refusedError(url: URL): CredentialError {
  return new CredentialError(
    "Cannot log in to CRCNS: the session is refused, expected the user name " +
      "and password of an account that https://crcns.org lets in " +
      "(CRCNS_USERNAME, CRCNS_PASSWORD)",
    { archive: url.href },
  );
}
