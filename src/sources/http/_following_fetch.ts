import { DownloadError } from "../../errors.ts";
import type { CookieJar } from "./cookie_jar.ts";
import type { Transport } from "./transport.ts";

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 10;

/**
 * One request and its redirects. Cookies follow the jar's rules at every hop; a
 * body stays with the origin it was meant for; https is never left.
 *
 * The platform follows redirects by itself, but keeps no cookies on the way.
 */
export async function followingFetch(
  transport: Transport,
  url: URL,
  init: RequestInit,
  jar?: CookieJar,
): Promise<Response> {
  let [at, hop] = [url, init];
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await transport.fetch(at, {
      ...hop,
      headers: withCookies(hop.headers, jar?.header(at)),
      redirect: "manual",
    });
    jar?.store(at, response.headers);
    const location = response.headers.get("location");
    if (!REDIRECTS.includes(response.status) || location === null) {
      return response;
    }
    await response.body?.cancel();
    const next = target(location, at, url);
    hop = hopAfter(response.status, hop, next.origin === at.origin, url);
    at = next;
  }
  throw refused(`it redirects more than ${MOST_REDIRECTS} times`, url);
}

function withCookies(given: HeadersInit | undefined, cookies = ""): Headers {
  const headers = new Headers(given);
  if (cookies !== "") headers.set("cookie", cookies);
  return headers;
}

function target(location: string, from: URL, asked: URL): URL {
  if (!URL.canParse(location, from.href)) {
    throw refused("it redirects to no address", asked);
  }
  const to = new URL(location, from);
  if (to.username !== "" || to.password !== "") {
    throw refused("it redirects to an address with an account in it", asked);
  }
  const isSafe = to.protocol === "https:" ||
    (to.protocol === "http:" && from.protocol === "http:");
  if (isSafe) return to;
  throw refused(`it redirects to ${to.protocol}//, expected https://`, asked);
}

function hopAfter(
  status: number,
  { method = "GET", body, ...rest }: RequestInit,
  sameOrigin: boolean,
  asked: URL,
): RequestInit {
  // Fetch standard, HTTP-redirect fetch: a 303, or a POST after 301 and 302.
  const keeps = status >= 307 || (status !== 303 && method !== "POST");
  if (!keeps) return { ...rest, headers: withoutType(rest.headers) };
  if (body && !sameOrigin) {
    throw refused("it redirects a form to another host", asked);
  }
  return { ...rest, method, body };
}

function withoutType(given?: HeadersInit): Headers {
  const headers = new Headers(given);
  headers.delete("content-type");
  return headers;
}

// Redirects come from outside: their addresses are not repeated.
function refused(why: string, asked: URL): DownloadError {
  return new DownloadError(
    `Cannot follow the server: ${why}`,
    { archive: asked.href },
  );
}
