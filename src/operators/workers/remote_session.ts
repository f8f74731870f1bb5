import { withHost } from "../../stream/read_ahead.ts";
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

/** The same session, read in workers. */
export function remoteSession(
  session: Session,
  chain: OpenChain,
  hint: unknown,
  pool: WorkerPool,
): Session {
  return remotePart(session, false);

  function remotePart(part: Session, isWhole: boolean): Session {
    const address = { chain: chain.number, hint, whole: isWhole };
    const remote = remoteOf(part.id, chain, address);
    const { id, cells, cellNumbers, whole } = part;
    const made: Session = {
      id,
      cells,
      ...(cellNumbers && { cellNumbers }),
      ...(whole && !isWhole && { whole: remotePart(whole, true) }),
      presentations: async ({ signal } = {}) => {
        const { value } = await pool.read(remote.list, signal);
        return (value as readonly Listed[]).map((listed, index) =>
          remotePresentation(listed, index, remote, pool)
        );
      },
    };
    pool.adopt(made, remote);
    return withHost(made, pool);
  }
}

function remoteOf(
  session: string,
  chain: OpenChain,
  address: Address,
): Remote {
  const home = JSON.stringify([address.chain, address.hint]);
  const own = JSON.stringify(address);
  const read = { home, chain, address, session };
  return {
    list: { ...read, key: own, wanted: { what: "list" } },
    trials: (index) => ({
      ...read,
      key: `${own}/${index}`,
      wanted: { what: "trials", index },
    }),
    stimulus: ({ key }, index) => ({
      ...read,
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
    dtMs,
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
