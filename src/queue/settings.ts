import { UnsupportedError } from "../errors.ts";
import type { Connection } from "./connection.ts";

/** Oldest Redis whose commands a queue has all it needs of. */
const OLDEST = [6, 2] as const;

/**
 * Settings of a Redis server with which a queue may lose sessions, in words.
 *
 * @throws {UnsupportedError} If the server is too old.
 */
export async function settingWarnings(
  connection: Pick<Connection, "client">,
): Promise<string[]> {
  const facts = factsOf(await infoOf(connection));
  const version = facts.get("redis_version");
  if (version !== undefined && isOlder(version)) {
    throw new UnsupportedError(
      `Cannot use Redis ${version}, expected ${OLDEST.join(".")} or later`,
    );
  }
  const warnings: string[] = [];
  const policy = facts.get("maxmemory_policy") ?? "noeviction";
  if (policy !== "noeviction") {
    warnings.push(
      `Redis drops data when its memory is full (maxmemory-policy ${policy}), ` +
        "sessions of the queue among them; set maxmemory-policy noeviction",
    );
  }
  if (facts.get("aof_enabled") === "0") {
    warnings.push(
      "a restart of Redis forgets the queue; set appendonly yes",
    );
  }
  return warnings;
}

/** Reply to INFO; empty for a user who may not ask. */
async function infoOf(
  { client }: Pick<Connection, "client">,
): Promise<string> {
  try {
    return await client.info();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith("NOPERM")) return "";
    throw error;
  }
}

/** Lines `name:value` of the reply to INFO. */
function factsOf(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line) => {
      const [, name, value] = /^(\w+):(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major < OLDEST[0] || major === OLDEST[0] && minor < OLDEST[1];
}
