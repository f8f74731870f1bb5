import { WorkerLease } from "../../../src/operators/workers/_lease.ts";
import type {
  Remote,
  RemoteRead,
  RemoteReader,
  Wanted,
  WorkerResult,
} from "../../../src/operators/workers/messages.ts";
import type { Session } from "rxephys";
import { assertEquals } from "../../support/assert.ts";
import { fakeSession } from "../../support/sessions/fake_session.ts";
import { turns } from "../../support/turns.ts";

const PRESENTATIONS = 10;

interface Lane extends RemoteReader {
  isRunning: boolean;
  /** Sessions that it was asked for. */
  readonly sessions: Set<string>;
  /** Responses that it reads behind each list without being asked. */
  readonly first: (number | undefined)[];
  /** Reads that it was asked for and has not answered. */
  readonly open: PromiseWithResolvers<WorkerResult>[];
}

function lane(depth = 1): Lane {
  return {
    busy: 0,
    isRunning: false,
    depth,
    sessions: new Set(),
    first: [],
    open: [],
    read: () => Promise.reject(new Error("not asked")),
    end: (): void => {},
  };
}

function remoteOf({ id }: Session, workMs: number): Remote {
  const read = (key: string, wanted: Wanted): RemoteRead => ({
    key: `${id} ${key}`,
    home: id,
    session: id,
    local: fakeSession(id, [], []),
    chain: {
      number: 0,
      chain: { module: "", steps: [] },
      warn: (): void => {},
    },
    address: { chain: 0, hint: id, edits: [], whole: false },
    wanted,
  });
  return {
    workMs,
    list: read("list", { what: "list" }),
    stimulus: (_, index) =>
      read(`stimulus ${index}`, { what: "stimulus", index }),
    trials: (index) => read(`trials ${index}`, { what: "trials", index }),
  };
}

const LISTED = Array.from({ length: PRESENTATIONS }, (_, at) => ({
  key: String(at),
  meta: {},
  durationMs: 1,
}));

/** A lease for lanes; lists are answered at once, other reads by the test. */
function leaseOf(
  workers: readonly Lane[],
  workMs: number,
  local?: Lane,
  waiting?: number,
): WorkerLease {
  return new WorkerLease({
    workers,
    local,
    ...(waiting !== undefined && { waiting }),
    remoteOf: (session) => remoteOf(session, workMs),
    read: (read, worker) => {
      const lane = worker as Lane;
      lane.isRunning = true;
      lane.sessions.add(read.session);
      if (read.wanted.what === "list") {
        lane.first.push(read.wanted.first);
        return Promise.resolve({ value: LISTED, bytes: 0 });
      }
      const answer = Promise.withResolvers<WorkerResult>();
      lane.open.push(answer);
      return answer.promise;
    },
    ended: () => {},
  });
}

/** Sessions that the main thread and workers were asked for, of eight. */
async function announced(workers: number, workMs: number): Promise<string[][]> {
  const lanes = Array.from({ length: 1 + workers }, () => lane());
  const lease = leaseOf(lanes.slice(1), workMs, lanes[0]);
  for (const id of "abcdefgh") lease.announce(fakeSession(id, [], []));
  await turns();
  lease.end();
  return lanes.map(({ sessions }) => [...sessions]);
}

Deno.test("WorkerLease: the main thread alone reads less than 0.7 s for each of two threads", async () => {
  assertEquals(await announced(2, 174), [["a"], [], []]);
});

Deno.test("WorkerLease: the main thread and a worker read more than that", async () => {
  assertEquals(await announced(2, 176), [["a"], ["b"], []]);
});

Deno.test("WorkerLease: as many threads read as have 0.7 s each", async () => {
  assertEquals(await announced(8, 263), [
    ...[["a"], ["b"], ["c"], []],
    ...[[], [], [], [], []],
  ]);
});

Deno.test("WorkerLease: one worker alone never pays", async () => {
  assertEquals(await announced(1, 1e6), [["a"], []]);
});

Deno.test("WorkerLease: sessions of unknown size start workers", async () => {
  assertEquals(await announced(2, Infinity), [["a"], ["b"], []]);
});

Deno.test("WorkerLease: workers that are asked for start at once", async () => {
  const lanes = [lane(), lane()];
  const lease = leaseOf(lanes, 0);
  for (const id of "ab") lease.announce(fakeSession(id, [], []));
  await turns();
  lease.end();
  assertEquals(lanes.map(({ sessions }) => [...sessions]), [["a"], ["b"]]);
});

Deno.test("WorkerLease: sessions that come later may start workers", async () => {
  const lanes = [lane(), lane(), lane()];
  const lease = leaseOf(lanes.slice(1), 500, lanes[0]);
  for (const id of "abcdef") {
    lease.announce(fakeSession(id, [], []));
    await turns();
  }
  lease.end();
  assertEquals(
    lanes.map(({ sessions }) => [...sessions]),
    [["a"], ["b"], []],
  );
});

Deno.test("WorkerLease: a worker is asked ahead, into its next session", async () => {
  const worker = lane(4);
  const lease = leaseOf([worker], 0);
  for (const id of "ab") lease.announce(fakeSession(id, [], []));
  await turns();
  // A stimulus and responses of four presentations.
  assertEquals(worker.open.length, 8);
  const answer = async (presentations: number): Promise<void> => {
    for (const { resolve } of worker.open.splice(0, 2 * presentations)) {
      resolve({ value: [], bytes: 0 });
    }
    await turns();
  };
  await answer(1);
  assertEquals(worker.open.length, 8);
  await answer(4);
  await answer(4);
  assertEquals([...worker.sessions], ["a", "b"]);
  assertEquals(worker.open.length > 2, true);
  lease.end();
});

Deno.test("WorkerLease: a worker goes on behind a list by itself, unless few may wait", async () => {
  for (const [waiting, first] of [[undefined, 4], [2, 0]] as const) {
    const worker = lane(4);
    const lease = leaseOf([worker], 0, undefined, waiting);
    lease.announce(fakeSession("a", [], []));
    await turns();
    lease.end();
    assertEquals(worker.first, [first]);
  }
});

Deno.test("WorkerLease: a stimulus in this thread's memory is not read by a worker", async () => {
  const [local, worker] = [lane(), lane(4)];
  const lease = new WorkerLease({
    workers: [worker, lane()],
    local,
    remoteOf: (session) => {
      const remote = remoteOf(session, Infinity);
      return {
        ...remote,
        stimulus: (listed, index) => ({
          ...remote.stimulus(listed, index),
          isKeptHere: true,
        }),
      };
    },
    read: ({ wanted }, reader) => {
      if (wanted.what === "list") {
        return Promise.resolve({ value: LISTED, bytes: 0 });
      }
      (reader as Lane).sessions.add(wanted.what);
      return Promise.resolve({ value: [], bytes: 0 });
    },
    ended: () => {},
  });
  for (const id of "ab") lease.announce(fakeSession(id, [], []));
  await turns();
  lease.end();
  assertEquals([...local.sessions], ["stimulus", "trials"]);
  assertEquals([...worker.sessions], ["trials"]);
});
