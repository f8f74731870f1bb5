import type { Limits } from "../base/limits.ts";
import type { Place } from "../places/place.ts";
import { sha256Hash } from "../platform/hash.ts";
import type { CellMeta, ReadOptions, Session } from "../session.ts";
import type { Lineage, SourceIdentity } from "../stream/lineage.ts";
import { type NamedShard, OpenShards } from "./_open_shards.ts";
import { restoredSession } from "./_restored_session.ts";
import type { SessionFacts } from "./_session_facts.ts";
import { checkedManifest, visitJob } from "./_stored_job.ts";
import type { ShardJob } from "./job.ts";
import { type SessionManifest, shardKey } from "./manifest.ts";

/** What stays in memory of a manifest. */
interface Entry {
  readonly position: number;
  readonly id: string;
  readonly cells: readonly CellMeta[];
  readonly lineage: Lineage;
  readonly shard: NamedShard;
}

/** The sessions of all shards of a place. */
export class MergedSessions {
  readonly #place: Place;
  readonly #shards: OpenShards;

  /** @param limits Most that the shards may claim. */
  constructor(place: Place, limits: Limits) {
    this.#place = place;
    this.#shards = new OpenShards(place, limits);
  }

  /**
   * Checks the place and lists its sessions, in the order of the source.
   *
   * @throws {DataError} As {@linkcode visitJob} says.
   */
  async list(options: ReadOptions): Promise<Session[]> {
    const content = new Content();
    const job = await visitJob(this.#place, content, options);
    const identity = content.identity();
    const bins = isMasked(job) ? content.bins : new Map<string, number>();
    return content.entries.map(({ position, id, cells, lineage, shard }) =>
      restoredSession({
        ...{ id, cells, shard: shard.key },
        lineage: { ...lineage, identity },
        facts: async (options) => {
          const place = this.#place;
          return (await checkedManifest(place, position, job, options)).facts;
        },
        use: (task, options) => this.#shards.use(shard, task, options),
        binsOf: (key) => bins.get(key),
      })
    );
  }

  /** Closes the shard that is open. */
  close(): Promise<void> {
    return this.#shards.close();
  }
}

/** Collects what must be known of all manifests before the first shard is read. */
class Content {
  readonly entries: Entry[] = [];
  /**
   * Bins of each stimulus at its first response. `mask()` cuts the responses of
   * all sessions to them; in another process it knew its own sessions alone.
   */
  readonly bins = new Map<string, number>();
  readonly #parts = new Map<number, object>();
  readonly #sum = sha256Hash();

  add(manifest: SessionManifest): void {
    const { position, session: id, format, sha256, facts } = manifest;
    const { cells } = facts;
    const shard = { key: shardKey(manifest), format, sha256 };
    const lineage = this.#lineageOf(manifest);
    this.entries.push({ position, id, cells, lineage, shard });
    this.#sum.update(new TextEncoder().encode(`${id}\n${sha256}\n`));
    this.#addBins(facts);
  }

  /** Identity by content, wherever the shards lie. */
  identity(): SourceIdentity {
    const archives = `${this.entries.length} shards (${this.#sum.hex()})`;
    return { name: "mergeShards", options: {}, archives: () => archives };
  }

  #lineageOf({ partOf, facts: { cellNumbers } }: SessionManifest): Lineage {
    if (partOf !== undefined && !this.#parts.has(partOf)) {
      this.#parts.set(partOf, {});
    }
    const part = partOf === undefined ? undefined : this.#parts.get(partOf);
    return {
      ...(cellNumbers && { cellNumbers }),
      ...(part && { partOf: part }),
    };
  }

  #addBins({ cellNumbers, presentations }: SessionFacts): void {
    for (const { key, bins, responses } of presentations) {
      if (bins === undefined || this.bins.has(key)) continue;
      const isHeard = Array.isArray(responses)
        ? responses.some((form) => form !== null)
        : responses !== null;
      if (isHeard || cellNumbers) this.bins.set(key, bins);
    }
  }
}

function isMasked({ recipe }: ShardJob): boolean {
  return recipe.steps.some(({ name }) => name === "mask");
}
