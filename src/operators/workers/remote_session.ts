import { lineageOf, withLineage } from "../../stream/lineage.ts";
import type {
  Presentation,
  ReadOptions,
  Session,
  Trials,
  Waveform,
} from "../../session.ts";
import type { Tensor } from "../../tensor.ts";
import type { Address, Listed, OpenChain, Remote } from "./messages.ts";
import type { WorkerPool } from "./pool.ts";

/** Opens a session in a worker. */
export interface RemoteKey {
  /** Key under which the source's finder looks it up. */
  readonly hint: unknown;
  /** Edits by spreads before steps of the chain. */
  readonly edits: Address["edits"];
  /** As {@linkcode Remote.workMs}. */
  readonly workMs?: number;
  /** As {@linkcode WorkerSource.keepsStimuli}. */
  readonly keepsStimuli?: boolean;
}

/** The same session, read in workers. */
export function remoteSession(
  session: Session,
  chain: OpenChain,
  { hint, edits, workMs = Infinity, keepsStimuli = false }: RemoteKey,
  pool: WorkerPool,
): Session {
  return remotePart(session, false);

  function remotePart(part: Session, isWhole: boolean): Session {
    const address = { chain: chain.number, hint, edits, whole: isWhole };
    const remote = remoteOf(part, chain, address, workMs, keepsStimuli);
    const { id, cells } = part;
    const { cellNumbers, whole } = lineageOf(part);
    const made: Session = withLineage({
      ...part,
      id,
      cells,
      presentations: async ({ signal } = {}) => {
        const { value } = await pool.read(remote.list, signal);
        return (value as readonly Listed[]).map((listed, index) =>
          remotePresentation(listed, index, remote, pool)
        );
      },
    }, {
      ...(cellNumbers && { cellNumbers }),
      ...(whole && !isWhole && { whole: remotePart(whole, true) }),
      reads: part,
      host: pool,
    });
    pool.adopt(made, remote);
    return made;
  }
}

function remoteOf(
  local: Session,
  chain: OpenChain,
  address: Address,
  workMs: number,
  keepsStimuli: boolean,
): Remote {
  const home = JSON.stringify([address.chain, address.hint]);
  const own = JSON.stringify(address);
  const read = { home, chain, address, local, session: local.id };
  return {
    workMs,
    list: { ...read, key: own, wanted: { what: "list" } },
    trials: (index) => ({
      ...read,
      key: `${own}/${index}`,
      wanted: { what: "trials", index },
    }),
    stimulus: ({ key }, index) => ({
      ...read,
      isKeptHere: keepsStimuli,
      key: JSON.stringify([address.chain, "stimulus", key]),
      wanted: { what: "stimulus", index },
    }),
  };
}

function remotePresentation(
  listed: Listed,
  index: number,
  remote: Remote,
  pool: WorkerPool,
): Presentation {
  const { key, meta, durationMs, dtMs } = listed;
  return {
    ...(dtMs !== undefined && { dtMs }),
    stimulus: {
      key,
      meta,
      durationMs,
      read: async ({ signal }: ReadOptions = {}) => {
        const { value } = await pool.read(
          remote.stimulus(listed, index),
          signal,
        );
        return value as Waveform | Tensor;
      },
    },
    read: async ({ signal }: ReadOptions = {}) => {
      const { value } = await pool.read(remote.trials(index), signal);
      return value as Trials;
    },
  };
}
