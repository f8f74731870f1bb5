// @ts-types="./_std_heap.d.ts"
import { BinaryHeap } from "@std/data-structures/binary-heap";
import { seeded } from "../../tests/support/sessions/traces.ts";
import type { ClusterRun } from "./_bounds.ts";
import type { Costs } from "./_costs.ts";

/** Faults of the machines. */
export interface Faults {
  /** Kills a worker once in so many seconds on average; infinite for never. */
  readonly killEveryS: number;
  /** Seconds until a killed worker's session is free again, and a new one starts. */
  readonly lockS: number;
  /** Seed of the random numbers. */
  readonly seed: number;
}

/** What a simulated run took. */
export interface Simulated {
  /** Seconds until the last shard is there. */
  readonly shardsS: number;
  /** Seconds until the merge is. */
  readonly totalS: number;
  /** Workers killed. */
  readonly kills: number;
  /** Share of the workers' time that they compute what is kept. */
  readonly busy: number;
}

/** A worker that goes on to its next stage at some time. */
interface Event {
  readonly at: number;
  readonly worker: Worker;
  /** Stage that begins. */
  readonly stage: "take" | "read" | "compute" | "write";
}

interface Worker {
  /** Sessions of its share; of the queue, those are common. */
  readonly share: { left: number };
  /** Seconds at which it is killed next. */
  killedAt: number;
}

/** Serves one request after the other. */
class Server {
  #freeAt = 0;

  /** When a request is done that comes at some time. */
  serve(at: number, seconds: number): number {
    this.#freeAt = Math.max(at, this.#freeAt) + seconds;
    return this.#freeAt;
  }
}

/**
 * Simulates a run event by event: workers take sessions, read them from a store that
 * all share, compute, and store a shard; a killed worker loses its session.
 */
export function simulate(
  run: ClusterRun,
  costs: Costs,
  { killEveryS, lockS, seed }: Faults,
): Simulated {
  const random = seeded(seed);
  const [queue, store] = [new Server(), new Server()];
  const events = new BinaryHeap<Event>((a, b) => a.at - b.at);
  const opened = costs.startS + run.sessions * costs.listS;
  const submitted = run.engine === "queue" ? run.sessions * costs.submitS : 0;
  const exponential = (): number => -killEveryS * Math.log(1 - random());
  for (const share of sharesOf(run)) {
    const at = opened + submitted;
    const worker = { share, killedAt: at + exponential() };
    events.push({ at, worker, stage: "take" });
  }
  let [shardsS, kills, computed] = [0, 0, 0];
  for (let event = events.pop(); event; event = events.pop()) {
    const { at, worker, stage } = event;
    if (stage === "take" && worker.share.left-- <= 0) continue;
    const [next, done] = step(stage, at);
    if (done > worker.killedAt) {
      // Another worker, which takes its place, does the session again.
      kills++;
      worker.share.left++;
      const again = Math.max(at, worker.killedAt) + Math.max(lockS, opened);
      worker.killedAt = again + exponential();
      events.push({ at: again, worker, stage: "take" });
      continue;
    }
    if (stage === "compute") computed += done - at;
    if (stage === "write") shardsS = Math.max(shardsS, done);
    events.push({ at: done, worker, stage: next });
  }
  return {
    shardsS,
    totalS: shardsS + costs.startS +
      run.sessions * (costs.mergeS + costs.shardBytes / costs.mergeRate),
    kills,
    busy: computed / (run.workers * shardsS),
  };

  /** Stage after this one, and when it begins. */
  function step(stage: Event["stage"], at: number): [Event["stage"], number] {
    const { engine, storeRate } = run;
    switch (stage) {
      case "take":
        return [
          "read",
          engine === "queue" ? queue.serve(at, costs.queueS) : at,
        ];
      case "read":
        return ["compute", store.serve(at, costs.readBytes / storeRate)];
      case "compute":
        return ["write", at + secondsOf(costs, random)];
      case "write": {
        const stored = store.serve(at, costs.shardBytes / storeRate);
        return ["take", stored + costs.storeS];
      }
    }
  }
}

/** Sessions that each worker may take: of one queue, or of its own share. */
function* sharesOf(
  { sessions, workers, engine }: ClusterRun,
): Generator<{ left: number }> {
  const all = { left: sessions };
  for (let i = 0; i < workers; i++) {
    if (engine === "queue") yield all;
    else yield { left: Math.ceil((sessions - i) / workers) };
  }
}

/** Seconds of a session: log-normal, as few are long. */
function secondsOf({ sessionS, spread }: Costs, random: () => number): number {
  if (spread === 0) return sessionS;
  const variance = Math.log(1 + spread ** 2);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) *
    Math.cos(2 * Math.PI * random());
  return sessionS * Math.exp(Math.sqrt(variance) * normal - variance / 2);
}
