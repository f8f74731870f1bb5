/** Where a Redis server is, and what it asks for. */
export interface RedisAddress {
  /** Host, port and number of the database, for messages: no password. */
  readonly shown: string;
  readonly host: string;
  readonly port: number;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Whether the connection is encrypted. */
  readonly isEncrypted: boolean;
}

const EXPECTED = "expected redis://host:port or rediss://host:port, with " +
  "user:password@ before the host if it asks for them, special characters as " +
  "%40, and /number after the port for another database";
const PORT = 6379;

/**
 * Parses the address of a Redis server.
 *
 * Messages never contain the address as it was given: it may hold a password.
 *
 * @param origin Where the address is from, for messages: a flag or a variable.
 * @throws {RangeError} If it is none.
 */
export function parseRedisAddress(
  address: string,
  origin: string,
): RedisAddress {
  const url = URL.parse(address);
  const isRedis = url !== null && url.hostname !== "" &&
    url.search + url.hash === "" &&
    ["redis:", "rediss:"].includes(url.protocol);
  const db = /^\/?(\d{0,4})$/.exec(url?.pathname ?? "")?.[1];
  const [username, password] = [url?.username, url?.password]
    .map((part) => part === undefined ? undefined : decoded(part));
  const isDecoded = username !== undefined && password !== undefined;
  if (!isRedis || db === undefined || !isDecoded) {
    throw new RangeError(
      `Cannot reach Redis: the address in ${origin} is of another kind, ` +
        EXPECTED,
    );
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = url.port === "" ? PORT : Number(url.port);
  return {
    shown: `${url.hostname}:${port}${db === "" ? "" : `/${Number(db)}`}`,
    host: decoded(host) ?? host,
    port,
    db: Number(db),
    ...(username !== "" && { username }),
    ...(password !== "" && { password }),
    isEncrypted: url.protocol === "rediss:",
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
