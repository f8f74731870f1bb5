import {
  CredentialError,
  type DataError,
  DataNotFoundError,
  DownloadError,
  UnsupportedError,
} from "../errors.ts";
import { textOf } from "./xml.ts";

/** Answer of a store that ends a request. */
export interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  /** Body, as far as it was read; none after `HEAD`. */
  readonly text: string;
  /** Clock of this machine, in ms since 1970. */
  readonly now: number;
  /** Whether the request had a signature. */
  readonly isSigned: boolean;
}

/** Difference of clocks, in ms, above which AWS refuses a signature. */
const MOST_SKEW_MS = 15 * 60_000;

/** Advice by the code that a store gives. */
const CREDENTIALS: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: "does not know the access key, check AWS_ACCESS_KEY_ID",
  SignatureDoesNotMatch:
    "finds the signature wrong, check AWS_SECRET_ACCESS_KEY",
  ExpiredToken: "finds the session token expired, renew AWS_SESSION_TOKEN",
  InvalidToken: "finds the session token wrong, check AWS_SESSION_TOKEN",
};

/** Code that a store gives its answer, such as `AccessDenied`. */
export function codeOf({ text }: Pick<Refusal, "text">): string | undefined {
  const code = textOf(text, "Code");
  return code !== undefined && /^[A-Za-z][A-Za-z0-9.]{0,59}$/.test(code)
    ? code
    : undefined;
}

/**
 * Error for an answer that ends a request. It repeats the status and the code, not
 * the message: that of a wrong signature has the key in it.
 *
 * @param archive Address as errors name it.
 */
export function refusalError(archive: string, refusal: Refusal): DataError {
  const { status, isSigned } = refusal;
  const code = codeOf(refusal);
  const place = { archive };
  const said = code === undefined ? `${status}` : `${status} ${code}`;
  const skew = skewOf(refusal, code);
  if (skew !== undefined) {
    const why = `${skew} (${said}), expected at most 15 min; set the clock`;
    return new CredentialError(`Cannot use the store: ${why}`, place);
  }
  if (code === "NoSuchBucket") {
    const why = `there is no such bucket (${said})`;
    return new DataNotFoundError(`Cannot use the store: ${why}`, place);
  }
  const region = regionOf(refusal);
  if (region !== undefined) {
    const why = `the bucket is in region ${region} (${said}), set AWS_REGION`;
    return new DataNotFoundError(`Cannot use the store: ${why}`, place);
  }
  const known = CREDENTIALS[code ?? ""];
  if (known !== undefined) {
    const why = known.replace(/,/, ` (${said}),`);
    return new CredentialError(`Cannot use the store: it ${why}`, place);
  }
  if (status === 401 || status === 403) {
    const advice = isSigned
      ? "check the rights of the access key"
      : "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    const why = `it refuses access (${said}), ${advice}`;
    return new CredentialError(`Cannot use the store: ${why}`, place);
  }
  if (status === 501) {
    const why = `it does not know this kind of request (${said})`;
    return new UnsupportedError(`Cannot use the store: ${why}`, place);
  }
  const why = `it answers ${said}`;
  return new DownloadError(`Cannot use the store: ${why}`, place);
}

/** How far the clocks differ, if that is why a signature is refused. */
function skewOf(
  { status, headers, text, now, isSigned }: Refusal,
  code?: string,
): string | undefined {
  const isSkewed = code === "RequestTimeTooSkewed";
  // The answer to HEAD has no code.
  const isMute = code === undefined && status === 403 && isSigned;
  if (!isSkewed && !isMute) return undefined;
  const theirs = Date.parse(
    textOf(text, "ServerTime") ?? headers.get("date") ?? "",
  );
  const aheadMs = now - theirs;
  if (isSkewed && Number.isNaN(aheadMs)) {
    return "the clocks of this machine and the store differ";
  }
  if (!isSkewed && !(Math.abs(aheadMs) > MOST_SKEW_MS)) return undefined;
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  const side = aheadMs > 0 ? "ahead of" : "behind";
  return `this machine's clock is ${minutes} min ${side} the store's`;
}

/** Region of the bucket, if the request went to another. */
function regionOf({ status, headers, text }: Refusal): string | undefined {
  const isRedirect = status >= 300 && status < 400;
  const region = textOf(text, "Region") ??
    (isRedirect ? headers.get("x-amz-bucket-region") : undefined) ?? "";
  return /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined;
}
