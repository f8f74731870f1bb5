import { variable } from "../platform/environment.ts";
import { encodedPath, type S3Address } from "../http/s3_address.ts";

/** Keys of an account. */
export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Token of temporary keys. */
  readonly sessionToken?: string;
}

/** Store, region and account of requests. */
export interface S3Settings {
  /** Address of the store; undefined is AWS. */
  readonly endpoint?: URL;
  readonly region: string;
  /** Undefined sends requests without a signature, for public buckets. */
  readonly keys?: S3Keys;
}

/** Variables that {@linkcode environmentSettings} reads. */
export const S3_VARIABLES = [
  "AWS_ENDPOINT_URL_S3",
  "AWS_ENDPOINT_URL",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
] as const;

type VariableName = typeof S3_VARIABLES[number];

/**
 * Settings of the environment, as the AWS command line reads them.
 *
 * - `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`: address of the store, AWS by
 *   default.
 * - `AWS_REGION` or `AWS_DEFAULT_REGION`: `us-east-1` by default.
 * - `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`: without a
 *   key, requests have no signature.
 *
 * @param read Reads a variable.
 * @throws {RangeError} If the endpoint is no address of a server, or holds an
 * account; if one of the two keys is missing. No error repeats a value.
 */
export function environmentSettings(
  read: (name: VariableName) => string | undefined = variable,
): S3Settings {
  const region = read("AWS_REGION") || read("AWS_DEFAULT_REGION") ||
    "us-east-1";
  if (!/^[a-z0-9-]+$/i.test(region)) {
    throw settingError("AWS_REGION", "a name such as us-east-1");
  }
  const endpoint = endpointOf(read);
  const keys = keysOf(read);
  return { region, ...(endpoint && { endpoint }), ...(keys && { keys }) };
}

function endpointOf(
  read: (name: VariableName) => string | undefined,
): URL | undefined {
  for (const name of ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"] as const) {
    const text = read(name);
    if (!text) continue;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isServer = url !== undefined && /^https?:$/.test(url.protocol) &&
      url.username === "" && url.password === "" && url.search === "";
    if (isServer) return url;
    throw settingError(name, "https://HOST or http://HOST without an account");
  }
  return undefined;
}

function keysOf(
  read: (name: VariableName) => string | undefined,
): S3Keys | undefined {
  const accessKeyId = read("AWS_ACCESS_KEY_ID") || undefined;
  const secretAccessKey = read("AWS_SECRET_ACCESS_KEY") || undefined;
  const sessionToken = read("AWS_SESSION_TOKEN") || undefined;
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId) throw settingError("AWS_ACCESS_KEY_ID", "a key");
  if (!secretAccessKey) throw settingError("AWS_SECRET_ACCESS_KEY", "a key");
  const keys = { accessKeyId, secretAccessKey, sessionToken };
  for (const [name, value] of Object.entries(keys)) {
    // A line end of a pasted key would be quoted by the error of a header.
    if (value === undefined || /^[\x21-\x7e]+$/.test(value)) continue;
    const snake = name.replace(/[A-Z]/g, "_$&").toUpperCase();
    throw settingError(`AWS_${snake}`, "no spaces or line ends in it");
  }
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

function settingError(name: string, rule: string): RangeError {
  return new RangeError(
    `Cannot use the store: ${name} is not usable, expected ${rule}`,
  );
}

/**
 * Address of an object or bucket at its server: the bucket is in the path at an
 * endpoint, in the host at AWS unless its name has a dot, which no certificate
 * covers.
 */
export function requestUrl(
  { endpoint, region }: S3Settings,
  { bucket, key }: S3Address,
  search: string,
): URL {
  const domain = `s3.${region}.amazonaws.com` +
    (region.startsWith("cn-") ? ".cn" : "");
  const isInHost = endpoint === undefined && !bucket.includes(".");
  const base = endpoint ??
    new URL(`https://${isInHost ? `${bucket}.` : ""}${domain}/`);
  const url = new URL(base);
  const folder = base.pathname.replace(/\/*$/, "/");
  const parts = [isInHost ? "" : bucket, encodedPath(key)];
  url.pathname = folder + parts.filter((part) => part !== "").join("/");
  url.search = search;
  return url;
}
