import { CredentialError } from "../../errors.ts";

/** A free account at crcns.org. */
export interface CrcnsCredentials {
  /** Its user name. */
  readonly username: string;
  /** Its password. */
  readonly password: string;
}

/**
 * The account that the environment names.
 *
 * @throws {CredentialError} If `CRCNS_USERNAME` or `CRCNS_PASSWORD` is not set.
 */
export function crcnsCredentials(): CrcnsCredentials {
  return {
    username: variable("CRCNS_USERNAME"),
    password: variable("CRCNS_PASSWORD"),
  };
}

function variable(name: string): string {
  const value = Deno.env.get(name);
  if (value) return value;
  throw new CredentialError(
    `Cannot log in to CRCNS: ${name} is not set, expected that of a free ` +
      `account (https://crcns.org/request-account)`,
  );
}
