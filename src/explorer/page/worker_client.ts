import type { FromWorker, ToWorker } from "../protocol.ts";

/** Policy by which the page names its worker; no other script can be named. */
interface ScriptPolicy {
  createScriptURL(url: string): string;
}

/** Browsers that have trusted types. */
interface TrustedTypes {
  createPolicy(name: string, policy: ScriptPolicy): ScriptPolicy;
}

const WORKER = "worker.js";

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
const POLICY: ScriptPolicy | undefined = trustedTypes?.createPolicy("rxephys", {
  createScriptURL(url): string {
    if (url === WORKER) return url;
    throw new TypeError(`the page has no worker ${url}`);
  },
});

/** The thread in which the pipelines run. */
export interface WorkerClient {
  send(message: ToWorker): void;
  /** Ends the thread and all it reads. */
  end(): void;
}

/**
 * Starts a worker.
 *
 * @param onMessage Takes its messages; one about a crash among them.
 */
export function startWorker(
  onMessage: (message: FromWorker) => void,
): WorkerClient {
  const url = POLICY?.createScriptURL(WORKER) ?? WORKER;
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<FromWorker>) => onMessage(data);
  worker.onerror = (event) => {
    event.preventDefault();
    const message = event.message || "the worker of the page has ended";
    onMessage({ type: "failure", kind: "other", message, isFatal: true });
  };
  return {
    send: (message) => worker.postMessage(message),
    end: () => worker.terminate(),
  };
}
