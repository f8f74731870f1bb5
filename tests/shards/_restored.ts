import {
  type Session,
  toNdjson,
  toNpz,
  toSafetensors,
  type WriteSummary,
} from "rxephys";
import { lastValueFrom, of, type OperatorFunction } from "rxjs";
import { DEFAULT_LIMITS } from "../../src/base/limits.ts";
import { restoredSession } from "../../src/shards/_restored_session.ts";
import { notedSession } from "../../src/shards/_session_facts.ts";
import {
  loadShardFormat,
  type ShardFormat,
} from "../../src/shards/shard_format.ts";
import { lineageOf } from "../../src/stream/lineage.ts";

/** The sinks that write shards. */
export const SHARD_SINKS: Readonly<
  Record<ShardFormat, (path: string) => OperatorFunction<Session, WriteSummary>>
> = { ndjson: toNdjson, npz: toNpz, safetensors: toSafetensors };

/** Writes each session to a file of its own, and restores it from there. */
export async function restoredSessions(
  sessions: readonly Session[],
  folder: string,
  format: ShardFormat,
): Promise<Session[]> {
  const { open } = await loadShardFormat(format);
  const restored: Session[] = [];
  for (const [i, session] of sessions.entries()) {
    const path = `${folder}/${i}.${format}`;
    const noted = notedSession(session);
    await lastValueFrom(of(noted.session).pipe(SHARD_SINKS[format](path)));
    const text = JSON.stringify(noted.facts());
    const { cells, cellNumbers } = JSON.parse(text);
    const { partOf } = lineageOf(session);
    restored.push(restoredSession({
      id: session.id,
      cells,
      lineage: {
        ...(cellNumbers && { cellNumbers }),
        ...(partOf && { partOf }),
      },
      shard: path,
      facts: () => Promise.resolve(JSON.parse(text)),
      use: async (task) => {
        using arrays = await open(path, { limits: DEFAULT_LIMITS });
        return await task(arrays);
      },
      binsOf: () => undefined,
    }));
  }
  return restored;
}
