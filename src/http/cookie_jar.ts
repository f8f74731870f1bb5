interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Whether only the host that set it receives it. */
  readonly hostOnly: boolean;
  readonly path: string;
  readonly secure: boolean;
  readonly expires: number;
}

/**
 * Cookies of one session (RFC 6265, sections 5.2 to 5.4): each is sent to the host
 * that set it, to hosts below a domain that the cookie names, and to no other. The
 * session names its hosts; others, such as those of a redirect, set and receive
 * none, also if a cookie's domain includes them.
 *
 * A domain without a dot is refused as a public suffix. Longer public suffixes are
 * not recognised: the jar lives no longer than the session.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Cookie>();
  readonly #hosts: readonly string[];
  readonly #now: () => number;

  /**
   * @param hosts Names of the hosts that take part in the session.
   * @param now Milliseconds since 1970.
   */
  constructor(hosts: readonly string[], now: () => number = Date.now) {
    this.#hosts = hosts;
    this.#now = now;
  }

  /** Stores the cookies of an answer from an address. */
  store(url: URL, headers: Headers): void {
    if (!this.#hosts.includes(url.hostname)) return;
    for (const line of headers.getSetCookie()) {
      const cookie = parseCookie(line, url, this.#now());
      if (cookie === null) continue;
      const { name, domain, path, expires } = cookie;
      const key = JSON.stringify([name, domain, path]);
      this.#cookies.delete(key);
      if (expires > this.#now()) this.#cookies.set(key, cookie);
    }
  }

  /** `Cookie` header of a request; empty without cookies to send. */
  header(url: URL): string {
    if (!this.#hosts.includes(url.hostname)) return "";
    return [...this.#cookies.values()]
      .filter((cookie) => isFor(cookie, url) && cookie.expires > this.#now())
      // Section 5.4: longer paths first, else as they were set.
      .sort((a, b) => b.path.length - a.path.length)
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
  }
}

function parseCookie(line: string, url: URL, now: number): Cookie | null {
  const [pair = "", ...rest] = line.split(";");
  const at = pair.indexOf("=");
  const name = pair.slice(0, at).trim();
  if (at < 0 || name === "") return null;
  const given = new Map(rest.map(attribute));
  const domain = (given.get("domain") ?? "").replace(/^\./, "").toLowerCase();
  const isAbove = domain.includes(".") && isBelow(url.hostname, domain);
  if (domain !== "" && domain !== url.hostname && !isAbove) return null;
  const path = given.get("path") ?? "";
  return {
    name,
    value: pair.slice(at + 1).trim(),
    domain: domain === "" ? url.hostname : domain,
    hostOnly: domain === "" || isAddress(url.hostname),
    path: path.startsWith("/") ? path : defaultPath(url.pathname),
    secure: given.has("secure"),
    expires: expiry(given, now),
  };
}

function attribute(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 0) return [text.trim().toLowerCase(), ""];
  return [text.slice(0, at).trim().toLowerCase(), text.slice(at + 1).trim()];
}

function expiry(given: ReadonlyMap<string, string>, now: number): number {
  const maxAge = given.get("max-age");
  if (maxAge !== undefined && /^-?\d+$/.test(maxAge)) {
    return now + Number(maxAge) * 1000;
  }
  const date = Date.parse(given.get("expires") ?? "");
  return Number.isNaN(date) ? Infinity : date;
}

/** Section 5.1.4. */
function defaultPath(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

function isFor(cookie: Cookie, { protocol, hostname, pathname }: URL): boolean {
  const { domain, hostOnly, path, secure } = cookie;
  return (hostname === domain || (!hostOnly && isBelow(hostname, domain))) &&
    (protocol === "https:" || !secure) &&
    (pathname === path ||
      pathname.startsWith(path.endsWith("/") ? path : `${path}/`));
}

function isBelow(host: string, domain: string): boolean {
  return host.endsWith(`.${domain}`) && !isAddress(host);
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.startsWith("[");
}
