import { WorkerLease } from "../../../src/operators/workers/_lease.ts";
import type {
  Remote,
  RemoteRead,
  WorkerResult,
} from "../../../src/operators/workers/messages.ts";
import { assertEquals, assertRejects } from "../../support/assert.ts";
import { fakeSession } from "../../support/sessions/fake_session.ts";
import { turns } from "../../support/turns.ts";

const SESSION = fakeSession("s", [], []);

function readOf(key: string): RemoteRead {
  return {
    key,
    home: "s",
    local: SESSION,
    session: "s",
    chain: {
      number: 0,
      chain: { module: "", steps: [] },
      warn: (): void => {},
    },
    address: { chain: 0, hint: "s", edits: [], whole: false },
    wanted: { what: "list" },
  };
}

const REMOTE: Remote = {
  workMs: Infinity,
  list: readOf("list"),
  stimulus: (_, index) => readOf(`stimulus ${index}`),
  trials: (index) => readOf(`trials ${index}`),
};

/** A lease with one read ahead, of the list, which the test settles. */
function leaseOfOneRead(): {
  readonly lease: WorkerLease;
  readonly result: PromiseWithResolvers<WorkerResult>;
  readonly signals: AbortSignal[];
} {
  const result = Promise.withResolvers<WorkerResult>();
  const signals: AbortSignal[] = [];
  const lease = new WorkerLease({
    workers: [{
      busy: 0,
      isRunning: true,
      depth: 1,
      read: () => result.promise,
      end: (): void => {},
    }],
    remoteOf: () => REMOTE,
    read: (_read, _worker, signal) => {
      signals.push(signal);
      return result.promise;
    },
    ended: () => {},
  });
  lease.announce(SESSION);
  return { lease, result, signals };
}

Deno.test("WorkerLease: a read that a reader took outlives the lease", async () => {
  const { lease, result, signals } = leaseOfOneRead();
  const taken = lease.take(REMOTE.list);
  lease.end();
  assertEquals(signals.map(({ aborted }) => aborted), [false]);
  result.resolve({ value: [], bytes: 0 });
  assertEquals(await taken, { value: [], bytes: 0 });
});

Deno.test("WorkerLease: a read is aborted after both lease and reader leave", async () => {
  const { lease, signals } = leaseOfOneRead();
  const controller = new AbortController();
  const taken = lease.take(REMOTE.list, controller.signal);
  controller.abort();
  await assertRejects(() => taken as Promise<unknown>, DOMException, "aborted");
  assertEquals(signals.map(({ aborted }) => aborted), [false]);
  lease.end();
  await turns();
  assertEquals(signals.map(({ aborted }) => aborted), [true]);
});

Deno.test("WorkerLease: a failed read ahead rejects for its reader, once", async () => {
  const { lease, result, signals } = leaseOfOneRead();
  result.reject(new Error("lost"));
  await result.promise.catch(() => {});
  await turns();
  await assertRejects(
    () => lease.take(REMOTE.list) as Promise<unknown>,
    Error,
    "lost",
  );
  assertEquals(signals.length, 1);
  assertEquals(lease.take(REMOTE.list), null);
  lease.end();
});
